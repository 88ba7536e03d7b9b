// A reply of an epay gateway, read and proven. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/epay/account.h"
#include "connectors/payment/epay/form_fields.h"
#include "json/value.h"

namespace daozhang::connectors::payment::epay {

// Requests, answers and notifications of V2 name their time; older or newer ones are refused.
inline constexpr base::Duration clock_difference_max = base::seconds(300);
// Ten digits: seconds since 1970. Nothing for anything else.
std::optional<base::Instant> instant_of(std::string_view timestamp);
bool is_near(std::string_view timestamp, base::Instant now);

// The members of an object that can be signed: texts and numbers as they are printed. Null, truth
// values, arrays and objects are left out, as they are of the signed text; so nothing is ever read
// that was not signed.
FormFields fields_of(const json::Value& object);

struct Reply {
  FormFields fields;
  bool success = false;  // `code`, number or text, is 1 in V1 and 0 in V2.
  json::Value document;
};

enum class ReplyRefusal {
  not_json,  // Also no object, or a member twice.
  code_missing,
  signature_missing,  // V2 only, as are the following.
  signature_invalid,
  timestamp_differs,
};
constexpr auto names_of(std::type_identity<ReplyRefusal>) {
  return base::words("not_json", "code_missing", "signature_missing", "signature_invalid",
                     "timestamp_differs");
}

// `now`: the moment of receipt. V1 replies carry no proof but the connection. A V2 reply without
// signature is read if it says failure and Dialect::unsigned_failures is set.
base::Result<Reply, ReplyRefusal> read_reply(const Account& account, std::string_view raw,
                                             base::Instant now);

// For people and the inbox: `-1 msg`, cut, and never with the merchant key in it.
std::string problem_of(const Account& account, const Reply& reply);
std::string without_key(const Account& account, std::string_view text);

}  // namespace daozhang::connectors::payment::epay
