#include "sandbox/alipay_words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace daozhang::sandbox {
namespace {

constexpr std::int64_t amount_most = 10'000'000'000;

struct Reason {
  std::string_view name;
  std::string_view message;
};

constexpr auto reasons = std::to_array<Reason>({
    {"SYSTEM_ERROR", "系统错误"},
    {"INVALID_PARAMETER", "参数无效"},
    {"TRADE_NOT_EXIST", "交易不存在"},
    {"TRADE_HAS_SUCCESS", "交易已被支付"},
    {"TRADE_HAS_CLOSE", "交易已经关闭"},
    {"TRADE_STATUS_ERROR", "交易状态不合法"},
    {"REASON_TRADE_STATUS_INVALID", "交易状态异常"},
    {"CONTEXT_INCONSISTENT", "交易信息被篡改"},
    {"DISCORDANT_REPEAT_REQUEST", "请求信息不一致"},
    {"SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足"},
    {"REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限"},
});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<std::int64_t> yuan_to_minor(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == text.npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || whole.size() > 9 || part.size() > 2) return std::nullopt;
  if (point != text.npos && part.empty()) return std::nullopt;
  if (whole.size() > 1 && whole.front() == '0') return std::nullopt;
  if (!std::all_of(whole.begin(), whole.end(), is_digit)) return std::nullopt;
  if (!std::all_of(part.begin(), part.end(), is_digit)) return std::nullopt;
  std::int64_t minor = 0;
  for (const char c : whole) minor = minor * 10 + (c - '0');
  for (std::size_t i = 0; i < 2; ++i) minor = minor * 10 + (i < part.size() ? part[i] - '0' : 0);
  if (minor < 1 || minor > amount_most) return std::nullopt;
  return minor;
}

std::string minor_to_yuan(std::int64_t minor) {
  const std::string_view sign = minor < 0 ? "-" : "";
  const std::int64_t size = minor < 0 ? -minor : minor;
  return fmt::format("{}{}.{:02}", sign, size / 100, size % 100);
}

std::optional<base::Instant> after_express(std::string_view text, base::Instant now) {
  if (text == "1c") {
    const std::int64_t day = base::hours(24).micros;
    const std::int64_t local = (now + base::beijing_offset).micros;
    return base::Instant{(local / day + 1) * day} - base::beijing_offset;
  }
  if (text.size() < 2 || text.size() > 6 || !is_digit(text.front())) return std::nullopt;
  std::int64_t count = 0;
  const char* const end = text.data() + text.size() - 1;
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || rest != end) return std::nullopt;
  base::Duration wait;
  switch (text.back()) {
    case 'm':
      wait = base::minutes(count);
      break;
    case 'h':
      wait = base::hours(count);
      break;
    case 'd':
      wait = base::hours(24 * count);
      break;
    default:
      return std::nullopt;
  }
  if (wait < base::minutes(1) || wait > base::hours(15 * 24)) return std::nullopt;
  return now + wait;
}

bool is_out_trade_no(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

GatewayReply business_failure(std::string_view reason) {
  const auto found = std::find_if(reasons.begin(), reasons.end(),
                                  [&](const Reason& known) { return known.name == reason; });
  const std::string_view message = found == reasons.end() ? reason : found->message;
  return {"40004", "Business Failed", fmt::format("ACQ.{}", reason), std::string(message), {}};
}

GatewayReply service_unavailable() {
  return {"20000", "Service Currently Unavailable", "isp.unknow-error", "系统繁忙", {}};
}

GatewayReply missing_parameter(std::string_view sub_code) {
  return {"40001", "Missing Required Arguments", std::string(sub_code), "缺少必选参数", {}};
}

GatewayReply invalid_parameter(std::string_view sub_code) {
  return {"40002", "Invalid Arguments", std::string(sub_code), "非法的参数", {}};
}

}  // namespace daozhang::sandbox
