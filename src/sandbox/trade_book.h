// A payment channel's side of every trade: what exists, what was paid, what was given back. What
// every channel has in common; alipay_book.h, wechat_book.h and epay_book.h speak their words.
// Without I/O and without a clock (`now` is passed in). One thread at a time, the owner locks.
// Money is in fen.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/prng.h"
#include "sandbox/delivery_queue.h"
#include "sandbox/fault_board.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

// What a fault may be matched against: number, title, and the channel's name.
FaultSubject subject_of(const Trade& trade);
const TradeRefund* find_refund(const Trade& trade, std::string_view out_request_no);
// How an answer travels that is lost after it was acted on.
Manner lost_after(base::Duration held);

class TradeBook {
 public:
  static constexpr std::size_t trades_max = 200'000;
  static constexpr std::size_t refunds_max = 100;  // of one trade

  virtual ~TradeBook() = default;
  TradeBook(const TradeBook&) = delete;
  TradeBook& operator=(const TradeBook&) = delete;

  [[nodiscard]] Channel channel() const { return channel_; }
  // The shop's number as the payee; shown at the cashier.
  [[nodiscard]] virtual std::string payee() const = 0;

  // Takes the money: `amount_minor`, or what the trade asks for as changed by pay_short and
  // pay_over. A trade that nobody opened yet is opened first.
  PayOutcome pay(std::string_view out_trade_no, std::optional<std::int64_t> amount_minor,
                 base::Instant now);
  [[nodiscard]] bool can_pay(const Trade& trade, base::Instant now) const;
  // The payer goes back there after paying, if the trade has no other address.
  void set_return_url(std::string_view out_trade_no, std::string_view url);

  // A success notification for the trade, whatever its state; `forge` names what is wrong with it
  // (see notify_sending.h) or is empty. False if there is no such trade or no notify_url.
  bool notify_now(std::string_view out_trade_no, std::string_view forge, base::Instant now);

  // Closes what has run out of time and ends refunds that are under way.
  void step(base::Instant now);
  [[nodiscard]] base::Instant next_due() const;  // Unset if nothing waits.

  [[nodiscard]] const Trade* find(std::string_view out_trade_no) const;
  [[nodiscard]] const Trade* find_by_trade_no(std::string_view trade_no) const;
  [[nodiscard]] const std::map<std::string, Trade, std::less<>>& trades() const { return trades_; }
  [[nodiscard]] const std::string& public_url() const { return public_url_; }
  // Known only when the server listens; no slash at the end.
  void set_public_url(std::string url) { public_url_ = std::move(url); }
  // How the answer to a call about the subject travels.
  [[nodiscard]] Manner manner_of(const FaultSubject& subject);

  // For the journal: out_trade_nos changed since the last call, and the way back.
  std::vector<std::string> take_changed();
  void restore(Trade trade);
  void reset();

 protected:
  // Stand between the date and the random digits of trade and notification numbers.
  struct Numbers {
    std::string_view trade_middle;
    std::string_view notice_middle;
  };
  // Keeps references to both; `seed` makes the random digits.
  TradeBook(Channel channel, Numbers numbers, std::string public_url, FaultBoard& faults,
            DeliveryQueue& deliveries, std::uint64_t seed);

  // Whether the channel tells of the trade's present state by itself. `refund` is the refund that
  // led to it, or null.
  [[nodiscard]] virtual bool announces(const Trade& trade, const TradeRefund* refund) const = 0;
  // What a notification says, before faults and without what each sending has of its own.
  [[nodiscard]] virtual Fields notice_of(const Trade& trade, const TradeRefund* refund,
                                         std::string_view notice_id) const = 0;

  // Any trade of that number; null pointer if there is none.
  Trade* held(std::string_view out_trade_no);
  Trade* held_by_trade_no(std::string_view trade_no);
  // The trade of that number if the channel would admit that it exists.
  Trade* known(std::string_view out_trade_no);
  Trade* known_by_trade_no(std::string_view trade_no);
  // The trade that has the refund of that number; the first one if several have.
  Trade* held_by_refund(std::string_view out_request_no);
  // Of the trade, or of a number that names none.
  [[nodiscard]] FaultSubject subject_named(const Trade* trade, std::string_view number) const;
  [[nodiscard]] bool is_full() const { return trades_.size() >= trades_max; }
  Trade& insert(Trade trade, base::Instant now);
  void create(Trade& trade, base::Instant now);
  void close_trade(Trade& trade, base::Instant now);
  void expire(Trade& trade);
  // Takes a refund on; what `state` says happens at once, else at `changes_at`.
  TradeRefund& add_refund(Trade& trade, TradeRefund refund, base::Instant now);
  void notify(const Trade& trade, const TradeRefund* refund, base::Instant now);
  void changed(const Trade& trade) { changed_.insert(trade.out_trade_no); }
  std::string number(base::Instant now, std::string_view middle);

  FaultBoard& faults_;

 private:
  void settle(Trade& trade, TradeRefund& refund, RefundState state, base::Instant now);
  void step_refunds(const std::string& out_trade_no, base::Instant now);
  Delivery delivery_of(const Trade& trade, const TradeRefund* refund, base::Instant now);

  const Channel channel_;
  const Numbers numbers_;
  std::string public_url_;
  DeliveryQueue& deliveries_;
  base::Prng prng_;
  std::map<std::string, Trade, std::less<>> trades_;
  std::map<std::string, std::string, std::less<>> by_trade_no_;
  std::map<std::string, std::string, std::less<>> by_refund_;
  std::set<std::pair<base::Instant, std::string>> expiries_;
  std::set<std::pair<base::Instant, std::string>> refunds_due_;
  std::set<std::string> changed_;
};

}  // namespace daozhang::sandbox
