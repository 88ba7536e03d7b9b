#include "connectors/payment/alipay/notice.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "connectors/payment/alipay/trade_status.h"
#include "connectors/payment/alipay/yuan.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::NoticeRefusal;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

bool is_form(std::string_view content_type) {
  std::string_view media_type = content_type.substr(0, content_type.find(';'));
  while (media_type.ends_with(' ')) media_type.remove_suffix(1);
  return base::equal_without_case(media_type, form_type);
}

bool is_utf8_charset(std::string_view charset) {
  return charset.empty() || base::equal_without_case(charset, "utf-8") ||
         base::equal_without_case(charset, "utf8");
}

bool is_word(std::string_view text, bool underscore) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') ||
           (underscore && c == '_');
  });
}

// Whether the number of the certificate itself is part of the signed text differs between Alipay's
// own libraries, so both are tried; each is a signature by the same key.
bool is_signed_notice(const Account& account, const FormFields& fields) {
  const std::string_view sign = field(fields, "sign");
  if (is_signed(notice_text(fields), sign, account.alipay_key)) return true;
  if (!account.certificates || !has_field(fields, "alipay_cert_sn")) return false;
  FormFields rest = fields;
  std::erase_if(rest, [](const auto& part) { return part.first == "alipay_cert_sn"; });
  return is_signed(notice_text(rest), sign, account.alipay_key);
}

std::optional<NoticeRefusal> refusal_of_proof(const Account& account, const FormFields& fields) {
  if (field(fields, "sign").empty()) return NoticeRefusal::signature_missing;
  if (field(fields, "sign_type") != "RSA2") return NoticeRefusal::signature_type_unsupported;
  if (!is_signed_notice(account, fields)) return NoticeRefusal::signature_invalid;
  return std::nullopt;
}

bool is_our_seller(const Account& account, const FormFields& fields) {
  const std::string_view seller_id = field(fields, "seller_id");
  if (!seller_id.empty()) return seller_id == account.seller_id;
  const std::string_view email = field(fields, "seller_email");
  return !email.empty() && email == account.seller_email;
}

bool is_yuan(const FormFields& fields) {
  const std::string_view currency = field(fields, "trans_currency");
  return currency.empty() || currency == "CNY";
}

base::Instant beijing_time(std::string_view text) {
  return base::from_local_seconds(text, base::beijing_offset).value_or(base::Instant{});
}

Notice notice_of(const FormFields& fields, ports::TradeStatus trade, std::int64_t amount_minor) {
  Notice notice;
  notice.out_trade_no = field(fields, "out_trade_no");
  notice.trade_no = field(fields, "trade_no");
  notice.trade_status = field(fields, "trade_status");
  notice.trade = trade;
  notice.amount_minor = amount_minor;
  notice.paid_at = beijing_time(field(fields, "gmt_payment"));
  notice.notify_id = field(fields, "notify_id");
  notice.app_id = field(fields, "app_id");
  notice.seller_id = field(fields, "seller_id");
  notice.refund_minor = minor_of_yuan(field(fields, "refund_fee")).value_or(0);
  notice.refund_ref = field(fields, "out_biz_no");
  notice.is_refund =
      notice.refund_minor > 0 || !notice.refund_ref.empty() || !field(fields, "gmt_refund").empty();
  return notice;
}

}  // namespace

base::Result<Notice, NoticeRefusal> check_notice(const Account& account, const FormFields& fields) {
  if (const auto refusal = refusal_of_proof(account, fields)) return base::refuse(*refusal);
  if (field(fields, "app_id") != account.app_id) return base::refuse(NoticeRefusal::app_differs);
  if (!is_our_seller(account, fields)) return base::refuse(NoticeRefusal::seller_differs);
  if (!is_word(field(fields, "out_trade_no"), true)) {
    return base::refuse(NoticeRefusal::trade_ref_missing);
  }
  if (!is_word(field(fields, "trade_no"), false)) return base::refuse(NoticeRefusal::unreadable);
  const auto amount = minor_of_yuan(field(fields, "total_amount"));
  if (!amount || *amount == 0) return base::refuse(NoticeRefusal::amount_unreadable);
  if (!is_yuan(fields)) return base::refuse(NoticeRefusal::currency_differs);
  const auto trade = trade_status_of(field(fields, "trade_status"));
  if (!trade) return base::refuse(NoticeRefusal::status_unknown);
  return notice_of(fields, *trade, *amount);
}

base::Result<Notice, NoticeRefusal> read_notice(const Account& account,
                                                std::string_view content_type,
                                                std::string_view body) {
  if (!is_form(content_type)) return base::refuse(NoticeRefusal::unreadable);
  const auto fields = decode_form(body);
  if (!fields) {
    return base::refuse(fields.error() == FormRefusal::duplicate_field
                            ? NoticeRefusal::duplicate_field
                            : NoticeRefusal::unreadable);
  }
  if (!is_utf8_charset(field(*fields, "charset"))) return base::refuse(NoticeRefusal::unreadable);
  return check_notice(account, *fields);
}

bool is_genuine_return(const Account& account, std::string_view query) {
  const auto fields = decode_form(query);
  return fields && !refusal_of_proof(account, *fields) &&
         field(*fields, "app_id") == account.app_id;
}

ports::PaymentNotice to_port(const Notice& notice) {
  return {.trade_ref = notice.out_trade_no,
          .trade_no = notice.trade_no,
          .trade = notice.trade,
          .amount_minor = notice.amount_minor,
          .currency = domain::Currency::CNY,
          .paid_at = notice.paid_at,
          .notice_id = notice.notify_id,
          .about_refund = notice.is_refund,
          .refund_ref = notice.refund_ref};
}

}  // namespace daozhang::connectors::payment::alipay
