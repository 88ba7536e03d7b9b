#include "connectors/payment/epay/epay_provider.h"

#include <algorithm>

#include "base/check.h"
#include "connectors/payment/epay/reply.h"
#include "connectors/payment/epay/signature.h"
#include "connectors/payment/epay/yuan.h"
#include "crypto/digest.h"
#include "domain/money/money.h"
#include "json/writer.h"

namespace daozhang::connectors::payment::epay {
namespace {

void set(FormFields& fields, std::string_view name, std::string value) {
  const auto found =
      std::ranges::find_if(fields, [&](const auto& each) { return each.first == name; });
  if (found == fields.end()) {
    fields.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

std::string signature_of(const Merchant& merchant, const FormFields& fields) {
  return merchant.version == Version::v1 ? md5_signature(fields, merchant.key, merchant.key_prefix)
                                         : rsa_signature(fields, merchant.platform_key.value());
}

std::string seconds_of(base::Instant now) { return std::to_string(now.micros / 1'000'000); }

std::string object_of(const FormFields& fields, const ReplyFormat& format) {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  for (const auto& [name, value] : fields) {
    const bool number = name == "code" || name == "status";
    if (number && !format.numbers_as_text && !value.empty()) {
      json.key(name).raw(value);
    } else {
      json.member(name, value);
    }
  }
  json.end_object();
  return text;
}

FormFields completed(const Merchant& merchant, FormFields fields, base::Instant now,
                     const ReplyFormat& format) {
  if (!has_field(fields, "code")) {
    fields.emplace(fields.begin(), "code", merchant.version == Version::v1 ? "1" : "0");
  }
  if (merchant.version == Version::v1 || format.unsigned_reply) return fields;
  set(fields, "timestamp", seconds_of(now));
  std::string sign = signature_of(merchant, fields);
  fields.emplace_back("sign_type", "RSA");
  fields.emplace_back("sign", std::move(sign));
  return fields;
}

std::string array_of(const std::vector<FormFields>& orders, const ReplyFormat& format) {
  std::string text;
  json::Writer json(text);
  json.begin_array();
  for (const FormFields& each : orders) json.raw(object_of(each, format));
  json.end_array();
  return text;
}

void spoil(FormFields& fields, NoticeFault fault) {
  switch (fault) {
    case NoticeFault::none:
    case NoticeFault::bad_sign:
      return;
    case NoticeFault::extra_field:
      return set(fields, "inside_trade_no", "2026112222001429");
    case NoticeFault::wrong_pid:
      return set(fields, "pid", std::string(field(fields, "pid")) + "1");
    case NoticeFault::wrong_money: {
      const auto minor = minor_of_yuan(field(fields, "money"));
      return set(fields, "money", domain::decimal_of_minor(minor.value_or(0) + 1));
    }
    case NoticeFault::ambiguous_name:
      return set(fields, "name", std::string(field(fields, "name")) + "&out_trade_no=OTHER");
    case NoticeFault::no_trade_no:
      std::erase_if(fields, [](const auto& each) { return each.first == "trade_no"; });
      return;
  }
  UNREACHABLE();
}

}  // namespace

base::Result<Verified, RequestRefusal> verify_signed(const Merchant& merchant,
                                                     const FormFields& fields, base::Instant now) {
  if (field(fields, "pid") != merchant.pid) return base::refuse(RequestRefusal::pid_unknown);
  if (field(fields, "sign").empty()) return base::refuse(RequestRefusal::sign_missing);
  if (field(fields, "sign_type") != sign_type_of(merchant.version)) {
    return base::refuse(RequestRefusal::sign_type_unsupported);
  }
  const bool v1 = merchant.version == Version::v1;
  const bool proven = v1 ? has_md5_signature(fields, merchant.key, merchant.key_prefix)
                         : has_rsa_signature(fields, merchant.merchant_key.value());
  if (!proven) return base::refuse(RequestRefusal::signature_invalid);
  if (!v1 && !is_near(field(fields, "timestamp"), now)) {
    return base::refuse(RequestRefusal::timestamp_differs);
  }
  return Verified{};
}

base::Result<Verified, RequestRefusal> verify_keyed(const Merchant& merchant,
                                                    const FormFields& fields) {
  if (field(fields, "pid") != merchant.pid) return base::refuse(RequestRefusal::pid_unknown);
  if (!crypto::equal_in_constant_time(field(fields, "key"), merchant.key)) {
    return base::refuse(RequestRefusal::key_wrong);
  }
  return Verified{};
}

std::string print_money(std::int64_t minor, MoneyFormat format) {
  std::string text = domain::decimal_of_minor(minor);
  if (format == MoneyFormat::four_decimals) return text.append("00");
  if (format == MoneyFormat::two_decimals || !text.ends_with('0')) return text;
  text.pop_back();
  if (format == MoneyFormat::whole && text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string render_reply(const Merchant& merchant, FormFields fields, base::Instant now,
                         const ReplyFormat& format) {
  return object_of(completed(merchant, std::move(fields), now, format), format);
}

std::string render_failure(const Merchant& merchant, std::string_view msg, base::Instant now,
                           const ReplyFormat& format) {
  return render_reply(merchant, {{"code", "-1"}, {"msg", std::string(msg)}}, now, format);
}

std::string render_orders(const Merchant& merchant, const std::vector<FormFields>& orders,
                          base::Instant now, const ReplyFormat& format) {
  std::string data = array_of(orders, format);
  if (merchant.version == Version::v2) {
    return render_reply(merchant, {{"data", std::move(data)}}, now, format);
  }
  std::string text;
  json::Writer json(text);
  json.begin_object().key("code");
  if (format.numbers_as_text) {
    json.text("1");
  } else {
    json.integer(1);
  }
  json.key("data").raw(data).end_object();
  return text;
}

FormFields notice_fields(const Merchant& merchant, const PaidTrade& trade, base::Instant now) {
  FormFields fields{{"pid", merchant.pid},
                    {"trade_no", trade.trade_no},
                    {"out_trade_no", trade.out_trade_no},
                    {"type", trade.type},
                    {"name", trade.name},
                    {"money", trade.money},
                    {"trade_status", "TRADE_SUCCESS"}};
  if (merchant.version == Version::v2) fields.emplace_back("timestamp", seconds_of(now));
  return fields;
}

std::string render_notice(const Merchant& merchant, FormFields fields) {
  CHECK(!has_field(fields, "sign") && !has_field(fields, "sign_type"));
  std::string sign = signature_of(merchant, fields);
  fields.emplace_back("sign", std::move(sign));
  fields.emplace_back("sign_type", sign_type_of(merchant.version));
  return encode_form(fields);
}

std::string render_notice(const Merchant& merchant, const PaidTrade& trade, base::Instant now,
                          NoticeFault fault) {
  FormFields fields = notice_fields(merchant, trade, now);
  spoil(fields, fault);
  if (fault != NoticeFault::bad_sign) return render_notice(merchant, std::move(fields));
  FormFields other = fields;
  set(other, "money", std::string(field(fields, "money")) + "0");
  fields.emplace_back("sign", signature_of(merchant, other));
  fields.emplace_back("sign_type", sign_type_of(merchant.version));
  return encode_form(fields);
}

std::string replayed_submit(std::string_view pay_link) {
  const auto question = pay_link.find('?');
  CHECK(question != std::string_view::npos);
  return std::string(pay_link.substr(question + 1));
}

ports::NoticeMessage notice_message(bool by_get, std::string encoded) {
  ports::NoticeMessage message;
  message.method = by_get ? "GET" : "POST";
  if (by_get) {
    message.query = std::move(encoded);
  } else {
    message.content_type = "application/x-www-form-urlencoded";
    message.body = std::move(encoded);
  }
  return message;
}

}  // namespace daozhang::connectors::payment::epay
