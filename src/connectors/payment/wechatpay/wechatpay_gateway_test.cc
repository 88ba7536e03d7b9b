#include "connectors/payment/wechatpay/wechatpay_gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "connectors/payment/wechatpay/test_account.h"
#include "net/http_server.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::NoticeRefusal;
using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;
using ports::Way;

const std::string old_serial = test_certificate_serial;
const std::string new_serial = "6B4C30D1FFEE0102030405060708090A0B0C0D0F";

const crypto::RsaPrivateKey& new_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}
PlatformSigning by_old() { return {.serial = old_serial, .key = test_platform_key()}; }
PlatformSigning by_new() { return {.serial = new_serial, .key = new_key()}; }

CertificateOffer offer(const PlatformSigning& signing) {
  const auto from = test_now - base::hours(1);
  const auto until = test_now + base::hours(1000);
  return {.serial = signing.serial,
          .valid_from = from,
          .valid_until = until,
          .pem = crypto::make_certificate(signing.key, signing.serial, from, until)};
}

// WeChat Pay as a test wants it: verifies what it is sent, signs what it answers.
class WechatServer {
 public:
  WechatServer() : server_({}, routes()) { EXPECT_TRUE(server_.start().has_value()); }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }
  void answer_with(int status, std::string body) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    body_ = std::move(body);
  }
  void sign_with(PlatformSigning signing) {
    const std::lock_guard lock(mutex_);
    signing_ = std::move(signing);
  }
  void offer_certificates(std::vector<CertificateOffer> offers) {
    const std::lock_guard lock(mutex_);
    offers_ = std::move(offers);
  }
  void do_not_sign() {
    const std::lock_guard lock(mutex_);
    signs_ = false;
  }
  // "GET /v3/…", or the refusal's name; not of the certificates.
  [[nodiscard]] std::string last_seen() {
    const std::lock_guard lock(mutex_);
    return last_seen_;
  }
  [[nodiscard]] int certificate_calls() {
    const std::lock_guard lock(mutex_);
    return certificate_calls_;
  }

 private:
  net::Router routes() {
    net::Router router;
    for (const auto& [method, path] : std::initializer_list<std::pair<net::Method, const char*>>{
             {net::Method::post, "/v3/pay/transactions/native"},
             {net::Method::get, "/v3/pay/transactions/out-trade-no/{ref}"},
             {net::Method::post, "/v3/pay/transactions/out-trade-no/{ref}/close"},
             {net::Method::post, "/v3/refund/domestic/refunds"},
             {net::Method::get, "/v3/refund/domestic/refunds/{ref}"},
             {net::Method::get, "/v3/certificates"}}) {
      router.add(method, path, [this](net::Request&& request, net::Responder responder) {
        responder.send(reply_to(request));
      });
    }
    return router;
  }

  net::Response reply_to(const net::Request& request) {
    const std::string_view method = net::to_string(request.method);
    const auto nonce = verify_merchant(test_merchant(),
                                       {.method = method,
                                        .target = request.target,
                                        .authorization = request.header("Authorization"),
                                        .body = request.body},
                                       test_now);
    const std::lock_guard lock(mutex_);
    if (request.path == "/v3/certificates") ++certificate_calls_;
    if (!nonce) {
      last_seen_ = base::name_of(nonce.error());
      return respond(401, render_error("SIGN_ERROR", last_seen_));
    }
    if (request.path == "/v3/certificates") {
      return respond(200, render_certificates(offers_, test_api_v3_key, *nonce));
    }
    last_seen_ = std::string(method) + " " + request.target;
    return respond(status_, body_);
  }

  net::Response respond(int status, const std::string& body) {
    net::Response response = net::json_response(status, body);
    if (!signs_) return response;
    for (auto& [name, value] : sign_message(body, signing_, test_stamp())) {
      response.with(name, value);
    }
    return response;
  }

  std::mutex mutex_;
  int status_ = 200;
  std::string body_;
  PlatformSigning signing_ = test_signing();
  std::vector<CertificateOffer> offers_;
  bool signs_ = true;
  std::string last_seen_;
  int certificate_calls_ = 0;
  net::HttpServer server_;
};

class WechatpayGateway : public testing::Test {
 protected:
  static net::ClientOptions loopback() {
    net::ClientOptions options;
    options.address_rule = net::public_addresses(true);
    return options;
  }
  std::unique_ptr<ports::PaymentChannel> channel(const AccountSettings& settings) {
    GatewayOptions options;
    options.now = [this] { return base::Instant{test_now.micros + later_micros.load()}; };
    return make_gateway(read_account(settings).value(), client, std::move(options));
  }
  std::unique_ptr<ports::PaymentChannel> channel(const std::string& url) {
    AccountSettings settings = test_settings();
    settings.api_url = url;
    return channel(settings);
  }
  // Certificate mode, with nothing to begin with, or with the old certificate.
  std::unique_ptr<ports::PaymentChannel> by_certificates(const std::string& url, bool with_old) {
    AccountSettings settings = test_settings();
    settings.api_url = url;
    settings.public_key = settings.public_key_id = "";
    if (with_old) settings.platform_certificates = test_certificate();
    settings.download_certificates = true;
    return channel(settings);
  }
  static ports::PaymentAnswer ask(ports::PaymentChannel& channel, PaymentCallKind kind) {
    return ask(channel, test_call(kind));
  }
  static ports::PaymentAnswer ask(ports::PaymentChannel& channel, ports::PaymentCall call) {
    std::promise<ports::PaymentAnswer> promise;
    channel.call(std::move(call),
                 [&promise](ports::PaymentAnswer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  static ports::NoticeMessage notice(const PlatformSigning& signing, std::string nonce) {
    const NoticeFacts facts{.id = "EV-1",
                            .event_type = "TRANSACTION.SUCCESS",
                            .plain = render_trade(test_trade()),
                            .created_at = test_now};
    const Stamp stamp{.now = test_now, .nonce = std::move(nonce)};
    return render_notice(facts, test_api_v3_key, signing, stamp);
  }
  static std::string outcome(ports::PaymentChannel& channel, const ports::NoticeMessage& message) {
    const auto read = channel.read_notice(message, test_now);
    return read ? std::string(base::name_of(read->trade))
                : std::string(base::name_of(read.error()));
  }

  std::atomic<std::int64_t> later_micros = 0;
  net::HttpClient client{loopback()};
};

TEST_F(WechatpayGateway, EveryCallArrivesSignedAndItsReplyIsRead) {
  WechatServer server;
  const auto qr = channel(server.url());
  struct Case {
    PaymentCallKind kind;
    int status;
    std::string body;
    const char* seen;
  };
  for (const Case& one : {
           Case{PaymentCallKind::create, 200, R"({"code_url":"weixin://wxpay/1"})",
                "POST /v3/pay/transactions/native"},
           Case{PaymentCallKind::query, 200, render_trade(test_trade()),
                "GET /v3/pay/transactions/out-trade-no/D7Q2XK5M_1?mchid=1900000001"},
           Case{PaymentCallKind::close, 204, "",
                "POST /v3/pay/transactions/out-trade-no/D7Q2XK5M_1/close"},
           Case{PaymentCallKind::refund, 200, render_refund(test_refund()),
                "POST /v3/refund/domestic/refunds"},
           Case{PaymentCallKind::query_refund, 200, render_refund(test_refund()),
                "GET /v3/refund/domestic/refunds/R1"},
       }) {
    server.answer_with(one.status, one.body);
    const auto answer = ask(*qr, one.kind);
    EXPECT_EQ(answer.outcome, Outcome::done) << one.seen << " " << answer.problem;
    EXPECT_EQ(server.last_seen(), one.seen);
  }
  EXPECT_EQ(server.certificate_calls(), 0);
  client.stop();
}

TEST_F(WechatpayGateway, AReplyWithoutProofIsUnknownEvenIfItSaysNo) {
  WechatServer server;
  const auto qr = channel(server.url());
  server.answer_with(403, render_error("NOT_ENOUGH", ""));
  EXPECT_EQ(ask(*qr, PaymentCallKind::refund).outcome, Outcome::failed);
  server.do_not_sign();
  const auto answer = ask(*qr, PaymentCallKind::refund);
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.problem, "signature_missing, http_403");
  client.stop();
}

TEST_F(WechatpayGateway, NobodyThereIsUnknown) {
  const auto qr = channel("http://127.0.0.1:1");
  const auto answer = ask(*qr, PaymentCallKind::query);
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.problem, "not_sent: connect_failed");
  client.stop();
}

TEST_F(WechatpayGateway, ACallThatCanNotBeMadeIsFailedAndNotSent) {
  WechatServer server;
  const auto qr = channel(server.url());
  auto call = test_call(PaymentCallKind::create);
  call.order.trade_ref = "x";
  const auto answer = ask(*qr, call);
  EXPECT_EQ(answer.outcome, Outcome::failed);
  EXPECT_EQ(answer.problem, "trade_ref_unusable");
  EXPECT_EQ(server.last_seen(), "");
  client.stop();
}

TEST_F(WechatpayGateway, ACallOutlivesItsGateway) {
  WechatServer server;
  server.answer_with(404, render_error("ORDER_NOT_EXIST", ""));
  auto qr = channel(server.url());
  std::promise<ports::PaymentAnswer> promise;
  qr->call(test_call(PaymentCallKind::query),
           [&promise](ports::PaymentAnswer answer) { promise.set_value(std::move(answer)); });
  qr.reset();
  EXPECT_EQ(promise.get_future().get().trade, TradeStatus::not_exist);
  client.stop();
}

TEST_F(WechatpayGateway, ThereAreNoPayLinks) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  EXPECT_EQ(qr->pay_link(test_order(), test_now).error(),
            ports::PayLinkRefusal::not_a_link_channel);
  EXPECT_EQ(qr->capabilities().way, Way::qr);
  EXPECT_FALSE(qr->capabilities().confirm_by_query);
}

TEST_F(WechatpayGateway, TheFirstCertificatesAreFetchedWhenTheyAreNeeded) {
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

TEST_F(WechatpayGateway, AReplyOfANewSerialWaitsForTheNewCertificate) {
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

TEST_F(WechatpayGateway, ANoticeOfANewSerialIsRefusedAndReadWhenItComesAgain) {
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

TEST_F(WechatpayGateway, UnknownSerialsDoNotMakeItAskAgainAndAgain) {
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

TEST_F(WechatpayGateway, CertificatesAreFetchedAgainWhenTheyAreOld) {
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

TEST_F(WechatpayGateway, AFetchThatFailedIsTriedAgainAfterAMinute) {
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

TEST_F(WechatpayGateway, TheSameSignedNoticeCountsOnceAndARepeatSignedAnewDoes) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  const auto message = notice(test_signing(), std::string(32, 'a'));
  EXPECT_EQ(outcome(*qr, message), "paid");
  EXPECT_EQ(outcome(*qr, message), "nonce_reused");
  EXPECT_EQ(outcome(*qr, notice(test_signing(), std::string(32, 'b'))), "paid");
}

TEST_F(WechatpayGateway, ARefusedNoticeDoesNotUseItsNonceUp) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  auto message = notice(test_signing(), std::string(32, 'a'));
  message.body += ' ';
  EXPECT_EQ(outcome(*qr, message), "signature_invalid");
  message.body.pop_back();
  EXPECT_EQ(outcome(*qr, message), "paid");
}

TEST_F(WechatpayGateway, NoticesAreAnsweredInWechatsWords) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  EXPECT_EQ(qr->notice_accepted(), R"({"code":"SUCCESS"})");
  EXPECT_THAT(std::string(qr->notice_refused()), testing::HasSubstr(R"("code":"FAIL")"));
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
