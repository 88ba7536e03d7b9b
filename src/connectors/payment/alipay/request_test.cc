#include "connectors/payment/alipay/request.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/content_cipher.h"
#include "connectors/payment/alipay/test_account.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::PaymentCallKind;

FormFields fields_of_link(const std::string& link) {
  return decode_form(link.substr(link.find('?') + 1)).value();
}

FormFields fields_of_call(const GatewayCall& call) {
  FormFields fields = fields_of_link(call.url);
  const FormFields in_body = decode_form(call.body).value();
  fields.insert(fields.end(), in_body.begin(), in_body.end());
  return fields;
}

json::Value verified(const FormFields& fields, std::string_view content_key = {}) {
  auto content = verify_request(fields, test_app_key().public_key(), content_key);
  EXPECT_TRUE(content.has_value());
  return content ? std::move(*content) : json::Value{};
}

TEST(AlipayRequest, APageLinkCarriesTheOrderItsExpiryAndTheWayBack) {
  const std::string link = pay_link(test_account(), test_order(), test_now);
  EXPECT_TRUE(link.starts_with("https://openapi.alipay.com/gateway.do?app_id="));
  const FormFields fields = fields_of_link(link);
  EXPECT_EQ(field(fields, "method"), "alipay.trade.page.pay");
  EXPECT_EQ(field(fields, "app_id"), "2021000000000001");
  EXPECT_EQ(field(fields, "charset"), "utf-8");
  EXPECT_EQ(field(fields, "format"), "JSON");
  EXPECT_EQ(field(fields, "version"), "1.0");
  EXPECT_EQ(field(fields, "timestamp"), "2026-11-22 13:05:00");
  EXPECT_EQ(field(fields, "notify_url"), "https://shop.example/v1/notify/alipay");
  EXPECT_EQ(field(fields, "return_url"), "https://shop.example/orders/D7Q2XK5M");
  const json::Value content = verified(fields);
  EXPECT_EQ(content.text_of("out_trade_no"), "D7Q2XK5M_1");
  EXPECT_EQ(content.text_of("total_amount"), "9.90");
  EXPECT_EQ(content.text_of("subject"), "Steam 充值卡 50元");
  EXPECT_EQ(content.text_of("product_code"), "FAST_INSTANT_TRADE_PAY");
  EXPECT_EQ(content.text_of("time_expire"), "2026-11-22 13:20:00");
}

TEST(AlipayRequest, AWapLinkNamesItsProductAndTheWayOut) {
  const FormFields fields =
      fields_of_link(pay_link(test_account(ports::Way::wap), test_order(), test_now));
  EXPECT_EQ(field(fields, "method"), "alipay.trade.wap.pay");
  const json::Value content = verified(fields);
  EXPECT_EQ(content.text_of("product_code"), "QUICK_WAP_WAY");
  EXPECT_EQ(content.text_of("quit_url"), "https://shop.example/orders/D7Q2XK5M");
}

TEST(AlipayRequest, EachCallHasItsMethodAndItsNumbers) {
  const Account account = test_account(ports::Way::qr);
  const auto content_of = [&](PaymentCallKind kind, std::string_view method) {
    const GatewayCall call = gateway_call(account, test_call(kind), test_now);
    EXPECT_EQ(call.method, method);
    EXPECT_TRUE(call.body.starts_with("biz_content="));
    const FormFields fields = fields_of_call(call);
    EXPECT_EQ(field(fields, "method"), method);
    EXPECT_FALSE(has_field(fields, "return_url"));
    EXPECT_EQ(has_field(fields, "notify_url"), kind == PaymentCallKind::create);
    return verified(fields);
  };
  const auto create = content_of(PaymentCallKind::create, "alipay.trade.precreate");
  EXPECT_EQ(create.text_of("product_code"), "FACE_TO_FACE_PAYMENT");
  EXPECT_EQ(create.text_of("time_expire"), "2026-11-22 13:20:00");
  EXPECT_EQ(content_of(PaymentCallKind::query, "alipay.trade.query").text_of("out_trade_no"),
            "D7Q2XK5M_1");
  EXPECT_EQ(content_of(PaymentCallKind::close, "alipay.trade.close").text_of("out_trade_no"),
            "D7Q2XK5M_1");
  const auto refund = content_of(PaymentCallKind::refund, "alipay.trade.refund");
  EXPECT_EQ(refund.text_of("refund_amount"), "9.90");
  EXPECT_EQ(refund.text_of("out_request_no"), "R1");
  EXPECT_EQ(refund.text_of("refund_reason"), "promise missed");
  const auto query = content_of(PaymentCallKind::query_refund, "alipay.trade.fastpay.refund.query");
  EXPECT_EQ(query.text_of("out_request_no"), "R1");
}

TEST(AlipayRequest, AChangedParameterIsNoLongerSigned) {
  const auto good = fields_of_link(pay_link(test_account(), test_order(), test_now));
  for (std::size_t i = 0; i < good.size(); ++i) {
    FormFields changed = good;
    changed[i].second += "x";
    EXPECT_FALSE(verify_request(changed, test_app_key().public_key()).has_value()) << good[i].first;
  }
}

TEST(AlipayRequest, CertificateNumbersAreSentAndSigned) {
  Account account = test_account();
  account.certificates = CertificateNumbers{"a1", "b2_c3", "d4"};
  const auto fields = fields_of_link(pay_link(account, test_order(), test_now));
  EXPECT_EQ(field(fields, "app_cert_sn"), "a1");
  EXPECT_EQ(field(fields, "alipay_root_cert_sn"), "b2_c3");
  verified(fields);
}

TEST(AlipayRequest, ContentIsEncryptedBeforeItIsSigned) {
  Account account = test_account();
  account.content_key = "0123456789abcdef";
  const auto fields = fields_of_link(pay_link(account, test_order(), test_now));
  EXPECT_EQ(field(fields, "encrypt_type"), "AES");
  EXPECT_EQ(field(fields, "biz_content").find("out_trade_no"), std::string_view::npos);
  EXPECT_EQ(verified(fields, account.content_key).text_of("total_amount"), "9.90");
  EXPECT_EQ(verify_request(fields, test_app_key().public_key()).error(),
            RequestRefusal::content_unreadable);
}

TEST(AlipayRequest, SubjectsAreMadeAcceptable) {
  EXPECT_EQ(subject_for_alipay("a/b=c&d"), "a b c d");
  EXPECT_EQ(subject_for_alipay("line\nbreak\x7f"), "line break ");
  EXPECT_EQ(subject_for_alipay("\xff"
                               "a"),
            " a");
  std::string longer;
  std::string cut;
  for (int i = 0; i < 300; ++i) longer += "账";
  for (int i = 0; i < 256; ++i) cut += "账";
  EXPECT_EQ(subject_for_alipay(longer), cut);
  EXPECT_EQ(subject_for_alipay(""), "");
}

TEST(AlipayContent, ABrokenCiphertextIsNothing) {
  const std::string key = "0123456789abcdef";
  const std::string sealed = encrypt_content(key, "{}");
  EXPECT_EQ(decrypt_content(key, sealed), "{}");
  EXPECT_FALSE(decrypt_content(key, sealed.substr(0, 20)).has_value());
  EXPECT_FALSE(decrypt_content(key, "???").has_value());
  EXPECT_FALSE(decrypt_content(key, "").has_value());
}

TEST(AlipayProvider, RefusesRequestsByName) {
  const auto key = test_app_key().public_key();
  FormFields fields{{"app_id", "1"}, {"sign_type", "RSA2"}, {"biz_content", "[]"}};
  EXPECT_EQ(verify_request(fields, key).error(), RequestRefusal::sign_missing);
  sign_request(fields, test_app_key());
  EXPECT_EQ(verify_request(fields, key).error(), RequestRefusal::content_unreadable);
  EXPECT_EQ(verify_request(fields, test_alipay_key().public_key()).error(),
            RequestRefusal::signature_invalid);
  fields[1].second = "RSA";
  EXPECT_EQ(verify_request(fields, key).error(), RequestRefusal::sign_type_unsupported);
  EXPECT_EQ(sub_code_of(RequestRefusal::signature_invalid), "isv.invalid-signature");
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
