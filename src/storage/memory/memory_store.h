// The store of the simulator and of tests: all four faces over ordered maps. Deterministic: the
// same calls give the same answers in the same order. It outlives the engine that uses it, so a
// crash of the engine is: drop the engine, make another over the same store.
//
// Threads: any; one lock makes each call whole, so it is also the one store of several engines. The
// fault hook and the audit's visitors run under that lock and must not call the store.
//
// A bug of the caller (a version that is no successor, a transfer, effect or event of an order that
// does not exist, a key used twice) stops the process, as a constraint does in the other stores.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ports/channel_fees.h"
#include "ports/inbox_upkeep.h"
#include "ports/ledger_reader.h"
#include "ports/order_store.h"

namespace daozhang::storage::memory {

// What a commit or an import shall do.
enum class CommitFault {
  ok,
  refuse_unavailable,    // Nothing is written; the answer is unavailable.
  execute_then_unknown,  // As ok, and a success answers unknown (a refusal stays a refusal).
  drop_then_unknown,     // Nothing is written; the answer is unknown.
};

class MemoryStore final : public ports::OrderStore,
                          public ports::OrderReader,
                          public ports::AuditSource,
                          public ports::LedgerReader,
                          public ports::ChannelFees,
                          public ports::InboxUpkeep {
 public:
  // Asked once before each commit and each import. An empty function means: always ok.
  using FaultHook = std::function<CommitFault()>;
  void set_fault_hook(FaultHook hook);

  // What no engine does: somebody with the database in hand puts other rows in the place of an
  // order's. It must exist.
  void edit_by_hand(const OrderStory& story);

  // Number of commits and imports that were executed.
  [[nodiscard]] std::int64_t executed_count() const;

  std::vector<domain::Order> load_orders(std::span<const domain::OrderKey> keys) override;
  std::vector<domain::Claim> find_claims(std::span<const domain::ClaimKey> keys) override;
  std::vector<domain::ItemKey> available_items(domain::ShopId shop, const std::string& sku,
                                               std::size_t count,
                                               std::span<const domain::ItemKey> except) override;
  std::vector<domain::OrderKey> due_orders(domain::Partitions partitions, base::Instant now,
                                           std::size_t limit) override;
  base::Instant earliest_due(domain::Partitions partitions) override;
  std::vector<domain::Effect> open_effects(domain::Partitions partitions,
                                           base::Instant decided_until) override;
  std::vector<domain::Effect> effects_of(std::span<const domain::OrderKey> keys) override;
  bool has_event(domain::OrderKey order, std::int64_t version, const std::string& leaf) override;
  std::vector<ports::OpenPeer> open_peers() override;
  base::Instant time_high_water() override;
  domain::OrderId last_order_id() override;
  base::Result<void, ports::CommitRefusal> commit(const ports::Commit& changes) override;
  base::Result<std::vector<bool>, ports::CommitRefusal> import_stock(
      const ports::StockImport& import) override;

  std::optional<domain::Order> find_order(domain::OrderKey key) override;
  std::vector<domain::StockItem> find_items(std::span<const domain::ItemKey> keys) override;
  std::optional<domain::ImportBatch> find_batch(domain::BatchId batch) override;
  std::vector<domain::InboxEntry> find_messages(const ports::InboxQuery& query) override;
  std::map<std::string, std::int64_t> stock_levels(domain::ShopId shop,
                                                   std::int64_t limit) override;

  void each_order(const std::function<void(const OrderStory&)>& visit) override;
  void each_item(const std::function<void(const domain::StockItem&)>& visit) override;
  void each_batch(const std::function<void(const domain::ImportBatch&)>& visit) override;
  void each_claim(const std::function<void(const domain::Claim&)>& visit) override;
  void each_balance(const std::function<void(const domain::Balance&)>& visit) override;
  void each_inbox_entry(const std::function<void(const domain::InboxEntry&)>& visit) override;
  void each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) override;
  std::map<std::string, std::int64_t> orphan_rows() override;
  std::vector<std::string> integrity_problems() override;

  std::vector<ports::LedgerFact> facts(ports::BillLineKind kind, const std::string& channel,
                                       base::Instant from, base::Instant until,
                                       const ports::FactPlace& after, std::size_t limit) override;
  std::optional<ports::LedgerFact> find_payment(const std::string& channel,
                                                const std::string& trade_no) override;
  std::optional<ports::LedgerFact> find_refund(const std::string& channel,
                                               const std::string& trade_no,
                                               const std::string& refund_ref) override;
  base::Instant first_order_at() override;
  void read_money(const std::function<void(const domain::Balance&)>& balance,
                  const std::function<void(const ports::HeldEscrow&)>& escrow) override;

  base::Result<std::vector<domain::FeePosting>, ports::CommitRefusal> book_fees(
      const ports::DayFees& fees) override;
  base::Result<std::int64_t, ports::CommitRefusal> forget_refused(base::Instant before,
                                                                  std::int64_t limit) override;

 private:
  using Shelf = std::pair<domain::ShopId, std::string>;
  using Place = std::pair<domain::ItemId, domain::Partition>;  // Oldest import first.
  using BalanceKey = std::tuple<domain::Partition, std::string, domain::Currency>;

  [[nodiscard]] std::optional<ports::CommitRefusal> order_refusal(
      const std::vector<ports::OrderChange>& changes) const;
  [[nodiscard]] std::optional<ports::CommitRefusal> claim_refusal(
      const std::vector<domain::Claim>& claims) const;
  [[nodiscard]] std::optional<ports::CommitRefusal> item_refusal(
      const std::vector<ports::ItemChange>& changes) const;
  [[nodiscard]] std::optional<ports::CommitRefusal> effect_refusal(
      const ports::Commit& changes) const;
  void write_order(const ports::OrderChange& change);
  void write_effects(const ports::Commit& changes);
  void write_item(const ports::ItemChange& change);
  void add_to_balances(const std::vector<domain::Balance>& changes);
  void write_transfers(const std::vector<domain::Transfer>& transfers);
  void write_inbox(const domain::InboxEntry& entry);
  std::vector<bool> write_import(const ports::StockImport& import);
  void each_fact(ports::BillLineKind kind,
                 const std::function<void(const ports::LedgerFact&)>& visit) const;
  OrderStory& row_of(domain::OrderKey key);
  CommitFault next_fault();

  mutable std::mutex lock_;
  FaultHook fault_hook_;
  std::int64_t executed_count_ = 0;
  base::Instant time_high_water_;
  domain::OrderId last_order_id_;
  std::map<domain::OrderKey, OrderStory> orders_;
  std::set<std::pair<base::Instant, domain::OrderKey>> due_;
  std::set<domain::OrderKey> with_effects_;
  std::map<domain::ItemKey, domain::StockItem> items_;
  std::map<Shelf, std::set<Place>> available_;
  std::map<std::pair<domain::ShopId, std::string>, domain::ItemKey> fingerprints_;
  std::map<domain::BatchId, domain::ImportBatch> batches_;
  std::map<domain::ClaimKey, domain::Claim> claims_;
  std::map<BalanceKey, domain::Balance> balances_;
  std::map<domain::InboxEntry::Key, domain::InboxEntry> inbox_;
  std::map<std::pair<std::string, std::string>, std::vector<domain::FeePosting>> fees_;
};

}  // namespace daozhang::storage::memory
