// One trade at a payment channel of the sandbox, and what a call needs to say about it. Plain data.
//
// At Alipay:
//   (nothing) --page or wap link opened--> wait_buyer_pay --pay--> success --refunded in full-->
//   closed (nothing) --precreate--> not_created --code scanned--^   '--close, expiry--> closed
//
// `not_created`: the code is known, but Alipay answers TRADE_NOT_EXIST until it is scanned. At
// WeChat Pay and epay a trade is wait_buyer_pay from the call or link that makes it, and a refund
// in full leaves it success: they tell of refunds apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "sandbox/alipay_words.h"

namespace daozhang::sandbox {

enum class Channel { alipay, wechatpay, epay };
constexpr auto names_of(std::type_identity<Channel>) {
  return base::words("alipay", "wechatpay", "epay");
}

// Alipay: page, wap, face_to_face. WeChat Pay: native, h5, jsapi. epay: submit (a link) and create
// (a call), of V1 and of V2. The journal holds them as numbers: new ones go to the end.
enum class TradeProduct {
  page,
  wap,
  face_to_face,
  native,
  h5,
  jsapi,
  submit,
  create,
  submit_v2,
  create_v2
};
constexpr auto names_of(std::type_identity<TradeProduct>) {
  return base::words("page", "wap", "face_to_face", "native", "h5", "jsapi", "submit", "create",
                     "submit_v2", "create_v2");
}
Channel channel_of(TradeProduct product);
// Whether the payer scans a code that leads to the cashier.
bool has_code(TradeProduct product);

enum class TradeStatus { not_created, wait_buyer_pay, success, closed };
// Alipay's word: WAIT_BUYER_PAY, TRADE_SUCCESS, TRADE_CLOSED; not_created has none and is "".
std::string_view name_of(TradeStatus status);

// Where a refund stands. Alipay and epay know success only.
enum class RefundState { success, processing, abnormal, closed };
constexpr auto names_of(std::type_identity<RefundState>) {
  return base::words("success", "processing", "abnormal", "closed");
}

struct TradeRefund {
  std::string out_request_no;
  std::int64_t amount_minor = 0;
  std::string reason;
  base::Instant at;            // When it was asked for.
  std::string refund_no = {};  // The channel's own.
  std::string notify_url = {};
  RefundState state = RefundState::success;
  RefundState becomes = RefundState::success;  // At `changes_at`, if that is set.
  base::Instant changes_at = {};
  base::Instant done_at = {};  // When the money went back.
};

struct Trade {
  std::string out_trade_no;
  std::string trade_no;
  TradeProduct product = TradeProduct::page;
  TradeStatus status = TradeStatus::not_created;
  std::string subject;
  std::string body;
  std::string passback_params;
  std::string notify_url;
  std::string return_url;
  std::string quit_url;
  std::string time_expire;  // As given; a repeat of the creation must give the same.
  std::string payer_id;     // openid
  std::string pay_type;     // epay's type
  std::int64_t total_minor = 0;
  base::Instant offered_at;  // precreate
  base::Instant created_at;
  base::Instant expires_at;
  base::Instant paid_at;
  base::Instant closed_at;
  bool expired = false;             // closed because its time ran out
  std::int64_t paid_minor = 0;      // What the payer gave; differs from total_minor by a fault.
  std::int64_t refunded_minor = 0;  // What went back.
  std::vector<TradeRefund> refunds;

  // What Alipay says the trade is worth: the sum paid, or asked for while unpaid.
  [[nodiscard]] std::int64_t amount_minor() const {
    return paid_minor > 0 ? paid_minor : total_minor;
  }
  // Of what was paid, what neither went back nor is under way.
  [[nodiscard]] std::int64_t refundable_minor() const;
};

// One call to gateway.do after its signature was verified; `biz` are the members of biz_content
// that are text or numbers, as text.
struct GatewayRequest {
  std::string method;
  Fields biz;
  std::string notify_url;
  std::string return_url;
};

// How the answer travels, as the faults want it.
struct Manner {
  base::Duration delay;
  bool lose_reply = false;  // After `delay` the connection closes without an answer.
  bool spoil_signature = false;
  bool unknown_serial = false;  // WeChat Pay: signed with a key that nobody knows.
  bool down = false;            // 503 and nothing was done
};

struct GatewayAnswer {
  GatewayReply reply;
  Manner manner;
};

enum class PayOutcome {
  paid,
  returned_unpaid,  // the fault return_url_only with paid=0
  no_such_trade,
  already_paid,
  trade_closed,
  expired,
  amount_invalid,
};
std::string_view name_of(PayOutcome outcome);

}  // namespace daozhang::sandbox
