#include "connectors/payment/wechatpay/wechatpay_gateway_keys.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "connectors/payment/wechatpay/test_wechatpay_gateway.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::Outcome;
using ports::PaymentCallKind;
using WechatpayGatewayKeys = GatewayFixture;

TEST_F(WechatpayGatewayKeys, TheFirstCertificatesAreFetchedWhenTheyAreNeeded) {
  WechatServer server;
  server.sign_with(by_old());
  server.offer_certificates({offer(by_old())});
  server.answer_with(200, render_trade(test_trade()));
  const auto qr = by_certificates(server.url(), false);
  EXPECT_EQ(server.certificate_calls(), 0);
  const auto answer = ask(*qr, PaymentCallKind::query);
  EXPECT_EQ(answer.outcome, Outcome::done) << answer.problem;
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).outcome, Outcome::done);
  EXPECT_EQ(server.certificate_calls(), 1);
  client.stop();
}

TEST_F(WechatpayGatewayKeys, AReplyOfANewSerialWaitsForTheNewCertificate) {
  WechatServer server;
  server.sign_with(by_old());
  server.offer_certificates({offer(by_old())});
  server.answer_with(200, render_trade(test_trade()));
  const auto qr = by_certificates(server.url(), true);
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).outcome, Outcome::done);
  server.offer_certificates({offer(by_old()), offer(by_new())});
  server.sign_with(by_new());
  later_micros = base::minutes(2).micros;
  const auto answer = ask(*qr, PaymentCallKind::query);
  EXPECT_EQ(answer.outcome, Outcome::done) << answer.problem;
  server.sign_with(by_old());  // Both count while both are good.
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).outcome, Outcome::done);
  client.stop();
}

TEST_F(WechatpayGatewayKeys, ANoticeOfANewSerialIsRefusedAndReadWhenItComesAgain) {
  WechatServer server;
  server.sign_with(by_old());
  server.offer_certificates({offer(by_old()), offer(by_new())});
  server.answer_with(200, render_trade(test_trade()));
  const auto qr = by_certificates(server.url(), true);
  const std::string first(32, 'a');
  const std::string second(32, 'b');
  EXPECT_EQ(outcome(*qr, notice(by_new(), first)), "serial_unknown");
  for (int i = 0; i < 1000 && outcome(*qr, notice(by_new(), first)) == "serial_unknown"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(outcome(*qr, notice(by_new(), second)), "paid");
  EXPECT_EQ(server.certificate_calls(), 1);
  client.stop();
}

TEST_F(WechatpayGatewayKeys, UnknownSerialsDoNotMakeItAskAgainAndAgain) {
  WechatServer server;
  server.sign_with(by_old());
  server.offer_certificates({offer(by_old())});
  server.answer_with(200, render_trade(test_trade()));
  const auto qr = by_certificates(server.url(), true);
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).outcome, Outcome::done);
  server.sign_with({.serial = "0A0B0C0D", .key = new_key()});
  for (int i = 0; i < 5; ++i) {
    const auto answer = ask(*qr, PaymentCallKind::query);
    EXPECT_EQ(answer.outcome, Outcome::unknown);
    EXPECT_EQ(answer.problem, "serial_unknown, http_200");
  }
  EXPECT_LE(server.certificate_calls(), 1);
  client.stop();
}

TEST_F(WechatpayGatewayKeys, CertificatesAreFetchedAgainWhenTheyAreOld) {
  WechatServer server;
  server.sign_with(by_old());
  server.offer_certificates({offer(by_old())});
  const auto qr = by_certificates(server.url(), true);
  const auto asked = [&](int count) {
    for (int i = 0; i < 1000 && server.certificate_calls() < count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return server.certificate_calls();
  };
  // The clock of this server stands still, so it refuses what comes later; the asking counts.
  ask(*qr, PaymentCallKind::query);
  EXPECT_EQ(asked(1), 1);
  later_micros = base::hours(11).micros;
  outcome(*qr, notice(by_old(), std::string(32, 'a')));
  EXPECT_EQ(server.certificate_calls(), 1);
  later_micros = base::hours(12).micros;
  outcome(*qr, notice(by_old(), std::string(32, 'b')));
  EXPECT_EQ(asked(2), 2);
  client.stop();
}

TEST_F(WechatpayGatewayKeys, AFetchThatFailedIsTriedAgainAfterAMinute) {
  WechatServer server;
  server.sign_with(by_old());
  server.answer_with(200, render_trade(test_trade()));
  const auto qr = by_certificates(server.url(), false);
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).problem, "serial_unknown, http_200");
  server.offer_certificates({offer(by_old())});
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).problem, "serial_unknown, http_200");
  later_micros = base::minutes(1).micros;
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).outcome, Outcome::done);
  client.stop();
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
