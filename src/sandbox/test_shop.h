// A sandbox on a free loopback port with a small shop beside it that records what it is told; for
// tests only.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/hex.h"
#include "connectors/payment/alipay/alipay_provider.h"
#include "connectors/payment/alipay/reply.h"
#include "connectors/supplier/http/signature.h"
#include "crypto/certificate.h"
#include "crypto/random.h"
#include "json/reader.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "sandbox/server.h"

namespace daozhang::sandbox {

class SandboxTest : public testing::Test {
 protected:
  using Fields = connectors::payment::alipay::FormFields;

  static const crypto::RsaPrivateKey& app_key() {
    static const auto key = crypto::RsaPrivateKey::generate(2048);
    return key;
  }
  static const crypto::RsaPrivateKey& alipay_key() {
    static const auto key = crypto::RsaPrivateKey::generate(2048);
    return key;
  }
  static inline const std::string wechat_mchid = "1900000001";
  static inline const std::string wechat_appid = "wx0123456789abcdef";
  static inline const std::string wechat_merchant_serial = "5D3A7C1E9B2F4860";
  static inline const std::string wechat_api_v3_key = "kQ7vX2mB9rT4wZ8nL5cJ1pH6sD3fG0yA";
  static inline const std::string wechat_app_secret = "53d67fcb97e68f9998cbd17ed7a8d1e2";
  static inline const std::string wechat_public_key_id = "PUB_KEY_ID_0119000000012026";
  static const crypto::RsaPrivateKey& wechat_merchant_key() {
    static const auto key = crypto::RsaPrivateKey::generate(2048);
    return key;
  }
  static const crypto::RsaPrivateKey& wechat_platform_key() {
    static const auto key = crypto::RsaPrivateKey::generate(2048);
    return key;
  }
  static const std::string& wechat_certificate() {
    static const std::string pem =
        crypto::make_certificate(wechat_platform_key(), "5A3B29C0FFEE01",
                                 World::now() - base::hours(1), World::now() + base::hours(1000));
    return pem;
  }
  // By which name the platform signs.
  WechatStyle wechat_style_ = WechatStyle::public_key;
  WechatKeys wechat_keys() const {
    return {{wechat_mchid, wechat_merchant_serial, wechat_merchant_key().public_key()},
            wechat_api_v3_key,
            wechat_platform_key(),
            wechat_certificate(),
            wechat_public_key_id,
            wechat_style_};
  }
  static inline const std::string epay_pid = "1001";
  static inline const std::string epay_key = "kT7wQz29LmXc84RvNb61YpHd";
  static const crypto::RsaPrivateKey& epay_merchant_key() {
    static const auto key = crypto::RsaPrivateKey::generate(2048);
    return key;
  }
  static const crypto::RsaPrivateKey& epay_platform_key() {
    static const auto key = crypto::RsaPrivateKey::generate(2048);
    return key;
  }
  static EpayKeys epay_keys() {
    return {epay_pid, epay_key, {}, epay_merchant_key().public_key(), epay_platform_key()};
  }
  static net::ClientOptions client_options() {
    net::ClientOptions options;
    options.address_rule = net::public_addresses(true);
    return options;
  }

  SandboxTest() {
    start_shop();
    start_sandbox();
  }
  ~SandboxTest() override {
    client_.stop();
    sandbox_->stop();
    shop_->stop(base::seconds(1));
  }

  void start_shop() {
    net::Router router;
    const auto record = [this](const std::string& answer) {
      return [this, answer](net::Request&& request, net::Responder responder) {
        std::string said = answer;
        int status = 200;
        {
          const std::scoped_lock lock(mutex_);
          if (refusals_ > 0) {
            --refusals_;
            status = 500;
          }
          if (!answers_.empty()) {
            said = answers_.front();
            answers_.erase(answers_.begin());
          }
          told_.push_back(std::move(request));
        }
        told_more_.notify_all();
        responder.send(net::text_response(status, said));
      };
    };
    router.add(net::Method::post, "/notify", record("success"));
    router.add(net::Method::get, "/notify", record("success"));
    router.add(net::Method::post, "/callback", record("{\"ok\":true}"));
    router.add(net::Method::get, "/go", [this](net::Request&&, net::Responder responder) {
      net::Response response;
      response.status = 302;
      response.with("Location", pay_link_);
      responder.send(std::move(response));
    });
    shop_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    ASSERT_TRUE(shop_->start());
    shop_url_ = "http://127.0.0.1:" + std::to_string(shop_->port());
  }

  void start_sandbox() {
    WorldOptions world;
    world.identity = {"2021000000000001", "2088000000000001", ""};
    world.terms.done_after = base::milliseconds(20);
    world.notify_speed = 10'000;  // The first repeat comes after 24 ms.
    world.seed = 5;
    const net::ListenAddress listen{"127.0.0.1", 0};
    world.wechatpay = {wechat_mchid, wechat_appid};
    world.epay = {epay_pid};
    ServerOptions options{
        listen,        world,       app_key().public_key(), alipay_key(), credentials_,
        wechat_keys(), epay_keys(), wechat_app_secret};
    sandbox_ = std::make_unique<Server>(std::move(options));
    ASSERT_TRUE(sandbox_->start());
    url_ = sandbox_->public_url();
  }

  net::OutgoingResult call(net::OutgoingRequest request) {
    std::promise<net::OutgoingResult> promise;
    client_.call(std::move(request),
                 [&](net::OutgoingResult&& result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }
  net::OutgoingResult get(const std::string& url) {
    net::OutgoingRequest request;
    request.url = url;
    return call(std::move(request));
  }
  net::OutgoingResult post(net::Method method, const std::string& url, std::string body,
                           std::string type = "application/json") {
    net::OutgoingRequest request;
    request.method = method;
    request.url = url;
    request.headers = {{"Content-Type", std::move(type)}};
    request.body = std::move(body);
    return call(std::move(request));
  }
  void fault(const std::string& name, const std::string& body) {
    const auto put = post(net::Method::put, url_ + "/sandbox/v1/faults/" + name, body);
    ASSERT_EQ(put.status, 200) << put.body;
  }

  // All parameters of a request of the shop, signed.
  Fields signed_fields(const std::string& method, const std::string& biz_content) {
    const std::string now = base::to_local_seconds(World::now(), base::beijing_offset);
    Fields fields = {{"app_id", "2021000000000001"},
                     {"method", method},
                     {"format", "JSON"},
                     {"charset", "utf-8"},
                     {"sign_type", "RSA2"},
                     {"timestamp", now},
                     {"version", "1.0"},
                     {"notify_url", shop_url_ + "/notify"},
                     {"return_url", shop_url_ + "/return?from=alipay"},
                     {"biz_content", biz_content}};
    connectors::payment::alipay::sign_request(fields, app_key());
    return fields;
  }
  net::OutgoingResult gateway(const Fields& fields) {
    return post(net::Method::post, url_ + "/gateway.do",
                connectors::payment::alipay::encode_form(fields),
                "application/x-www-form-urlencoded;charset=utf-8");
  }
  // The business member of a signed answer; fails the test if the signature is wrong.
  json::Value ask(const std::string& method, const std::string& biz_content) {
    return content_of(method, gateway(signed_fields(method, biz_content)).body);
  }
  static json::Value content_of(const std::string& method, const std::string& body) {
    const auto cut = connectors::payment::alipay::cut_reply(
        body, connectors::payment::alipay::response_member(method));
    EXPECT_TRUE(cut) << body;
    if (!cut) return {};
    EXPECT_TRUE(connectors::payment::alipay::is_signed(*cut, alipay_key().public_key())) << body;
    return json::read(cut->content).value();
  }
  std::string page_url(const std::string& out_trade_no) {
    const std::string biz = "{\"out_trade_no\":\"" + out_trade_no +
                            "\",\"total_amount\":\"9.90\",\"subject\":\"卡密 <1>\","
                            "\"product_code\":\"FAST_INSTANT_TRADE_PAY\"}";
    return url_ + "/gateway.do?" +
           connectors::payment::alipay::encode_form(signed_fields("alipay.trade.page.pay", biz));
  }

  net::OutgoingResult supplier(net::Method method, const std::string& path, std::string body,
                               const std::string& nonce = base::to_hex(crypto::random_bytes(16))) {
    net::OutgoingRequest request;
    request.method = method;
    request.url = url_ + path;
    const auto headers = connectors::supplier::http::sign(credentials_, net::to_string(method),
                                                          path, body, World::now(), nonce);
    request.headers = {{"Content-Type", "application/json"},
                       {"Daozhang-Key", headers.key},
                       {"Daozhang-Timestamp", headers.timestamp},
                       {"Daozhang-Nonce", headers.nonce},
                       {"Daozhang-Signature", headers.signature}};
    request.body = std::move(body);
    return call(std::move(request));
  }
  std::string order_body(const std::string& reference) const {
    return "{\"reference\":\"" + reference +
           "\",\"sku\":\"mobile_50\",\"quantity\":1,\"target\":{\"phone\":\"13800138000\"},"
           "\"face_minor\":5000,\"currency\":\"CNY\",\"max_cost_minor\":5000,\"callback_url\":\"" +
           shop_url_ + "/callback\"}";
  }

  // The shop was told at least `count` times; gives what came.
  std::vector<net::Request> told(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        told_more_.wait_for(lock, std::chrono::seconds(30), [&] { return told_.size() >= count; }));
    return told_;
  }
  // What the shop will answer next, in order, before it answers as it should.
  void answer_next(std::vector<std::string> answers) {
    const std::scoped_lock lock(mutex_);
    answers_ = std::move(answers);
  }

  // The shop will answer 500 so many times before it answers as it should.
  void refuse_next(int times) {
    const std::scoped_lock lock(mutex_);
    refusals_ = times;
  }

  connectors::supplier::http::Credentials credentials_{"sandbox", "0123456789abcdef0123456789"};
  std::unique_ptr<net::HttpServer> shop_;
  std::unique_ptr<Server> sandbox_;
  net::HttpClient client_{client_options()};
  std::string shop_url_;
  std::string url_;
  std::string pay_link_;
  std::mutex mutex_;
  std::condition_variable told_more_;
  std::vector<net::Request> told_;
  std::vector<std::string> answers_;
  int refusals_ = 0;
};

}  // namespace daozhang::sandbox
