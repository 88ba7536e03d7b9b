#include "hammer/load_client.h"

#include <gtest/gtest.h>

#include <set>

#include "net/http_server.h"

namespace daozhang::hammer {
namespace {

class LoadClientTest : public testing::Test {
 protected:
  void serve() {
    net::Router router;
    router.add(net::Method::post, "/echo", [](net::Request&& request, net::Responder responder) {
      responder.send(net::text_response(200, std::move(request.body)));
    });
    router.add(net::Method::get, "/close", [](net::Request&&, net::Responder responder) {
      auto response = net::text_response(200, "");
      response.close = true;
      responder.send(std::move(response));
    });
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    ASSERT_TRUE(server_->start());
    options_.port = server_->port();
    options_.connection_count = 3;
  }

  static std::string echo(const std::string& body) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }

  static std::vector<std::string> echoes(int count, std::size_t size = 0) {
    std::vector<std::string> requests;
    for (int i = 0; i < count; ++i)
      requests.push_back(echo(std::to_string(i) + std::string(size, 'x')));
    return requests;
  }

  std::unique_ptr<net::HttpServer> server_;
  LoadOptions options_;
};

TEST_F(LoadClientTest, EveryRequestHasItsOwnAnswer) {
  serve();
  const auto result = send_all(options_, echoes(200));
  ASSERT_TRUE(result) << result.error();
  ASSERT_EQ(result->answers.size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(result->answers[i].status, 200);
    EXPECT_EQ(result->answers[i].body, std::to_string(i));
    EXPECT_GE(result->took_micros[i], 0);
    EXPECT_LE(result->took_micros[i], result->window_micros);
  }
}

TEST_F(LoadClientTest, PipelinedRequestsHaveTheirOwnAnswersToo) {
  serve();
  options_.pipeline_depth = 4;
  const auto result = send_all(options_, echoes(101));
  ASSERT_TRUE(result) << result.error();
  for (std::size_t i = 0; i < 101; ++i) EXPECT_EQ(result->answers[i].body, std::to_string(i));
}

TEST_F(LoadClientTest, LargeRequestsAndAnswersArriveWhole) {
  serve();
  const auto requests = echoes(6, 60'000);
  const auto result = send_all(options_, requests);
  ASSERT_TRUE(result) << result.error();
  for (std::size_t i = 0; i < requests.size(); ++i)
    EXPECT_TRUE(requests[i].ends_with("\r\n\r\n" + result->answers[i].body));
}

TEST_F(LoadClientTest, NothingToSendIsNoLoad) {
  serve();
  const auto result = send_all(options_, {});
  ASSERT_TRUE(result) << result.error();
  EXPECT_TRUE(result->answers.empty());
}

TEST_F(LoadClientTest, AClosedConnectionEndsTheLoad) {
  serve();
  const std::vector<std::string> requests(20, "GET /close HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto result = send_all(options_, requests);
  ASSERT_FALSE(result);
  EXPECT_FALSE(result.error().empty());
}

TEST_F(LoadClientTest, AnAbsentServerIsNamedByItsPort) {
  serve();
  server_->stop({});
  server_.reset();
  const auto result = send_all(options_, echoes(1));
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().find(std::to_string(options_.port)), std::string::npos);
}

}  // namespace
}  // namespace daozhang::hammer
