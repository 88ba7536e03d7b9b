// The people: they order, lose the reply and ask again with the same key, pay once, twice, late,
// short, over or never, change the channel, and look at their secrets. Some are known to the
// channel by an id, which some name later, or never.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/checkers/payer_checks.h"
#include "sim/peers/channel_model.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

struct BuyersConfig {
  int count = 80;
  base::Duration arrive_within = base::minutes(60);
  std::vector<domain::Product> products;
  std::vector<std::string> channels;
  // The shop's rules, as they are told to the buyer.
  std::int32_t intents_max = 0;
  base::Duration last_open_before_expiry;
};

// One thread. What it is given must outlive it.
class Buyers {
 public:
  Buyers(Scene& scene, Shop& shop, std::map<std::string, ChannelModel*> channels,
         PayerChecks& payers, BuyersConfig config);

  // All of them, from now on.
  void start();

  [[nodiscard]] std::int64_t placed_count() const { return placed_count_; }

 private:
  struct Buyer {
    engine::PlaceOrder command;
    std::optional<domain::OrderKey> order;
    std::int64_t pay_minor = 0;         // Zero: what the channel asks.
    std::vector<domain::ItemKey> seen;  // The secrets that the page showed.
    std::string payer_id;               // Empty: the channel does not ask who pays.
    int tries = 0;
  };
  using Opened = std::function<void(const engine::Answer&)>;

  void place(std::size_t who);
  void placed(std::size_t who, const engine::Answer& answer);
  void repeat(std::size_t who);
  void repeat_with_other_body(std::size_t who);
  void plan(std::size_t who);
  void pay_on(std::size_t who, std::int32_t intent_no, base::Duration delay);
  void open_page(std::size_t who, std::int32_t intent_no, int tries_left);
  void pay_after_opening(std::size_t who, const std::string& channel, const std::string& trade_ref,
                         std::int64_t amount_minor);
  void open_other_payment(std::size_t who, const std::string& channel, int tries_left);
  // payments_opened.cc
  void draw_phone(std::size_t who, engine::PlaceOrder& command);
  void draw_payer(std::size_t who);
  void name_later(std::size_t who, base::Duration delay);
  void come_as_other(std::size_t who, int tries_left);
  void open_again(std::size_t who);
  void open_many(std::size_t who, int no);
  void open_late(std::size_t who);
  // Answered once it is decided, unless the shop can not be reached for long.
  void open_payment(std::size_t who, const std::string& channel, domain::Payer payer,
                    int tries_left, Opened then);
  void check_opened(const engine::OpenPayment& asked, const engine::Answer& answer,
                    base::Instant asked_at);
  [[nodiscard]] domain::Payer payer_of(std::size_t who, const std::string& channel) const;

  void pay_the_rest(std::size_t who, int tries_left);
  void check_asked(const std::optional<engine::Answer>& answer, base::Instant said_at);
  void reveal(std::size_t who, int tries_left);
  void revealed(std::size_t who, const domain::Order& order);
  base::Duration draw_patience();

  Scene& scene_;
  Shop& shop_;
  std::map<std::string, ChannelModel*> channels_;
  PayerChecks& payers_;
  BuyersConfig config_;
  base::Prng prng_;
  base::Prng bulk_prng_;
  bool buy_in_bulk_;  // Some of this run's buyers.
  base::Prng payer_prng_;
  std::vector<Buyer> buyers_;
  std::int64_t placed_count_ = 0;
};

}  // namespace daozhang::sim
