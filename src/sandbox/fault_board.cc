#include "sandbox/fault_board.h"

#include <algorithm>

#include "base/check.h"

namespace daozhang::sandbox {
namespace {

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t hold_most = 600'000;
constexpr std::int64_t minor_most = 10'000'000'000;
constexpr std::size_t match_length_max = 128;

constexpr auto alipay = FaultSide::alipay;
constexpr auto supplier = FaultSide::supplier;

constexpr auto table = std::to_array<FaultSpec>({
    {"lose_notify", alipay, "The notification never leaves", "异步通知发不出去", {}},
    {"double_notify",
     alipay,
     "The notification is sent several times at once",
     "同一通知并发发送多份",
     {{{"copies", 2, 2, 50}, {}}}},
    {"delay_notify",
     alipay,
     "The first notification leaves late",
     "首次通知延迟发送",
     {{{"s", 30, 0, 30 * day_s}, {}}}},
    {"forge_notify",
     alipay,
     "The notification carries a wrong signature",
     "通知签名错误（伪造）",
     {}},
    {"wrong_amount_notify",
     alipay,
     "Signed notification, amount changed by so much",
     "签名正确但通知金额不符",
     {{{"minor", -1, -minor_most, minor_most}, {}}}},
    {"wrong_app_notify",
     alipay,
     "Signed notification of another app_id",
     "签名正确但 app_id 不是本应用",
     {}},
    {"wrong_seller_notify",
     alipay,
     "Signed notification of another seller_id",
     "签名正确但 seller_id 不是本商户",
     {}},
    {"status_wait_notify",
     alipay,
     "Signed notification that says WAIT_BUYER_PAY",
     "签名正确但状态为等待付款",
     {}},
    {"pay_short",
     alipay,
     "The payer pays less by so much",
     "买家少付",
     {{{"minor", 1, 1, minor_most}, {}}}},
    {"pay_over",
     alipay,
     "The payer pays more by so much",
     "买家多付",
     {{{"minor", 1, 1, minor_most}, {}}}},
    {"query_timeout",
     alipay,
     "A query is held, then the connection closes",
     "查询超时后断开",
     {{{"hold_ms", 15'000, 0, hold_most}, {}}}},
    {"query_20000",
     alipay,
     "A query answers 20000 service unavailable",
     "查询返回 20000 服务不可用",
     {}},
    {"query_system_error",
     alipay,
     "A query answers ACQ.SYSTEM_ERROR",
     "查询返回 ACQ.SYSTEM_ERROR",
     {}},
    {"refund_executed_reply_lost",
     alipay,
     "A refund is executed and its reply lost",
     "退款已执行但应答丢失",
     {{{"hold_ms", 0, 0, hold_most}, {}}}},
    {"refund_balance_low",
     alipay,
     "A refund is refused: the seller's balance is too low",
     "退款被拒：商户余额不足",
     {}},
    {"refund_system_error",
     alipay,
     "A refund answers ACQ.SYSTEM_ERROR, executed or not",
     "退款返回 ACQ.SYSTEM_ERROR（可设是否已执行）",
     {{{"executed", 0, 0, 1}, {}}}},
    {"close_reply_lost",
     alipay,
     "A close is executed and its reply lost",
     "关单已执行但应答丢失",
     {{{"hold_ms", 0, 0, hold_most}, {}}}},
    {"gateway_down", alipay, "The gateway answers 503 to everything", "网关整体不可用（503）", {}},
    {"slow",
     alipay,
     "The gateway answers late",
     "网关应答变慢",
     {{{"ms", 3'000, 0, hold_most}, {}}}},
    {"pay_after_expiry", alipay, "A trade can be paid after its expiry", "过期后仍可付款", {}},
    {"bad_response_signature", alipay, "Replies carry a wrong signature", "同步应答签名错误", {}},
    {"return_url_only",
     alipay,
     "The payer comes back by return_url, no notification follows; paid or not",
     "仅浏览器跳回、无异步通知（可设是否真的付款）",
     {{{"paid", 1, 0, 1}, {}}}},
    {"execute_lose_reply",
     supplier,
     "An order is executed and its reply lost",
     "下单已执行但应答丢失",
     {{{"hold_ms", 0, 0, hold_most}, {}}}},
    {"answer_late",
     supplier,
     "Goods arrive so many seconds later",
     "到账延迟",
     {{{"s", 30, 0, 30 * day_s}, {}}}},
    {"answer_twice",
     supplier,
     "The callback is sent several times at once",
     "回调并发发送多份",
     {{{"copies", 2, 2, 50}, {}}}},
    {"silent", supplier, "Accepts and never finishes", "受理后一直没有结果", {}},
    {"not_found_in_flight",
     supplier,
     "A query says not found while the order is executing",
     "充值进行中查询却返回“订单不存在”",
     {}},
    {"reverse_later",
     supplier,
     "A finished order is reversed afterwards",
     "成功之后又冲正",
     {{{"s", 10, 0, 30 * day_s}, {}}}},
    {"out_of_balance", supplier, "Refuses: our prepaid balance is empty", "预存余额不足，拒单", {}},
    {"fail_definitely",
     supplier,
     "The order fails, at once or after a while",
     "明确失败（可设立即失败）",
     {{{"at_once", 0, 0, 1}, {}}}},
    {"fail_then_done",
     supplier,
     "Declared failed, later done after all",
     "先报失败，后来又成功",
     {{{"s", 10, 0, 30 * day_s}, {}}}},
    {"cancel_refused", supplier, "A cancel is refused as too late", "撤单被拒", {}},
    {"callback_lost", supplier, "The callback never leaves", "回调发不出去", {}},
    {"callback_forged",
     supplier,
     "The callback carries a wrong signature",
     "回调签名错误（伪造）",
     {}},
    {"supplier_slow",
     supplier,
     "The supplier answers late",
     "供货商应答变慢",
     {{{"ms", 3'000, 0, hold_most}, {}}}},
    {"supplier_down",
     supplier,
     "The supplier answers 503 to everything",
     "供货商整体不可用（503）",
     {}},
});

bool matches(const FaultSetting& setting, const FaultSubject& subject) {
  if (setting.match.empty()) return true;
  const auto holds = [&](std::string_view text) { return text.find(setting.match) != text.npos; };
  return holds(subject.number) || holds(subject.title) ||
         std::any_of(subject.targets.begin(), subject.targets.end(), holds);
}

FaultSetting standard_setting(const FaultSpec& spec) {
  FaultSetting setting;
  for (const auto& parameter : spec.parameters)
    if (!parameter.name.empty())
      setting.numbers.emplace(std::string(parameter.name), parameter.standard);
  return setting;
}

}  // namespace

std::span<const FaultSpec> all_faults() { return table; }

const FaultSpec* find_fault(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const FaultSpec& spec) { return spec.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string_view name_of(FaultRefusal refusal) {
  switch (refusal) {
    case FaultRefusal::unknown_fault:
      return "unknown_fault";
    case FaultRefusal::unknown_parameter:
      return "unknown_parameter";
    case FaultRefusal::out_of_range:
      return "out_of_range";
    case FaultRefusal::match_too_long:
      return "match_too_long";
  }
  UNREACHABLE();
}

FaultBoard::FaultBoard() { reset(); }

void FaultBoard::reset() {
  settings_.clear();
  for (const auto& spec : table) settings_.emplace(std::string(spec.name), standard_setting(spec));
}

base::Result<FaultSetting, FaultRefusal> FaultBoard::set(std::string_view name,
                                                         FaultSetting wanted) {
  const FaultSpec* spec = find_fault(name);
  if (spec == nullptr) return base::refuse(FaultRefusal::unknown_fault);
  if (wanted.match.size() > match_length_max) return base::refuse(FaultRefusal::match_too_long);
  if (wanted.times && (*wanted.times < 1 || *wanted.times > 1'000'000))
    return base::refuse(FaultRefusal::out_of_range);
  if (wanted.skip < 0 || wanted.skip > 1'000'000) return base::refuse(FaultRefusal::out_of_range);
  FaultSetting result = standard_setting(*spec);
  for (const auto& [key, value] : wanted.numbers) {
    const auto parameter =
        std::find_if(spec->parameters.begin(), spec->parameters.end(),
                     [&](const FaultParameter& p) { return !p.name.empty() && p.name == key; });
    if (parameter == spec->parameters.end()) return base::refuse(FaultRefusal::unknown_parameter);
    if (value < parameter->least || value > parameter->most)
      return base::refuse(FaultRefusal::out_of_range);
    result.numbers[key] = value;
  }
  auto& setting = settings_.find(name)->second;
  result.on = wanted.on;
  result.times = wanted.times;
  result.skip = wanted.skip;
  result.match = std::move(wanted.match);
  result.struck = setting.struck;
  setting = result;
  return setting;
}

std::int64_t FaultBoard::Strike::number(std::string_view parameter) const {
  const auto found = numbers_.find(parameter);
  CHECK(found != numbers_.end());
  return found->second;
}

base::Duration FaultBoard::Strike::duration(std::string_view parameter) const {
  const std::int64_t value = number(parameter);
  return parameter == "s" ? base::seconds(value) : base::milliseconds(value);
}

std::optional<FaultBoard::Strike> FaultBoard::strike(std::string_view name,
                                                     const FaultSubject& subject) {
  const auto found = settings_.find(name);
  CHECK(found != settings_.end());
  FaultSetting& setting = found->second;
  if (!setting.on || !matches(setting, subject)) return std::nullopt;
  if (setting.skip > 0) {
    --setting.skip;
    return std::nullopt;
  }
  ++setting.struck;
  if (setting.times && --*setting.times == 0) {
    setting.on = false;
    setting.times.reset();
  }
  return Strike(setting);
}

const FaultSetting& FaultBoard::setting(std::string_view name) const {
  const auto found = settings_.find(name);
  CHECK(found != settings_.end());
  return found->second;
}

}  // namespace daozhang::sandbox
