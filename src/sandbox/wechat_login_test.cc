// A payer is named and opens the pay sheet: the shop's connector on one side, WeChat as the sandbox
// plays it on the other.
#include "sandbox/wechat_login.h"

#include <gtest/gtest.h>

#include "json/reader.h"
#include "sandbox/test_wechat.h"

namespace daozhang::sandbox {
namespace {

using ports::Outcome;
using ports::PaymentCallKind;

class WechatLoginTest : public WechatConnectorTest {
 protected:
  static inline const std::string comes_back =
      "http://127.0.0.1:1/v1/orders/N1/payments/1/payer/named";

  void SetUp() override {
    WechatConnectorTest::SetUp();
    port_ = channel(sheet_settings());
  }
  [[nodiscard]] wechatpay::AccountSettings sheet_settings() const {
    auto settings = account_settings(ports::Way::jsapi);
    settings.app_secret = wechat_app_secret;
    settings.authorize_url = url_ + "/connect/oauth2/authorize";
    settings.token_url = url_ + "/sns/oauth2/access_token";
    return settings;
  }
  net::OutgoingResult open(std::string link, const char* browser = "MicroMessenger/8.0.50") {
    net::OutgoingRequest request;
    request.url = link.substr(0, link.find('#'));
    request.headers = {{"User-Agent", browser}};
    return call(std::move(request));
  }
  // What the browser brings back.
  std::string brought(ports::PaymentChannel& port) {
    const auto answer = open(*port.payer_link(comes_back, "abc123"));
    EXPECT_EQ(answer.status, 302) << answer.body;
    std::string location(answer.headers.find("Location").value_or(""));
    EXPECT_TRUE(location.starts_with(comes_back + "?")) << location;
    return location.substr(location.find('?') + 1);
  }
  static std::string with(std::string link, std::string_view from, std::string_view to) {
    return link.replace(link.find(from), from.size(), to);
  }
  static std::string code_in(const std::string& query) {
    return std::string(net::Form::parse(query)->once("code").value_or(""));
  }
  static std::string named(ports::PaymentChannel& port, const std::string& code) {
    std::promise<std::string> promise;
    port.find_payer(code, [&](base::Result<std::string, ports::PayerRefusal> payer) {
      promise.set_value(payer ? *payer : std::string(base::name_of(payer.error())));
    });
    return promise.get_future().get();
  }
  ports::PaymentAnswer create_for(ports::PaymentChannel& port, const std::string& trade_ref,
                                  const std::string& openid) {
    auto wanted = payment_call(PaymentCallKind::create, channel_order(trade_ref));
    wanted.order.expires_at = expires_at_;
    wanted.order.payer_id = openid;
    return ask(port, std::move(wanted));
  }
  std::string invoked(const std::string& sheet) {
    const auto answer = post(net::Method::post, url_ + "/sandbox/v1/wechatpay/bridge",
                             "{\"pay_sheet\":" + sheet + "}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(json::read(answer.body)->text_of("err_msg"));
  }

  std::unique_ptr<ports::PaymentChannel> port_;
};

TEST_F(WechatLoginTest, APayerIsNamedOnceAndOpensHisSheet) {
  const std::string query = brought(*port_);
  EXPECT_EQ(net::Form::parse(query)->once("state"), "abc123");
  const std::string code = code_in(query);
  EXPECT_EQ(named(*port_, code), wechat_openid);
  EXPECT_EQ(named(*port_, code), "code_used");
  EXPECT_EQ(named(*port_, "nothing"), "code_invalid");
  const auto made = create_for(*port_, "SHEET1", std::string(wechat_openid));
  ASSERT_EQ(made.outcome, Outcome::done) << made.problem;
  EXPECT_EQ(invoked(*port_->pay_sheet(made.pay_content)), "get_brand_wcpay_request:ok");
  EXPECT_EQ(notice_outcome(*port_, told(1)[0]), "paid");
}

TEST_F(WechatLoginTest, ASheetThatTheShopDidNotSignFails) {
  const auto made = create_for(*port_, "SHEET1", std::string(wechat_openid));
  std::string sheet = *port_->pay_sheet(made.pay_content);
  const auto at = sheet.find("prepay_id=") + 10;
  sheet[at] = sheet[at] == '0' ? '1' : '0';
  EXPECT_EQ(invoked(sheet), "get_brand_wcpay_request:fail");
  EXPECT_EQ(ask_for(*port_, PaymentCallKind::query, "SHEET1").trade, ports::TradeStatus::waiting);
}

TEST_F(WechatLoginTest, EveryFaultOfNamingIsToldByItsName) {
  const auto once = [&](const char* name) { fault(name, R"({"on":true,"times":1})"); };
  once("payer_declines");
  EXPECT_EQ(brought(*port_), "state=abc123");
  once("payer_code_used");
  EXPECT_EQ(named(*port_, code_in(brought(*port_))), "code_used");
  once("payer_code_expired");
  EXPECT_EQ(named(*port_, code_in(brought(*port_))), "code_expired");
  const std::string code = code_in(brought(*port_));
  once("payer_busy");
  EXPECT_EQ(named(*port_, code), "unavailable");
  auto settings = sheet_settings();
  settings.app_secret = "63d67fcb97e68f9998cbd17ed7a8d1e2";
  EXPECT_EQ(named(*channel(settings), code), "account_refused");
  once("payer_of_other_app");
  const std::string foreign = named(*port_, code_in(brought(*port_)));
  EXPECT_EQ(foreign, wechat_foreign_openid);
  EXPECT_EQ(create_for(*port_, "SHEET1", foreign).outcome, Outcome::failed);
}

TEST_F(WechatLoginTest, TheSheetMayBeClosedFailOrLie) {
  const auto made = create_for(*port_, "SHEET1", std::string(wechat_openid));
  const std::string sheet = *port_->pay_sheet(made.pay_content);
  for (const auto& [name, said] :
       {std::pair{"bridge_cancel", "cancel"}, std::pair{"bridge_fail", "fail"},
        std::pair{"bridge_ok_unpaid", "ok"}}) {
    fault(name, R"({"on":true,"times":1})");
    EXPECT_EQ(invoked(sheet), std::string("get_brand_wcpay_request:") + said);
    EXPECT_EQ(ask_for(*port_, PaymentCallKind::query, "SHEET1").trade, ports::TradeStatus::waiting);
  }
}

TEST_F(WechatLoginTest, WechatOpensTheLinkForItsOwnBrowserAndThisAppAlone) {
  const std::string link = *port_->payer_link(comes_back, "abc123");
  EXPECT_EQ(open(link, "Mozilla/5.0").status, 400);
  for (const auto& [from, to] :
       {std::pair{"response_type=code", "response_type=token"},
        std::pair{"scope=snsapi_base", "scope=x"}, std::pair{wechat_appid.c_str(), "wx1"},
        std::pair{"redirect_uri=http", "redirect_uri=javascript"}})
    EXPECT_EQ(open(with(link, from, to)).status, 400) << to;
}

TEST(WechatLogin, ACodeLivesFiveMinutes) {
  WechatLogin login("wx1", "s");
  const base::Instant now{1'000'000'000};
  const std::string code = login.make_code({}, now);
  EXPECT_NE(login.exchange("wx1", "s", code, now + WechatLogin::code_life).find("42003"),
            std::string::npos);
  EXPECT_NE(login.exchange("wx1", "s", login.make_code({}, now), now + base::minutes(4))
                .find(wechat_openid),
            std::string::npos);
  EXPECT_NE(login.exchange("wx2", "s", code, now).find("40013"), std::string::npos);
  EXPECT_NE(login.exchange("wx1", "s", "", now).find("41008"), std::string::npos);
}

}  // namespace
}  // namespace daozhang::sandbox
