#include "connectors/payment/wechatpay/notice.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/resource.h"
#include "connectors/payment/wechatpay/signed_message.h"
#include "connectors/payment/wechatpay/trade.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::NoticeRefusal;
using ports::PaymentNotice;

bool is_json(std::string_view content_type) {
  std::string_view media_type = content_type.substr(0, content_type.find(';'));
  while (media_type.ends_with(' ')) media_type.remove_suffix(1);
  return base::equal_without_case(media_type, "application/json");
}

bool is_notice_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

std::optional<json::Value> object_in(std::string_view text) {
  auto value = json::read(text, json::Numbers::as_text);
  if (!value || value->object() == nullptr) return std::nullopt;
  return std::move(*value);
}

enum class Event { payment, refund };

std::optional<Event> event_of(std::string_view type) {
  if (type == "TRANSACTION.SUCCESS") return Event::payment;
  if (type == "REFUND.SUCCESS" || type == "REFUND.ABNORMAL" || type == "REFUND.CLOSED") {
    return Event::refund;
  }
  return std::nullopt;
}

std::optional<NoticeRefusal> refusal_of_numbers(const Account& account, Event event,
                                                const json::Value& told) {
  if (told.text_of("mchid") != account.mchid) return NoticeRefusal::seller_differs;
  if (event == Event::payment && told.text_of("appid") != account.appid) {
    return NoticeRefusal::app_differs;
  }
  if (!is_trade_ref(told.text_of("out_trade_no"))) return NoticeRefusal::trade_ref_missing;
  if (!is_transaction_id(told.text_of("transaction_id"))) return NoticeRefusal::trade_no_missing;
  return std::nullopt;
}

PaymentNotice notice_of(const json::Value& told, std::int64_t amount_minor,
                        ports::TradeStatus trade, std::string_view notice_id) {
  PaymentNotice notice;
  notice.trade_ref = told.text_of("out_trade_no");
  notice.trade_no = told.text_of("transaction_id");
  notice.trade = trade;
  notice.amount_minor = amount_minor;
  notice.paid_at = success_time_of(told);
  notice.notice_id = notice_id;
  return notice;
}

base::Result<PaymentNotice, NoticeRefusal> payment_of(const json::Value& told,
                                                      std::string_view notice_id) {
  const auto amount = amount_of(told, "total");
  if (!amount) return base::refuse(NoticeRefusal::amount_unreadable);
  if (!is_in_yuan(told)) return base::refuse(NoticeRefusal::currency_differs);
  const auto trade = trade_status_of(told.text_of("trade_state"));
  if (!trade) return base::refuse(NoticeRefusal::status_unknown);
  return notice_of(told, *amount, *trade, notice_id);
}

base::Result<PaymentNotice, NoticeRefusal> refund_of(const json::Value& told,
                                                     std::string_view notice_id) {
  const auto amount = amount_of(told, "total");
  if (!amount || !amount_of(told, "refund")) {
    return base::refuse(NoticeRefusal::amount_unreadable);
  }
  if (!refund_status_of(told.text_of("refund_status"))) {
    return base::refuse(NoticeRefusal::status_unknown);
  }
  PaymentNotice notice = notice_of(told, *amount, ports::TradeStatus::paid, notice_id);
  notice.paid_at = {};  // success_time is the refund's here.
  notice.about_refund = true;
  notice.refund_ref = told.text_of("out_refund_no");
  return notice;
}

base::Result<json::Value, NoticeRefusal> told_in(const Account& account,
                                                 const json::Value& envelope) {
  const json::Value* const resource = envelope.find("resource");
  if (!is_notice_id(envelope.text_of("id")) || resource == nullptr) {
    return base::refuse(NoticeRefusal::unreadable);
  }
  const auto plain = open_resource(*resource, account.api_v3_key);
  if (!plain) return base::refuse(plain.error());
  auto told = object_in(*plain);
  if (!told) return base::refuse(NoticeRefusal::unreadable);
  return std::move(*told);
}

}  // namespace

base::Result<PaymentNotice, NoticeRefusal> read_notice(const Account& account,
                                                       const PlatformKeys& keys,
                                                       const ports::NoticeMessage& message,
                                                       base::Instant now) {
  if (message.method != "POST") return base::refuse(NoticeRefusal::method_differs);
  if (!is_json(message.content_type)) return base::refuse(NoticeRefusal::unreadable);
  const auto proof = verify(keys, message.headers, message.body, now);
  if (!proof) return base::refuse(proof.error());
  const auto envelope = object_in(message.body);
  if (!envelope) return base::refuse(NoticeRefusal::unreadable);
  const auto told = told_in(account, *envelope);
  if (!told) return base::refuse(told.error());
  const auto event = event_of(envelope->text_of("event_type"));
  if (!event) return base::refuse(NoticeRefusal::event_unknown);
  if (const auto refusal = refusal_of_numbers(account, *event, *told)) {
    return base::refuse(*refusal);
  }
  const std::string_view id = envelope->text_of("id");
  return *event == Event::payment ? payment_of(*told, id) : refund_of(*told, id);
}

}  // namespace daozhang::connectors::payment::wechatpay
