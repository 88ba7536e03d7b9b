// The other side of the protocol, for sandbox and simulator: reads a merchant's request as an epay
// gateway does, renders replies and notifications as one does, also the wrong ones. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/epay/account.h"
#include "connectors/payment/epay/form_fields.h"
#include "crypto/rsa.h"
#include "ports/notice_message.h"

namespace daozhang::connectors::payment::epay {

// A merchant as the gateway knows it.
struct Merchant {
  std::string pid;
  Version version = Version::v1;
  std::string key;                                    // v1
  std::string key_prefix;                             // v1
  std::optional<crypto::RsaPublicKey> merchant_key;   // v2
  std::optional<crypto::RsaPrivateKey> platform_key;  // v2
};

enum class RequestRefusal {
  pid_unknown,
  key_wrong,  // api.php
  sign_missing,
  sign_type_unsupported,
  signature_invalid,
  timestamp_differs,  // v2
};
constexpr auto names_of(std::type_identity<RequestRefusal>) {
  return base::words("pid_unknown", "key_wrong", "sign_missing", "sign_type_unsupported",
                     "signature_invalid", "timestamp_differs");
}
struct Verified {};

// submit.php, mapi.php and everything of V2. `fields`: query and body together, decoded once.
base::Result<Verified, RequestRefusal> verify_signed(const Merchant& merchant,
                                                     const FormFields& fields, base::Instant now);
// api.php, whose proof is the key itself.
base::Result<Verified, RequestRefusal> verify_keyed(const Merchant& merchant,
                                                    const FormFields& fields);

// How a gateway writes what others write differently.
enum class MoneyFormat { whole, one_decimal, two_decimals, four_decimals };
constexpr auto names_of(std::type_identity<MoneyFormat>) {
  return base::words("whole", "one_decimal", "two_decimals", "four_decimals");
}
// `1`, `1.0`, `1.00`, `1.0000`; never fewer decimals than the amount needs.
std::string print_money(std::int64_t minor, MoneyFormat format);

struct ReplyFormat {
  bool numbers_as_text = false;  // code and status as "1" instead of 1.
  bool unsigned_reply = false;   // v2: without signature.
};
// The reply to any call: `fields` with the code of success or, if it has `code` already, that one.
// V2 adds timestamp, sign_type and sign.
std::string render_reply(const Merchant& merchant, FormFields fields, base::Instant now,
                         const ReplyFormat& format = {});
// The gateway's no: code -1 and `msg`.
std::string render_failure(const Merchant& merchant, std::string_view msg, base::Instant now,
                           const ReplyFormat& format = {});
// The reply to the order list. In V2 `data` is the signed text of an array.
std::string render_orders(const Merchant& merchant, const std::vector<FormFields>& orders,
                          base::Instant now, const ReplyFormat& format = {});

// What a gateway knows of a trade of its own.
struct PaidTrade {
  std::string trade_no;
  std::string out_trade_no;
  std::string type;
  std::string name;
  std::string money;  // As it is to be printed.
};
// pid, trade_no, out_trade_no, type, name, money, trade_status and, in V2, timestamp.
FormFields notice_fields(const Merchant& merchant, const PaidTrade& trade, base::Instant now);
// Signs whatever it is given; also the query of return_url.
std::string render_notice(const Merchant& merchant, FormFields fields);

enum class NoticeFault {
  none,
  extra_field,  // Genuine: an unknown parameter, which is signed too.
  bad_sign,
  wrong_pid,       // Signed.
  wrong_money,     // Signed; one fen more.
  ambiguous_name,  // Signed; the name tells of another order.
  no_trade_no,     // Signed.
};
constexpr auto names_of(std::type_identity<NoticeFault>) {
  return base::words("none", "extra_field", "bad_sign", "wrong_pid", "wrong_money",
                     "ambiguous_name", "no_trade_no");
}
std::string render_notice(const Merchant& merchant, const PaidTrade& trade, base::Instant now,
                          NoticeFault fault);
// What a buyer can send to notify_url without the gateway: the signed link to the cashier.
std::string replayed_submit(std::string_view pay_link);

// `encoded` as a GET with a query, or as a POST with a form.
ports::NoticeMessage notice_message(bool by_get, std::string encoded);

}  // namespace daozhang::connectors::payment::epay
