#include "sandbox/wechat_notify.h"

#include <array>
#include <charconv>

#include "base/check.h"
#include "sandbox/wechat_login.h"

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::wechatpay;

constexpr auto falsehoods = std::to_array<Falsehood>({
    {"forge_notify", forge_signature},
    {"wrong_amount_notify", "amount"},
    {"wrong_app_notify", "app"},
    {"wrong_seller_notify", "seller"},
    {"probe_notify", "probe"},
    {"stale_notify", "stale_timestamp"},
    {"unknown_serial_notify", "unknown_serial"},
    {"wrong_aad_notify", "wrong_associated_data"},
    {"wrong_tag_notify", "wrong_tag"},
});

std::int64_t integer_in(const Fields& fields, std::string_view name) {
  const std::string_view text = field(fields, name);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void falsify(NotifySending& sending, std::string_view word, std::int64_t amount_change) {
  if (word == "app") set_field(sending.fields, "appid", "wx0000000000000000");
  if (word == "seller") set_field(sending.fields, "mchid", "1000000000");
  if (word == "status") set_field(sending.fields, "state", "NOTPAY");
  if (word == "amount")
    set_field(sending.fields, "total",
              std::to_string(integer_in(sending.fields, "total") + amount_change));
  if (base::enum_named<provider::NoticeFault>(word)) sending.trick = word;
}

std::string_view word_of(RefundState state) {
  switch (state) {
    case RefundState::success:
      return "SUCCESS";
    case RefundState::processing:
      return "PROCESSING";
    case RefundState::abnormal:
      return "ABNORMAL";
    case RefundState::closed:
      return "CLOSED";
  }
  UNREACHABLE();
}

std::string_view trade_type_of(TradeProduct product) {
  if (product == TradeProduct::native) return "NATIVE";
  return product == TradeProduct::h5 ? "MWEB" : "JSAPI";
}

}  // namespace

std::string_view trade_state_of(const Trade& trade) {
  if (trade.paid_minor > 0) return trade.refunds.empty() ? "SUCCESS" : "REFUND";
  return trade.status == TradeStatus::closed ? "CLOSED" : "NOTPAY";
}

provider::TradeFacts facts_of(const Trade& trade, const WechatIdentity& identity) {
  provider::TradeFacts facts;
  facts.mchid = identity.mchid;
  facts.appid = identity.appid;
  facts.out_trade_no = trade.out_trade_no;
  if (trade.paid_minor > 0) facts.transaction_id = trade.trade_no;
  facts.trade_type = trade_type_of(trade.product);
  facts.trade_state = trade_state_of(trade);
  facts.total_minor = trade.amount_minor();
  facts.paid_at = trade.paid_at;
  facts.openid = trade.payer_id.empty() ? std::string(wechat_openid) : trade.payer_id;
  return facts;
}

provider::RefundFacts facts_of(const Trade& trade, const TradeRefund& refund,
                               const WechatIdentity& identity) {
  provider::RefundFacts facts;
  facts.mchid = identity.mchid;
  facts.out_trade_no = trade.out_trade_no;
  facts.transaction_id = trade.trade_no;
  facts.out_refund_no = refund.out_request_no;
  facts.refund_id = refund.refund_no;
  facts.status = word_of(refund.state);
  facts.total_minor = trade.amount_minor();
  facts.refund_minor = refund.amount_minor;
  facts.created_at = refund.at;
  facts.succeeded_at = refund.done_at;
  return facts;
}

Fields wechat_notice_fields(const Trade& trade, const WechatIdentity& identity,
                            const TradeRefund* refund, std::string_view notice_id) {
  const provider::TradeFacts facts = facts_of(trade, identity);
  const base::Instant at = refund != nullptr ? refund->at : trade.paid_at;
  Fields fields = {{"id", std::string(notice_id)},
                   {"created_at", std::to_string(at.micros)},
                   {"mchid", facts.mchid},
                   {"appid", facts.appid},
                   {"out_trade_no", facts.out_trade_no},
                   {"transaction_id", trade.trade_no},
                   {"trade_type", facts.trade_type},
                   {"state", "SUCCESS"},
                   {"total", std::to_string(facts.total_minor)},
                   {"paid_at", std::to_string(trade.paid_at.micros)},
                   {"openid", facts.openid}};
  if (refund == nullptr) return fields;
  set_field(fields, "state", word_of(refund->state));
  set_field(fields, "out_refund_no", refund->out_request_no);
  set_field(fields, "refund_id", refund->refund_no);
  set_field(fields, "refund", std::to_string(refund->amount_minor));
  set_field(fields, "done_at", std::to_string(refund->done_at.micros));
  return fields;
}

provider::NoticeFacts wechat_notice_facts(const Fields& fields) {
  const auto text = [&](std::string_view name) { return std::string(field(fields, name)); };
  const auto instant = [&](std::string_view name) {
    return base::Instant{integer_in(fields, name)};
  };
  provider::NoticeFacts notice;
  notice.id = text("id");
  notice.created_at = instant("created_at");
  if (field(fields, "out_refund_no").empty()) {
    provider::TradeFacts trade{
        text("mchid"),      text("appid"), text("out_trade_no"),        text("transaction_id"),
        text("trade_type"), text("state"), integer_in(fields, "total"), instant("paid_at"),
        text("openid")};
    notice.event_type = "TRANSACTION.SUCCESS";
    notice.plain = provider::render_trade(trade);
    return notice;
  }
  provider::RefundFacts refund{text("mchid"),
                               text("out_trade_no"),
                               text("transaction_id"),
                               text("out_refund_no"),
                               text("refund_id"),
                               text("state"),
                               integer_in(fields, "total"),
                               integer_in(fields, "refund"),
                               notice.created_at,
                               instant("done_at")};
  notice.event_type = "REFUND." + refund.status;
  notice.plain = provider::render_refund_notice(refund);
  return notice;
}

NotifySending prepare_wechat_notify(const Delivery& delivery, FaultBoard& faults) {
  return prepare_sending(delivery, faults, Channel::wechatpay, falsehoods, falsify);
}

}  // namespace daozhang::sandbox
