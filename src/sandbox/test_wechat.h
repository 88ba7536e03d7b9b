// For tests only: the shop's WeChat Pay connector at the sandbox.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "connectors/payment/wechatpay/wechatpay_gateway.h"
#include "json/reader.h"
#include "sandbox/test_connector.h"

namespace daozhang::sandbox {

namespace wechatpay = connectors::payment::wechatpay;

class WechatConnectorTest : public ConnectorTest {
 protected:
  wechatpay::AccountSettings account_settings(ports::Way way) const {
    wechatpay::AccountSettings settings;
    settings.mchid = wechat_mchid;
    settings.appid = wechat_appid;
    settings.merchant_private_key = wechat_merchant_key().to_pem();
    settings.merchant_serial = wechat_merchant_serial;
    settings.api_v3_key = wechat_api_v3_key;
    settings.public_key_id = wechat_public_key_id;
    settings.public_key = wechat_platform_key().public_key_pem();
    settings.api_url = url_;
    settings.notify_url = shop_url_ + "/notify";
    settings.way = way;
    return settings;
  }
  std::unique_ptr<ports::PaymentChannel> channel(const wechatpay::AccountSettings& settings) {
    auto account = wechatpay::read_account(settings);
    EXPECT_TRUE(account) << base::name_of(account.error());
    wechatpay::GatewayOptions options;
    options.now = World::now;
    options.certificates_gap_min = {};
    return wechatpay::make_gateway(*std::move(account), client_, std::move(options));
  }
  std::unique_ptr<ports::PaymentChannel> channel(ports::Way way = ports::Way::qr) {
    return channel(account_settings(way));
  }
  // Knows no key at first: it fetches the certificates.
  std::unique_ptr<ports::PaymentChannel> by_certificates() {
    auto settings = account_settings(ports::Way::qr);
    settings.public_key = settings.public_key_id = "";
    settings.download_certificates = true;
    return channel(settings);
  }
  ports::PaymentAnswer ask_for(ports::PaymentChannel& port, ports::PaymentCallKind kind,
                               const std::string& trade_ref, const std::string& refund_ref = "R1") {
    auto call = payment_call(kind, channel_order(trade_ref));
    call.order.expires_at = expires_at_;
    call.order.payer_ip = "203.0.113.7";
    call.order.payer_id = "oPayer1";
    call.refund_ref = refund_ref;
    return ask(port, std::move(call));
  }
  void paid_trade(ports::PaymentChannel& port, const std::string& trade_ref) {
    const auto made = ask_for(port, ports::PaymentCallKind::create, trade_ref);
    ASSERT_EQ(made.outcome, ports::Outcome::done) << made.problem;
    pay_url(made.pay_content);
  }
  // The refund is asked for until it is no longer under way.
  ports::PaymentAnswer settled_refund(ports::PaymentChannel& port, const std::string& trade_ref,
                                      const std::string& refund_ref = "R1") {
    for (int i = 0; i < 500; ++i) {
      auto answer = ask_for(port, ports::PaymentCallKind::query_refund, trade_ref, refund_ref);
      if (answer.outcome != ports::Outcome::accepted) return answer;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the refund is still under way";
    return {};
  }
  std::string rotate(const std::string& style) {
    const auto told = post(net::Method::post, url_ + "/sandbox/v1/wechatpay/rotate",
                           "{\"style\":\"" + style + "\"}");
    EXPECT_EQ(told.status, 200) << told.body;
    return std::string(json::read(told.body)->text_of("pem"));
  }

  const base::Instant expires_at_ = World::now() + base::minutes(15);
};

}  // namespace daozhang::sandbox
