#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "api/admin/operator_client.h"
#include "api/admin/operator_key.h"
#include "json/fields.h"
#include "net/http_client.h"
#include "net/http_server.h"

namespace daozhang::api {
namespace {

crypto::MasterKeys keys_of(char letter) {
  crypto::MasterKeys keys;
  keys.kek = crypto::WipedBytes(std::string(32, 'k'));
  keys.access_code = crypto::WipedBytes(std::string(32, letter));
  return keys;
}

// A shop with one verb, `double`, that answers twice the number.
class OperatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    net::Router router;
    OperatorRoutes routes(router, keys_, [this](const OperatorRecord& record) {
      const std::lock_guard guard(lock_);
      records_.push_back(record);
    });
    routes.add(
        "double",
        [](const OperatorRequest& request, net::Responder responder) {
          json::Fields fields(request.request, {"number"});
          responder.send(net::json_response(
              200, "{\"twice\":" + std::to_string(2 * fields.integer("number")) + "}"));
        },
        1024);
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error();
  }

  [[nodiscard]] std::string listen() const {
    return "127.0.0.1:" + std::to_string(server_->port());
  }
  std::vector<OperatorRecord> records() {
    const std::lock_guard guard(lock_);
    return records_;
  }
  net::OutgoingResult post(std::vector<net::FormField> headers, std::string body) {
    net::ClientOptions options;
    options.address_rule = net::public_addresses(true);
    net::HttpClient client(std::move(options));
    net::OutgoingRequest request;
    request.method = net::Method::post;
    request.url = "http://" + listen() + "/admin/v1/double";
    request.headers = std::move(headers);
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::move(body);
    std::promise<net::OutgoingResult> told;
    client.call(std::move(request),
                [&told](net::OutgoingResult&& result) { told.set_value(std::move(result)); });
    return told.get_future().get();
  }
  [[nodiscard]] net::FormField proof() const {
    return {"Authorization", "Bearer " + operator_key(keys_)};
  }

  static constexpr const char* good = R"({"as":"lin","reason":"stock","request":{"number":21}})";
  crypto::MasterKeys keys_ = keys_of('a');
  std::mutex lock_;
  std::vector<OperatorRecord> records_;
  std::unique_ptr<net::HttpServer> server_;
};

TEST_F(OperatorTest, TheHolderOfTheKeyFileIsAnsweredAndLoggedWithNameAndReason) {
  OperatorClient client(listen(), keys_, {"lin", "the clock was set"});
  const auto answer = client.ask("double", R"({"number":21})");
  ASSERT_TRUE(answer) << answer.error().words;
  EXPECT_EQ(*answer->find("twice")->integer(), 42);
  const auto seen = records();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen[0].is_admitted);
  EXPECT_EQ(seen[0].verb, "/admin/v1/double");
  EXPECT_EQ(seen[0].acting.as, "lin");
  EXPECT_EQ(seen[0].acting.reason, "the clock was set");
  EXPECT_EQ(seen[0].request_id.size(), 24U);
}

TEST_F(OperatorTest, AnotherKeyFileIsRefusedAndLogged) {
  const auto others = keys_of('b');
  OperatorClient client(listen(), others, {"eve", "stock"});
  const auto answer = client.ask("double", R"({"number":21})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().refusal, AskRefusal::refused);
  EXPECT_EQ(answer.error().status, 401);
  EXPECT_EQ(answer.error().code, "not_the_operator");
  const auto seen = records();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_FALSE(seen[0].is_admitted);
  EXPECT_EQ(seen[0].acting.as, "");
}

TEST_F(OperatorTest, NothingButTheWholeProofOpens) {
  const std::string key = operator_key(keys_);
  const std::vector<std::string> wrong = {
      "",  "Bearer ",      "Bearer " + key.substr(1), "Bearer " + key + "0", "Basic " + key,
      key, "bearer " + key};
  for (const std::string& value : wrong) {
    std::vector<net::FormField> headers;
    if (!value.empty()) headers.push_back({"Authorization", value});
    EXPECT_EQ(post(headers, good).status, 401) << value;
  }
  EXPECT_EQ(post({proof()}, good).status, 200);
}

TEST_F(OperatorTest, HostAndOriginNeitherOpenNorClose) {
  EXPECT_EQ(post({proof(), {"Origin", "https://elsewhere.example"}}, good).status, 200);
  EXPECT_EQ(post({{"Origin", "http://" + listen()}}, good).status, 401);
}

TEST_F(OperatorTest, WhoAndWhyMustBeSaid) {
  for (const char* body :
       {R"({"reason":"r","request":{"number":1}})", R"({"as":"lin","request":{"number":1}})",
        R"({"as":"","reason":"r","request":{"number":1}})",
        R"({"as":"lin","reason":"  ","request":{"number":1}})",
        R"({"as":"a\nb","reason":"r","request":{"number":1}})", R"({"as":"lin","reason":"r"})",
        R"({"as":"lin","reason":"r","request":{"number":1},"more":1})", "[]", "{"})
    EXPECT_EQ(post({proof()}, body).status, 400) << body;
  EXPECT_EQ(post({proof()},
                 R"({"as":")" + std::string(65, 'x') + R"(","reason":"r","request":{"number":1}})")
                .status,
            400);
  EXPECT_TRUE(records().empty());
}

TEST_F(OperatorTest, ABodyOverTheVerbsLimitIsRefused) {
  EXPECT_EQ(post({proof()}, std::string(1025, ' ')).status, 413);
}

TEST_F(OperatorTest, NobodyThereIsToldFromNo) {
  const std::string gone = listen();
  server_.reset();
  OperatorClient client(gone, keys_, {"lin", "stock"});
  const auto answer = client.ask("double", "{}");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().refusal, AskRefusal::not_reached);
  EXPECT_NE(answer.error().words.find(gone), std::string::npos);
}

TEST(OperatorClient, AsksAnAddressOfTheWholeMachineAtItsLoopback) {
  const auto keys = keys_of('a');
  const auto address = [&](const char* listen) {
    return OperatorClient(listen, keys, {"lin", "r"}).address();
  };
  EXPECT_EQ(address("0.0.0.0:8081"), "http://127.0.0.1:8081");
  EXPECT_EQ(address("[::]:8081"), "http://[::1]:8081");
  EXPECT_EQ(address("10.0.0.7:9"), "http://10.0.0.7:9");
}

}  // namespace
}  // namespace daozhang::api
