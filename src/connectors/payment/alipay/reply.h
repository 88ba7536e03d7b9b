// Alipay's synchronous replies: proven by their signature over the raw text, then classified.
// Pure; any thread.
//
// The signature covers the exact characters of the business member's value, so these are cut out
// of the raw text by a scanner that knows strings and escapes, and nothing is read before it is
// verified. Source: Alipay open platform, "synchronous response" and common codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/result.h"
#include "connectors/payment/alipay/account.h"
#include "json/value.h"

namespace daozhang::connectors::payment::alipay {

// Views into the raw reply.
struct CutReply {
  std::string_view content;  // From `{` to `}`, or a JSON string with its quotes (encrypted).
  std::string_view sign;     // Base64 as it stands between the quotes; empty if absent.
  std::string_view cert_sn;
};
// Nothing if the text is not one object with one member `member`. Of several `sign` the last
// counts.
std::optional<CutReply> cut_reply(std::string_view raw, std::string_view member);

// alipay.trade.query -> alipay_trade_query_response
std::string response_member(std::string_view method);

// Whether `cut.sign` was made over `cut.content`; `\/` in the base64 is read as `/`.
bool is_signed(const CutReply& cut, const crypto::RsaPublicKey& key);

// Why a reply says nothing at all. All mean: unknown, ask again.
enum class ReplyRefusal {
  not_json,
  response_missing,
  signature_missing,
  signature_invalid,
  certificate_differs,
  content_unreadable,
};
constexpr auto names_of(std::type_identity<ReplyRefusal>) {
  return base::words("not_json", "response_missing", "signature_missing", "signature_invalid",
                     "certificate_differs", "content_unreadable");
}

struct Reply {
  std::string code;
  std::string sub_code;
  std::string message;  // sub_msg, or msg; for people.
  json::Value content;
};

// A reply without signature is believed only as `error_response` and only that the call was
// refused: not with 10000 and not with 40004, which would tell of the trade.
base::Result<Reply, ReplyRefusal> read_reply(const Account& account, std::string_view raw,
                                             std::string_view method);

enum class ReplyClass {
  ok,        // Accepted; for queries look at the status field.
  definite,  // A certain no.
  unknown,   // 20000, ACQ.SYSTEM_ERROR, and every code or sub_code that we do not know.
};
ReplyClass classify(std::string_view code, std::string_view sub_code);

}  // namespace daozhang::connectors::payment::alipay
