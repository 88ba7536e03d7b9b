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
#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "domain/money/money.h"
#include "domain/policy/channel_terms.h"
#include "ports/bill.h"
#include "ports/notice_message.h"
#include "ports/outcome.h"

namespace daozhang::ports {

// How the buyer pays. `page` and `wap` are links that we sign ourselves and that our /pay address
// redirects to. The others begin with a call (`create`) that gives what the buyer pays with: `qr` a
// text to be shown as a code, `h5` a link to which /pay redirects, `jsapi` the number of a pay
// sheet that opens inside WeChat for the payer `payer_id`.
enum class Way { page, wap, qr, h5, jsapi };
constexpr auto names_of(std::type_identity<Way>) {
  return base::words("page", "wap", "qr", "h5", "jsapi");
}
constexpr bool begins_with_a_call(Way way) { return way != Way::page && way != Way::wap; }

// SETTLED 22. The terms are what decisions depend on; the rest is what the API, the checkout and
// reconciliation need. A channel without query can not be configured.
struct ChannelCapabilities : domain::ChannelTerms {
  Way way = Way::page;
  bool bill = true;  // A day's bill can be fetched.
  // Channels with the same name here share one merchant account and so one bill; empty: none.
  std::string bill_account;
  bool bill_has_refunds = true;  // And what was given back stands in it.
  bool bill_has_funds = false;   // And how the account at the channel moved (fund_due, fund_moved).
  bool wants_payer_ip = false;   // To make an order; see ChannelOrder.
  bool names_payer = false;      // Way jsapi: it can say who the payer is; see payer_link.
  bool notice_by_get = false;    // Its notifications may come as GET.
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
  // create only:
  std::string payer_ip;  // Where capabilities.wants_payer_ip.
  std::string payer_id;  // The payer at the channel (WeChat's openid); way jsapi.
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

// create: done => pay_content. query: done => trade, and for paid also trade_no, amount_minor,
// paid_at. close: done => can no longer be paid; failed with trade not_exist when there is nothing
// to close; failed otherwise means "ask again what it is". refund: done => accepted by the channel;
// accepted => taken, confirm by query_refund; failed => a definite no with `problem`. query_refund:
// done => the money went back; accepted => in progress; failed => the channel says that no such
// refund succeeded, and with needs_person that it has the refund and can not end it by itself
// (WeChat Pay's ABNORMAL); for all: unknown.
struct PaymentAnswer {
  Outcome outcome = Outcome::unknown;
  TradeStatus trade = TradeStatus::waiting;
  std::string trade_no;           // The channel's own number.
  std::int64_t amount_minor = 0;  // What the payer's trade amounts to.
  domain::Currency currency = domain::Currency::CNY;
  base::Instant paid_at;    // The channel's time of payment; unset if not told.
  std::string pay_content;  // What the buyer pays with: see Way.
  bool retry_later =
      false;  // refund failed for now (merchant balance too low); the same number again later.
  // A refund failed, and the same number again does not help; or a query is unknown because it
  // tells of money that can not be ours.
  bool needs_person = false;
  bool some_went_back = false;  // query, paid: something of it was given back already.
  // Unknown, and all the same a whole answer in good form: the channel is well.
  bool is_in_good_form = false;
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
  std::string refund_ref;     // Of about_refund: our number of the refund; empty if not told.
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
  trade_no_missing,
  method_differs,     // GET where the channel posts, or the other way round.
  timestamp_differs,  // Over five minutes from our clock, or no time at all.
  serial_unknown,     // Signed with a key that this channel does not have.
  nonce_reused,       // The very same signed message came before.
  decryption_failed,  // Signed, but its content is not for this account's key.
  event_unknown,      // A kind of message that we do not know.
  field_ambiguous,    // A value that could be read as two fields (epay).
};
constexpr auto names_of(std::type_identity<NoticeRefusal>) {
  return base::words("unreadable", "duplicate_field", "signature_missing",
                     "signature_type_unsupported", "signature_invalid", "app_differs",
                     "seller_differs", "amount_unreadable", "currency_differs", "status_unknown",
                     "trade_ref_missing", "trade_no_missing", "method_differs", "timestamp_differs",
                     "serial_unknown", "nonce_reused", "decryption_failed", "event_unknown",
                     "field_ambiguous");
}

// Why a channel did not say who pays.
enum class PayerRefusal {
  code_used,        // It works once, and has worked.
  code_expired,     // It came too late.
  code_invalid,     // Not one of the channel's, or one for another app.
  account_refused,  // The channel does not take our app id with our secret: the operator's matter.
  unavailable,      // No usable answer; a new code may work.
};
constexpr auto names_of(std::type_identity<PayerRefusal>) {
  return base::words("code_used", "code_expired", "code_invalid", "account_refused", "unavailable");
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

  // What the page hands to the pay sheet of the way jsapi: a JSON object, for `pay_content` as
  // create gave it. Nothing for channels without a sheet. No I/O.
  virtual std::optional<std::string> pay_sheet(std::string_view) { return std::nullopt; }

  // Where the payer's browser is sent so that the channel says who he is. It comes back to
  // `return_url`, which has no query, with `state` (1 to 128 letters and digits) and a `code`, or
  // without code if he declines. Nothing unless capabilities().names_payer. No I/O.
  virtual std::optional<std::string> payer_link(std::string_view return_url,
                                                std::string_view state) {
    static_cast<void>(return_url);
    static_cast<void>(state);
    return std::nullopt;
  }
  // Exchanges that code for the payer's id (ChannelOrder::payer_id). One attempt, since a code
  // works once; answers exactly once, on a thread of the channel's choosing.
  virtual void find_payer(std::string code,
                          std::function<void(base::Result<std::string, PayerRefusal>)> answer) {
    static_cast<void>(code);
    answer(base::refuse(PayerRefusal::unavailable));
  }

  // One attempt, no retry of its own: retries are the engine's, with the same numbers.
  virtual void call(PaymentCall call, std::function<void(PaymentAnswer)> answer) = 0;

  // Verifies a notification as it was received; no I/O. `now`: the moment of receipt.
  virtual base::Result<PaymentNotice, NoticeRefusal> read_notice(const NoticeMessage& message,
                                                                 base::Instant now) = 0;

  // The same for a message that was kept: what it says of its own time is measured at the moment
  // when it came, and that it came before is no reason against it.
  virtual base::Result<PaymentNotice, NoticeRefusal> verify_again(const NoticeMessage& message,
                                                                  base::Instant received_at) {
    return read_notice(message, received_at);
  }

  // Fetches the bill of `day` (`YYYY-MM-DD` of Beijing), one at a time, and reads it in memory that
  // does not grow with it. `sink` runs for each line in the order of the file and then `done`
  // exactly once, on one thread of the channel's choosing. Lines count only if `done` brings their
  // totals: a bill that turns out to be none may have told lines before. What `sink` holds must
  // live until `done`; a channel that goes ends what is open with `unavailable`.
  virtual void fetch_bill(std::string day, BillSink sink, std::function<void(BillResult)> done) {
    static_cast<void>(day);
    static_cast<void>(sink);
    done(base::refuse(BillProblem{BillRefusal::refused, "this channel has no bill"}));
  }

  // The exact body that makes the channel stop repeating, and the one that makes it repeat.
  [[nodiscard]] virtual std::string_view notice_accepted() const = 0;
  [[nodiscard]] virtual std::string_view notice_refused() const = 0;
};

}  // namespace daozhang::ports
