// For tests of the gateway only: WeChat Pay as a local server, and gateways that ask it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "connectors/payment/wechatpay/test_account.h"
#include "connectors/payment/wechatpay/wechatpay_gateway.h"
#include "net/http_server.h"

namespace daozhang::connectors::payment::wechatpay {
inline const std::string old_serial = test_certificate_serial;
inline const std::string new_serial = "6B4C30D1FFEE0102030405060708090A0B0C0D0F";

inline const crypto::RsaPrivateKey& new_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}
inline PlatformSigning by_old() { return {.serial = old_serial, .key = test_platform_key()}; }
inline PlatformSigning by_new() { return {.serial = new_serial, .key = new_key()}; }

inline CertificateOffer offer(const PlatformSigning& signing) {
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

class GatewayFixture : public testing::Test {
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
  static ports::PaymentAnswer ask(ports::PaymentChannel& channel, ports::PaymentCallKind kind) {
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

}  // namespace daozhang::connectors::payment::wechatpay
