// One trade at the sandbox's Alipay, and what a call needs to say about it. Plain data.
//
//   (nothing) --page or wap link opened--> wait_buyer_pay --pay--> success --refunded in full-->
//   closed (nothing) --precreate--> not_created --code scanned--^   '--close, expiry--> closed
//
// `not_created`: the code is known, but Alipay answers TRADE_NOT_EXIST until it is scanned.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "sandbox/alipay_words.h"

namespace daozhang::sandbox {

enum class TradeProduct { page, wap, face_to_face };
enum class TradeStatus { not_created, wait_buyer_pay, success, closed };

std::string_view name_of(TradeProduct product);
// Alipay's word: WAIT_BUYER_PAY, TRADE_SUCCESS, TRADE_CLOSED; not_created has none and is "".
std::string_view name_of(TradeStatus status);

struct TradeRefund {
  std::string out_request_no;
  std::int64_t amount_minor = 0;
  std::string reason;
  base::Instant at;
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
  std::int64_t total_minor = 0;
  base::Instant offered_at;  // precreate
  base::Instant created_at;
  base::Instant expires_at;
  base::Instant paid_at;
  base::Instant closed_at;
  bool expired = false;         // closed because its time ran out
  std::int64_t paid_minor = 0;  // What the payer gave; differs from total_minor by a fault.
  std::int64_t refunded_minor = 0;
  std::vector<TradeRefund> refunds;

  // What Alipay says the trade is worth: the sum paid, or asked for while unpaid.
  [[nodiscard]] std::int64_t amount_minor() const {
    return paid_minor > 0 ? paid_minor : total_minor;
  }
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
  bool down = false;  // 503 and nothing was done
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
