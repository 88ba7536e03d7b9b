#include "connectors/payment/epay/request.h"

#include <gtest/gtest.h>

#include "connectors/payment/epay/test_account.h"

namespace daozhang::connectors::payment::epay {
namespace {

using ports::PaymentCallKind;
using ports::Way;

FormFields fields_of_link(const std::string& link) {
  return decode_form(link.substr(link.find('?') + 1)).value();
}

// The fields that the gateway accepts as the merchant's.
FormFields signed_fields(const GatewayCall& call, Version version) {
  const FormFields fields = decode_form(call.body).value();
  const auto seen = verify_signed(test_merchant(version), fields, test_now);
  EXPECT_TRUE(seen.has_value()) << call.url;
  return fields;
}

TEST(EpayRequest, APageLinkCarriesTheOrderSigned) {
  const std::string link = pay_link(test_account(), test_order(), test_now);
  EXPECT_TRUE(link.starts_with("https://pay.example/submit.php?pid=1001&"));
  const FormFields fields = fields_of_link(link);
  EXPECT_TRUE(verify_signed(test_merchant(), fields, test_now).has_value());
  EXPECT_EQ(field(fields, "type"), "alipay");
  EXPECT_EQ(field(fields, "out_trade_no"), "D7Q2XK5M_1");
  EXPECT_EQ(field(fields, "notify_url"), "https://shop.example/v1/notify/epay");
  EXPECT_EQ(field(fields, "return_url"), "https://shop.example/orders/D7Q2XK5M");
  EXPECT_EQ(field(fields, "name"), "Steam 充值卡 50元");
  EXPECT_EQ(field(fields, "money"), "9.90");
  EXPECT_EQ(field(fields, "sign_type"), "MD5");
  EXPECT_FALSE(has_field(fields, "timestamp"));
  EXPECT_EQ(link.find(test_merchant_key), std::string::npos);
}

TEST(EpayRequest, AV2LinkIsSignedWithRsaAndNamesItsTime) {
  const std::string link = pay_link(test_account(Version::v2), test_order(), test_now);
  EXPECT_TRUE(link.starts_with("https://pay.example/api/pay/submit?"));
  const FormFields fields = fields_of_link(link);
  EXPECT_TRUE(verify_signed(test_merchant(Version::v2), fields, test_now).has_value());
  EXPECT_EQ(field(fields, "timestamp"), "1795323900");
  EXPECT_EQ(field(fields, "sign_type"), "RSA");
}

TEST(EpayRequest, WithoutATypeTheGatewayAsksThePayer) {
  Account account = test_account();
  account.type = "";
  EXPECT_FALSE(has_field(fields_of_link(pay_link(account, test_order(), test_now)), "type"));
}

TEST(EpayRequest, NoRequestCanPassForANotification) {
  for (const Version version : {Version::v1, Version::v2}) {
    ports::PaymentCall call = test_call(PaymentCallKind::create);
    call.order.subject = "x&trade_no=1&trade_status=TRADE_SUCCESS";
    call.order.return_url = "https://shop.example/o?a=1&trade_no=1&trade_status=TRADE_SUCCESS";
    const auto created =
        signed_fields(gateway_call(test_account(version, Way::qr), call, test_now), version);
    const auto linked = fields_of_link(pay_link(test_account(version), call.order, test_now));
    for (const FormFields& fields : {created, linked}) {
      EXPECT_FALSE(has_field(fields, "trade_no"));
      EXPECT_FALSE(has_field(fields, "trade_status"));
      for (const auto& [name, value] : fields) EXPECT_FALSE(is_ambiguous(value)) << name;
      EXPECT_EQ(field(fields, "name"), "x trade_no=1 trade_status=TRADE_SUCCESS");
      EXPECT_EQ(field(fields, "return_url"), "https://shop.example/o?a=1");
    }
  }
}

TEST(EpayRequest, ACreationIsACallOfTheServer) {
  const auto call = test_call(PaymentCallKind::create);
  const GatewayCall v1 = gateway_call(test_account(Version::v1, Way::qr), call, test_now);
  EXPECT_EQ(v1.url, "https://pay.example/mapi.php");
  EXPECT_FALSE(v1.by_get);
  const FormFields fields = signed_fields(v1, Version::v1);
  EXPECT_EQ(field(fields, "clientip"), "203.0.113.7");
  EXPECT_EQ(field(fields, "device"), "pc");
  const GatewayCall v2 = gateway_call(test_account(Version::v2, Way::qr), call, test_now);
  EXPECT_EQ(v2.url, "https://pay.example/api/pay/create");
  EXPECT_EQ(field(signed_fields(v2, Version::v2), "method"), "web");
}

TEST(EpayRequest, EachV2CallHasItsPathAndItsNumbers) {
  const auto fields_of = [](PaymentCallKind kind, std::string_view path) {
    const GatewayCall call = gateway_call(test_account(Version::v2), test_call(kind), test_now);
    EXPECT_EQ(call.url, std::string("https://pay.example/").append(path));
    EXPECT_EQ(call.log_url, call.url);
    return signed_fields(call, Version::v2);
  };
  const auto query = fields_of(PaymentCallKind::query, "api/pay/query");
  EXPECT_EQ(field(query, "out_trade_no"), "D7Q2XK5M_1");
  EXPECT_EQ(field(query, "pid"), "1001");
  EXPECT_EQ(field(query, "timestamp"), "1795323900");
  const auto close = fields_of(PaymentCallKind::close, "api/pay/close");
  EXPECT_EQ(field(close, "out_trade_no"), "D7Q2XK5M_1");
  const auto refund = fields_of(PaymentCallKind::refund, "api/pay/refund");
  EXPECT_EQ(field(refund, "out_refund_no"), "R1");
  EXPECT_EQ(field(refund, "money"), "9.90");
  const auto refund_query = fields_of(PaymentCallKind::query_refund, "api/pay/refundquery");
  EXPECT_EQ(field(refund_query, "out_refund_no"), "R1");
}

TEST(EpayRequest, InV1TheKeyTravelsInTheBody) {
  const GatewayCall query =
      gateway_call(test_account(), test_call(PaymentCallKind::query), test_now);
  EXPECT_EQ(query.url, "https://pay.example/api.php?act=order");
  EXPECT_EQ(query.log_url, "https://pay.example/api.php");
  EXPECT_EQ(query.body, "pid=1001&key=kT7wQz29LmXc84RvNb61YpHd&out_trade_no=D7Q2XK5M_1");
  const GatewayCall refund =
      gateway_call(test_account(), test_call(PaymentCallKind::refund), test_now);
  EXPECT_EQ(refund.url, "https://pay.example/api.php?act=refund");
  EXPECT_EQ(refund.body,
            "pid=1001&key=kT7wQz29LmXc84RvNb61YpHd&out_trade_no=D7Q2XK5M_1&money=9.90");
}

TEST(EpayRequest, AGatewayThatReadsNoBodyIsAskedByGetAndItsUrlHasAFormForLogs) {
  Account account = test_account();
  account.dialect.api_method = ApiMethod::get;
  const GatewayCall query = gateway_call(account, test_call(PaymentCallKind::query), test_now);
  EXPECT_TRUE(query.by_get);
  EXPECT_TRUE(query.body.empty());
  EXPECT_TRUE(query.url.starts_with("https://pay.example/api.php?act=order&pid=1001&key=kT7w"));
  EXPECT_EQ(query.log_url, "https://pay.example/api.php");
  EXPECT_FALSE(gateway_call(account, test_call(PaymentCallKind::refund), test_now).by_get);
}

TEST(EpayRequest, TheOrderListIsAskedForByPage) {
  const GatewayCall v1 = orders_call(test_account(), 2, test_now);
  EXPECT_EQ(v1.url, "https://pay.example/api.php?act=orders");
  EXPECT_EQ(v1.body, "pid=1001&key=kT7wQz29LmXc84RvNb61YpHd&limit=50&page=2");
  const GatewayCall v2 = orders_call(test_account(Version::v2), 2, test_now);
  EXPECT_EQ(v2.url, "https://pay.example/api/merchant/orders");
  EXPECT_EQ(field(signed_fields(v2, Version::v2), "offset"), "50");
}

TEST(EpayRequest, WhatTheGatewayDoesNotHaveIsNotCalled) {
  EXPECT_EQ(why_no_call(test_account(), PaymentCallKind::create), "created_by_link");
  EXPECT_EQ(why_no_call(test_account(), PaymentCallKind::close), "close_not_supported");
  EXPECT_EQ(why_no_call(test_account(Version::v2), PaymentCallKind::close), "");
  EXPECT_EQ(why_no_call(test_account(), PaymentCallKind::refund), "");
  Account account = test_account();
  account.dialect.refund = false;
  EXPECT_EQ(why_no_call(account, PaymentCallKind::refund), "refund_not_supported");
}

TEST(EpayRequest, NamesAreMadeAcceptable) {
  EXPECT_EQ(name_for_epay("a&b=c"), "a b=c");
  EXPECT_EQ(name_for_epay(" line\nbreak\x7f "), "line break");
  EXPECT_EQ(name_for_epay("\xff"
                          "a"),
            "a");
  EXPECT_EQ(name_for_epay(""), "");
  std::string longer;
  for (int i = 0; i < 60; ++i) longer += "账";
  EXPECT_EQ(name_for_epay(longer), longer.substr(0, 120));
  EXPECT_EQ(name_for_epay("ab" + longer).size(), 119u);
  ports::ChannelOrder order = test_order();
  order.subject = "&";
  EXPECT_EQ(field(fields_of_link(pay_link(test_account(), order, test_now)), "name"), "D7Q2XK5M_1");
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
