#include "sandbox/alipay_notify.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace daozhang::sandbox {
namespace {

std::string local(base::Instant t) { return base::to_local_seconds(t, base::beijing_offset); }

constexpr auto falsehoods = std::to_array<Falsehood>({
    {"forge_notify", forge_signature},
    {"wrong_amount_notify", "amount"},
    {"wrong_app_notify", "app"},
    {"wrong_seller_notify", "seller"},
    {"status_wait_notify", "status"},
});

void falsify(NotifySending& sending, std::string_view forge, std::int64_t amount_change) {
  if (forge == "app") set_field(sending.fields, "app_id", "2021000000000000");
  if (forge == "seller") set_field(sending.fields, "seller_id", "2088000000000000");
  if (forge == "status") set_field(sending.fields, "trade_status", "WAIT_BUYER_PAY");
  if (forge == "amount") {
    const auto present = yuan_to_minor(field(sending.fields, "total_amount"));
    const std::string changed = minor_to_yuan(present.value_or(0) + amount_change);
    for (const auto name : {"total_amount", "receipt_amount", "invoice_amount", "buyer_pay_amount"})
      set_field(sending.fields, name, changed);
  }
}

}  // namespace

bool is_announced(const Trade& trade, const TradeRefund* refund) {
  switch (trade.status) {
    case TradeStatus::not_created:
      return false;
    case TradeStatus::wait_buyer_pay:
      return false;
    case TradeStatus::success:
      return true;
    case TradeStatus::closed:
      return trade.product == TradeProduct::wap || refund != nullptr;
  }
  return false;
}

Fields notify_fields(const Trade& trade, const AlipayIdentity& identity, const TradeRefund* refund,
                     std::string_view notify_id) {
  const std::string amount = minor_to_yuan(trade.amount_minor());
  Fields fields = {{"notify_type", "trade_status_sync"},
                   {"notify_id", std::string(notify_id)},
                   {"app_id", identity.app_id},
                   {"auth_app_id", identity.app_id},
                   {"charset", "utf-8"},
                   {"version", "1.0"},
                   {"trade_no", trade.trade_no},
                   {"out_trade_no", trade.out_trade_no},
                   {"buyer_id", "2088102100000001"},
                   {"buyer_logon_id", "day***@sandbox.invalid"},
                   {"seller_id", identity.seller_id},
                   {"trade_status", std::string(name_of(trade.status))},
                   {"total_amount", amount},
                   {"subject", trade.subject},
                   {"gmt_create", local(trade.created_at)}};
  if (!trade.body.empty()) fields.emplace_back("body", trade.body);
  if (!trade.passback_params.empty()) fields.emplace_back("passback_params", trade.passback_params);
  if (trade.paid_at.is_set()) {
    for (const auto name : {"receipt_amount", "invoice_amount", "buyer_pay_amount"})
      fields.emplace_back(name, amount);
    fields.emplace_back("point_amount", "0.00");
    fields.emplace_back("gmt_payment", local(trade.paid_at));
    fields.emplace_back(
        "fund_bill_list",
        fmt::format(R"([{{"amount":"{}","fundChannel":"ALIPAYACCOUNT"}}])", amount));
  }
  if (refund != nullptr) {
    fields.emplace_back("refund_fee", minor_to_yuan(trade.refunded_minor));
    fields.emplace_back("gmt_refund", local(refund->at) + ".000");
    fields.emplace_back("out_biz_no", refund->out_request_no);
  }
  if (trade.closed_at.is_set()) fields.emplace_back("gmt_close", local(trade.closed_at));
  return fields;
}

Fields return_fields(const Trade& trade, const AlipayIdentity& identity, base::Instant now) {
  const bool wap = trade.product == TradeProduct::wap;
  return {{"charset", "utf-8"},
          {"out_trade_no", trade.out_trade_no},
          {"method", wap ? "alipay.trade.wap.pay.return" : "alipay.trade.page.pay.return"},
          {"total_amount", minor_to_yuan(trade.amount_minor())},
          {"trade_no", trade.trade_no},
          {"auth_app_id", identity.app_id},
          {"version", "1.0"},
          {"app_id", identity.app_id},
          {"seller_id", identity.seller_id},
          {"timestamp", local(now)}};
}

NotifySending prepare_notify(const Delivery& delivery, FaultBoard& faults, base::Instant now) {
  NotifySending sending = prepare_sending(delivery, faults, Channel::alipay, falsehoods, falsify);
  set_field(sending.fields, "notify_time", local(now));
  return sending;
}

}  // namespace daozhang::sandbox
