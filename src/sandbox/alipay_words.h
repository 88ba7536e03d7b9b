// The words of Alipay's gateway: amounts, time limits, replies. Source: the open platform's
// documents of alipay.trade.*; amounts are decimal yuan with at most two decimals as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "sandbox/delivery_queue.h"

namespace daozhang::sandbox {

// 0.01 to 100000000, at most two decimals, no sign, no exponent, no blanks; in minor units (fen).
std::optional<std::int64_t> yuan_to_minor(std::string_view text);
// Always two decimals: 990 is "9.90".
std::string minor_to_yuan(std::int64_t minor);

// `90m`, `3h`, `1d` (1 minute to 15 days) or `1c`, the end of the Beijing day; counted from `now`.
std::optional<base::Instant> after_express(std::string_view text, base::Instant now);

// 1 to 64 of [A-Za-z0-9_].
bool is_out_trade_no(std::string_view text);

// The business member of a synchronous response; every value is a JSON string.
struct GatewayReply {
  std::string code = "10000";
  std::string msg = "Success";
  std::string sub_code;
  std::string sub_msg;
  Fields fields;

  [[nodiscard]] bool succeeded() const { return code == "10000"; }
};

// 40004 with `ACQ.` + reason and its message.
GatewayReply business_failure(std::string_view reason);
// 20000 isp.unknow-error (the provider's spelling).
GatewayReply service_unavailable();
// 40001 or 40002 with an `isv.` sub_code.
GatewayReply missing_parameter(std::string_view sub_code);
GatewayReply invalid_parameter(std::string_view sub_code);

}  // namespace daozhang::sandbox
