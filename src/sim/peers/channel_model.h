// A payment channel as Alipay behaves, with the truth: money really taken (P*) and really given
// back (R*). A trade exists only once the payer opened it; notifications are repeated on Alipay's
// table until answered; a refund number gives back once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "domain/policy/policy.h"
#include "ports/payment_channel.h"
#include "sim/peers/payment_wire.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

struct TrueRefund {
  std::int64_t amount_minor = 0;
  base::Instant stuck_until;      // Until then a matter for people,
  bool is_under_way = false;      // or only slow.
  bool drags_on = false;          // Under way for ever, if nobody ends it;
  bool is_called_off = false;     // then it was not done.
  bool is_told_as_ended = false;  // By a query, or by its books.
  base::Instant visible_at;       // When a query begins to see it.
};

// What a query says of a trade that is paid, and is not so.
enum class Mistake { none, other_money, no_sum, no_number, other_trade };

// The number of a refund that the shop did not ask for.
inline constexpr const char* refund_elsewhere = "console";

struct Trade {
  std::string trade_ref;
  std::string trade_no;
  ports::TradeStatus status = ports::TradeStatus::waiting;
  std::int64_t amount_minor = 0;
  std::int64_t paid_minor = 0;
  base::Instant expires_at;
  base::Instant paid_at;
  base::Instant told_closed_until;  // Its queries say closed until then, though it is paid.
  // Between these they tell of its payment as this mistake has it.
  Mistake mistake = Mistake::none;
  base::Instant mistaken_from;
  base::Instant mistaken_until;
  std::string other_trade_no;                 // Of another order's trade, which they name instead.
  std::map<std::string, TrueRefund> refunds;  // By our number.
  std::int64_t refunded_minor = 0;
  std::int64_t elsewhere_minor = 0;     // Of that, what the shop never asked for.
  std::int64_t charged_back_minor = 0;  // What the shop had to hand out again, less what it won.
  bool is_lost = false;                 // The shop has lost its order.
  bool is_for_console = false;          // Something of it is given back there, or will be.
};

// One thread. Scene, shop and wire must outlive it.
class ChannelModel {
 public:
  // `policy`: the shop's; it holds this channel's terms.
  ChannelModel(Scene& scene, Shop& shop, PaymentWire& wire, const domain::Policy& policy,
               std::string name, ports::Way way);

  using Answered = std::function<void(ports::PaymentAnswer)>;
  // Answers exactly once, also when it times out.
  void call(const ports::PaymentCall& call, Answered then);

  // The payer opens the page or scans the code. False if the channel does not let him.
  bool open(const ports::ChannelOrder& order);
  // The payer pays `amount_minor`. False if the channel does not take it.
  bool pay(const std::string& trade_ref, std::int64_t amount_minor);

  // A payment for a number that the shop made and has lost. It is told like any other.
  void pay_lost(const std::string& trade_ref, std::int64_t amount_minor);
  // The payer disputes the payment, or wins nothing by it: takes so much from the shop, or gives
  // it again (less than 0).
  void charge_back(const std::string& trade_ref, std::int64_t amount_minor);

  // A person ends a refund that drags on: its books say that it was done, or it is called off.
  void end_in_books(const std::string& trade_ref, const std::string& refund_ref);
  void call_off(const std::string& trade_ref, const std::string& refund_ref);

  // The other channel of the shop, for notifications that go astray.
  void set_sibling(std::string name) { sibling_ = std::move(name); }

  // Whether a code was made, told or not.
  [[nodiscard]] bool knows_code(const std::string& trade_ref) const {
    return codes_.contains(trade_ref);
  }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] ports::Way way() const { return way_; }
  [[nodiscard]] const domain::ChannelTerms& terms() const { return policy_.terms_of(name_); }
  [[nodiscard]] const std::map<std::string, Trade>& trades() const { return trades_; }
  [[nodiscard]] const Trade* find(const std::string& trade_ref) const;

 private:
  ports::PaymentAnswer execute(const ports::PaymentCall& call);
  ports::PaymentAnswer query(const std::string& trade_ref) const;
  ports::PaymentAnswer close(const std::string& trade_ref);
  // Of the order that the call is about.
  void violated(std::string_view invariant, std::string what, const ports::PaymentCall& call);
  ports::PaymentAnswer refund(const ports::PaymentCall& call);
  ports::PaymentAnswer query_refund(const ports::PaymentCall& call);

  void begin_trade(const ports::ChannelOrder& order);
  std::string next_trade_no();
  [[nodiscard]] bool is_known(const Trade& trade) const;
  void tell_closed(Trade& trade);
  void draw_mistake(Trade& trade);
  [[nodiscard]] std::string some_other_trade_no(const Trade& trade);
  void give_back_elsewhere(Trade& trade);

  // channel_notices.cc
  // One notification, told again until it is answered with yes.
  struct Told {
    ports::PaymentNotice notice;
    WentBack went_back;  // If it is about a refund.
    bool is_answered = false;
  };
  [[nodiscard]] ports::PaymentNotice notice_of(const Trade& trade) const;
  [[nodiscard]] ports::PaymentNotice refund_notice_of(const Trade& trade) const;
  std::string write(const Told& told);
  void tell(const std::shared_ptr<Told>& told, std::size_t attempt);
  void post_notice(const Trade& trade);
  void post_refund_notice(const Trade& trade, const std::string& refund_ref);
  void post_false_refund(const Trade& trade, const std::string& refund_ref);
  void post_false_notices(const Trade& trade);
  void post_claims_of_payment(const Trade& trade);
  void post_to_be_refused(std::string body, std::string_view what);
  void post_forgery(std::string body);
  void post_of_no_order(const Trade& trade);
  void post_false(const std::string& channel, std::string body);

  Scene& scene_;
  Shop& shop_;
  PaymentWire& wire_;
  const domain::Policy& policy_;
  std::string name_;
  std::string sibling_;
  ports::Way way_;
  base::Prng prng_;
  base::Prng refund_prng_;
  bool tells_of_refunds_ = false;
  base::Prng mistake_prng_;
  std::map<std::string, Trade> trades_;
  std::map<std::string, ports::ChannelOrder> codes_;  // Created, not yet scanned.
  // Of the two manners of telling that something of a trade went back.
  bool says_some_went_back_ = false;
  std::int64_t next_trade_ = 0;
};

}  // namespace daozhang::sim
