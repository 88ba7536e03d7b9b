#include "connectors/supplier/http/http_gateway.h"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <mutex>

#include "connectors/supplier/http/signature.h"
#include "connectors/supplier/http/supplier_protocol.h"
#include "net/http_server.h"

namespace daozhang::connectors::supplier::http {
namespace {

using ports::Outcome;
using ports::SupplierCallKind;
using ports::SupplierWord;

const base::Instant now = base::from_rfc3339("2026-11-22T13:05:00Z").value();
const Credentials credentials = {"shop-1", "0123456789abcdef0123456789abcdef"};

ports::SupplierCall call_of(SupplierCallKind kind) {
  ports::SupplierCall call;
  call.kind = kind;
  call.reference = "o1_u1_a1";
  call.sku = "mobile-50";
  call.target = {{"phone", "13812345678"}};
  call.face_minor = 5000;
  call.cost_minor_max = 5000;
  return call;
}

// A supplier that verifies what it is sent and has one order.
class SupplierServer {
 public:
  SupplierServer() : server_({}, routes()) { EXPECT_TRUE(server_.start()); }

  [[nodiscard]] std::string base_url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/api/";
  }
  // "POST /api/v1/orders verified", in the order of arrival.
  [[nodiscard]] std::vector<std::string> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  net::Router routes() {
    net::Router router;
    add(router, net::Method::post, "/api/v1/orders", OrderStatus::accepted);
    add(router, net::Method::get, "/api/v1/orders/{reference}", OrderStatus::done);
    add(router, net::Method::post, "/api/v1/orders/{reference}/cancel", OrderStatus::canceled);
    return router;
  }

  void add(net::Router& router, net::Method method, std::string_view pattern, OrderStatus status) {
    router.add(method, pattern, [this, status](net::Request&& request, net::Responder responder) {
      note(request);
      const Record record{"o1_u1_a1", status, "S1", 4900, std::nullopt, std::nullopt};
      responder.send(net::json_response(200, to_json(record)));
    });
  }

  void note(const net::Request& request) {
    const std::string method(net::to_string(request.method));
    SignedRequest received;
    received.method = method;
    received.path = request.path;
    received.body = request.body;
    received.key = request.header(key_header);
    received.timestamp = request.header(timestamp_header);
    received.nonce = request.header(nonce_header);
    received.signature = request.header(signature_header);
    const auto verified = verify(credentials, received, now);
    const std::lock_guard lock(mutex_);
    seen_.push_back(method + " " + request.path + " " +
                    (verified ? "verified" : std::string(base::name_of(verified.error()))));
  }

  std::mutex mutex_;
  std::vector<std::string> seen_;
  net::HttpServer server_;
};

class Gateway : public ::testing::Test {
 protected:
  static net::ClientOptions loopback() {
    net::ClientOptions options;
    options.address_rule = net::public_addresses(true);
    return options;
  }
  static GatewaySettings settings(const std::string& base_url) {
    GatewaySettings settings;
    settings.base_url = base_url;
    settings.key = credentials.key;
    settings.secret = credentials.secret;
    settings.callback_url = "http://127.0.0.1:1/v1/supplier-callbacks/demo";
    return settings;
  }
  static GatewaySources sources() {
    GatewaySources sources;
    sources.now = [] { return now; };
    return sources;
  }
  static ports::SupplierAnswer ask(ports::Supplier& supplier, SupplierCallKind kind) {
    std::promise<ports::SupplierAnswer> promise;
    supplier.call(call_of(kind), [&promise](ports::SupplierAnswer answer) {
      promise.set_value(std::move(answer));
    });
    return promise.get_future().get();
  }
  SettingsRefusal refusal(const GatewaySettings& bad) {
    const auto gateway = make_gateway(bad, client, sources());
    EXPECT_FALSE(gateway);
    return gateway.error();
  }

  net::HttpClient client{loopback()};
};

TEST_F(Gateway, SubmitsAsksAndCancelsWithSignaturesThatVerify) {
  SupplierServer server;
  const auto gateway = make_gateway(settings(server.base_url()), client, sources());
  ASSERT_TRUE(gateway);
  EXPECT_EQ(ask(**gateway, SupplierCallKind::submit).outcome, Outcome::accepted);
  EXPECT_EQ(ask(**gateway, SupplierCallKind::query).outcome, Outcome::done);
  EXPECT_EQ(ask(**gateway, SupplierCallKind::cancel).word, SupplierWord::canceled);
  EXPECT_EQ(server.seen(),
            (std::vector<std::string>{"POST /api/v1/orders verified",
                                      "GET /api/v1/orders/o1_u1_a1 verified",
                                      "POST /api/v1/orders/o1_u1_a1/cancel verified"}));
  client.stop();
}

TEST_F(Gateway, NobodyThereMeansThatNothingWasSentAndMayBeTriedAnew) {
  const auto gateway = make_gateway(settings("http://127.0.0.1:1"), client, sources());
  ASSERT_TRUE(gateway);
  const auto answer = ask(**gateway, SupplierCallKind::submit);
  EXPECT_EQ(answer.outcome, Outcome::failed);
  EXPECT_TRUE(answer.retry_can_help);
  EXPECT_EQ(answer.word, SupplierWord::none);
  EXPECT_EQ(answer.reason, "not_sent: connect_failed");
  client.stop();
}

TEST_F(Gateway, AStoppedClientStillAnswers) {
  const auto gateway = make_gateway(settings("http://127.0.0.1:9"), client, sources());
  ASSERT_TRUE(gateway);
  client.stop();
  EXPECT_EQ(ask(**gateway, SupplierCallKind::query).outcome, Outcome::failed);
}

TEST_F(Gateway, SettingsThatCanNotWorkAreRefusedAtTheStart) {
  for (const char* url : {"", "supplier.example", "ftp://supplier.example", "http://", "http:///x",
                          "https://user:pw@supplier.example", "https://supplier.example/?a=b",
                          "https://supplier.example/#x", "https://supplier .example",
                          "https://supplier.example\r\nX: y"}) {
    EXPECT_EQ(refusal(settings(url)), SettingsRefusal::bad_base_url) << url;
  }
  auto bad = settings("https://supplier.example");
  bad.key = "";
  EXPECT_EQ(refusal(bad), SettingsRefusal::bad_key);
  bad.key = "a\r\nX: y";
  EXPECT_EQ(refusal(bad), SettingsRefusal::bad_key);
  bad = settings("https://supplier.example");
  bad.secret = "";
  EXPECT_EQ(refusal(bad), SettingsRefusal::weak_secret);
  bad = settings("https://supplier.example");
  bad.callback_url = "/v1/supplier-callbacks/demo";
  EXPECT_EQ(refusal(bad), SettingsRefusal::bad_callback_url);
}

}  // namespace
}  // namespace daozhang::connectors::supplier::http
