// A store in plain vectors for the tests of the rules: filled with healthy stories by the domain's
// own decisions, then broken row by row.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "domain/order/decider.h"

namespace daozhang::audit {

class SyntheticStore final : public ports::AuditSource {
 public:
  // Stories of every kind that ends well: see the .cc.
  static SyntheticStore healthy();

  // Where the stories stand in `stories`.
  static constexpr std::size_t card = 0;         // Two cards, paid too much, one revealed.
  static constexpr std::size_t topup = 1;        // Delivered by the second attempt.
  static constexpr std::size_t given_back = 2;   // Disowned, given back, late success.
  static constexpr std::size_t waiting = 3;      // Not paid yet, an item held, a call open.
  static constexpr std::size_t expired = 4;      // Not paid, the item is back on the shelf.
  static constexpr std::size_t reversed = 5;     // Delivered and taken back by the supplier.
  static constexpr std::size_t in_progress = 6;  // One attempt is with the supplier.

  void each_order(const std::function<void(const OrderStory&)>& visit) override;
  void each_item(const std::function<void(const domain::StockItem&)>& visit) override;
  void each_batch(const std::function<void(const domain::ImportBatch&)>& visit) override;
  void each_claim(const std::function<void(const domain::Claim&)>& visit) override;
  void each_balance(const std::function<void(const domain::Balance&)>& visit) override;
  void each_inbox_entry(const std::function<void(const domain::InboxEntry&)>& visit) override;
  void each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) override;
  std::map<std::string, std::int64_t> orphan_rows() override { return orphans; }
  std::vector<std::string> integrity_problems() override { return problems; }

  // Changes an order's rows and adds the event that says so, so that only what the change itself
  // breaks is broken.
  void change(std::size_t story, const std::function<void(domain::Order&)>& edit);
  // Balances anew from the transfers and the fees.
  void add_up();
  // Names of the rules that do not hold.
  std::vector<std::string> violated();

  std::vector<OrderStory> stories;
  std::vector<domain::StockItem> items;
  std::vector<domain::ImportBatch> batches;
  std::vector<domain::Claim> claims;
  std::vector<domain::Balance> balances;
  std::vector<domain::FeePosting> fees;
  std::map<std::string, std::int64_t> orphans;
  std::vector<std::string> problems;

 private:
  using Verb = std::function<void(domain::Decider&)>;

  void stock(std::int64_t count);
  std::size_t place(domain::ProductKind kind, std::int32_t quantity);
  void step(std::size_t story, std::int64_t seconds, const Verb& verb);
  void pay(std::size_t story, std::int64_t seconds, std::int64_t amount_minor);
  void move_items(const OrderStory& story, const std::vector<domain::ItemMove>& moves);
};

}  // namespace daozhang::audit
