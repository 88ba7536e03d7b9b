// What the engine and the API know of a payment channel: one configured merchant account and one
// way to pay.
//
// Ownership: the server owns channels for its whole life. Threads: every method may be called from
// any thread; `call` answers on a thread of the channel's choosing, exactly once, also when it
// times out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "domain/money/money.h"
#include "ports/outcome.h"

namespace daozhang::ports {

// How the buyer pays. `page` and `wap` are links that our /pay address redirects to; `qr` is a text
// to be shown as a code.
enum class Way { page, wap, qr };
constexpr auto names_of(std::type_identity<Way>) { return base::words("page", "wap", "qr"); }

// SETTLED 22. A channel without query can not be configured.
struct ChannelCapabilities {
  Way way = Way::page;
  bool close = true;              // An unpaid order can be closed at the channel.
  bool refund_query = true;       // A refund can be asked for by its number.
  bool idempotent_refund = true;  // The same refund number twice refunds once.
};

// One order at the channel. `trade_ref` is our number there (Alipay's out_trade_no), unique per
// intent.
struct ChannelOrder {
  std::string trade_ref;
  std::int64_t amount_minor = 0;
  domain::Currency currency = domain::Currency::CNY;
  std::string subject;       // Shown to the payer; the product's name.
  base::Instant created_at;  // When the intent was opened.
  base::Instant expires_at;  // The channel must not accept money after this.
  std::string return_url;    // Where the browser goes afterwards; ours, without any code in it.
};

enum class PaymentCallKind { create, query, close, refund, query_refund };
constexpr auto names_of(std::type_identity<PaymentCallKind>) {
  return base::words("create", "query", "close", "refund", "query_refund");
}

struct PaymentCall {
  PaymentCallKind kind = PaymentCallKind::query;
  ChannelOrder order;
  // refund and query_refund only:
  std::string refund_ref;  // Same number on every retry (Alipay's out_request_no).
  std::int64_t refund_minor = 0;
  std::string refund_reason;
};

// What the channel says of the trade. Meaningful in the answer to a query when its outcome is
// `done`.
enum class TradeStatus {
  not_exist,  // The channel does not know the number (yet).
  waiting,    // Known, unpaid.
  paid,       // Paid (Alipay TRADE_SUCCESS and TRADE_FINISHED).
  closed,     // Closed unpaid, or fully refunded after having been paid.
};
constexpr auto names_of(std::type_identity<TradeStatus>) {
  return base::words("not_exist", "waiting", "paid", "closed");
}

// create: done => qr_content. query: done => trade, and for paid also trade_no, amount_minor,
// paid_at. close: done => can no longer be paid; failed with trade not_exist when there is nothing
// to close; failed otherwise means "ask again what it is". refund: done => accepted by the channel;
// accepted => taken, confirm by query_refund; failed => a definite no with `problem`. query_refund:
// done => the money went back; accepted => in progress; failed => the channel says that no such
// refund succeeded; for all: unknown.
struct PaymentAnswer {
  Outcome outcome = Outcome::unknown;
  TradeStatus trade = TradeStatus::waiting;
  std::string trade_no;           // The channel's own number.
  std::int64_t amount_minor = 0;  // What the payer's trade amounts to.
  domain::Currency currency = domain::Currency::CNY;
  base::Instant paid_at;  // The channel's time of payment; unset if not told.
  std::string qr_content;
  bool retry_later =
      false;  // refund failed for now (merchant balance too low); the same number again later.
  std::string problem;  // The channel's own code or our reason, for people; never a secret.
  std::string raw;      // The reply as received, for the inbox; cut at 8 KiB.
};

// A notification that proved to come from the channel and to be about our merchant account.
struct PaymentNotice {
  std::string trade_ref;
  std::string trade_no;
  TradeStatus trade = TradeStatus::waiting;
  std::int64_t amount_minor = 0;
  domain::Currency currency = domain::Currency::CNY;
  base::Instant paid_at;
  std::string notice_id;      // The channel's id of this message, equal on its repeats.
  bool about_refund = false;  // It tells of a refund; a hint to ask, never a payment.
};

// Why a notification does not count. Each is recorded in the inbox; none changes an order.
enum class NoticeRefusal {
  unreadable,
  duplicate_field,
  signature_missing,
  signature_type_unsupported,
  signature_invalid,
  app_differs,
  seller_differs,
  amount_unreadable,
  currency_differs,
  status_unknown,
  trade_ref_missing,
};
constexpr auto names_of(std::type_identity<NoticeRefusal>) {
  return base::words("unreadable", "duplicate_field", "signature_missing",
                     "signature_type_unsupported", "signature_invalid", "app_differs",
                     "seller_differs", "amount_unreadable", "currency_differs", "status_unknown",
                     "trade_ref_missing");
}

enum class PayLinkRefusal { not_a_link_channel, expired };

class PaymentChannel {
 public:
  virtual ~PaymentChannel() = default;

  [[nodiscard]] virtual const ChannelCapabilities& capabilities() const = 0;

  // Signs the link to the channel's pay page; no I/O. Refuses: not_a_link_channel, expired (now >=
  // expires_at).
  virtual base::Result<std::string, PayLinkRefusal> pay_link(const ChannelOrder& order,
                                                             base::Instant now) = 0;

  // One attempt, no retry of its own: retries are the engine's, with the same numbers.
  virtual void call(PaymentCall call, std::function<void(PaymentAnswer)> answer) = 0;

  // Verifies a notification's body as received; no I/O.
  virtual base::Result<PaymentNotice, NoticeRefusal> read_notice(std::string_view content_type,
                                                                 std::string_view body) = 0;

  // The exact body that makes the channel stop repeating, and the one that makes it repeat.
  [[nodiscard]] virtual std::string_view notice_accepted() const = 0;
  [[nodiscard]] virtual std::string_view notice_refused() const = 0;
};

}  // namespace daozhang::ports
