#include "net/http_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "net/http_server.h"
#include "net/loopback_socket.h"

namespace daozhang::net {
namespace {

// Listens on loopback and does by hand what a proper server never would.
class RawListener {
 public:
  RawListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK(listen(fd_, 16) == 0);
    socklen_t size = sizeof address;
    CHECK(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~RawListener() { end(); }
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;

  void end() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int accept_one() { return accept(fd_, nullptr, nullptr); }
  static void read_request(int peer) {
    std::string got;
    std::array<char, 4096> bytes{};
    while (got.find("\r\n\r\n") == std::string::npos) {
      const ssize_t n = recv(peer, bytes.data(), bytes.size(), 0);
      if (n <= 0) return;
      got.append(bytes.data(), static_cast<std::size_t>(n));
    }
  }
  static void write(int peer, std::string_view bytes) {
    send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  [[nodiscard]] std::string url(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/";
  }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

class HttpClientTest : public testing::Test {
 protected:
  HttpClientTest() : client_({.address_rule = public_addresses(true)}) {
    Router router;
    router.add(Method::post, "/echo", [](Request&& request, Responder responder) {
      Response response = text_response(200, request.body);
      response.with("X-Type", std::string(request.header("Content-Type")));
      response.with("X-Expect", std::string(request.header("Expect")));
      response.with("X-Mine", std::string(request.header("X-Mine")));
      responder.send(std::move(response));
    });
    router.add(Method::get, "/status/{code}", [](Request&& request, Responder responder) {
      Response response = text_response(std::stoi(std::string(request.capture("code"))), "body");
      responder.send(std::move(response.with("Location", "/echo")));
    });
    router.add(Method::get, "/large", [](Request&&, Responder responder) {
      responder.send(text_response(200, std::string(100'000, 'x')));
    });
    router.add(Method::get, "/huge", [](Request&&, Responder responder) {
      responder.send(text_response(200, std::string(8'000'000, 'y')));
    });
    router.add(Method::get, "/held",
               [this](Request&&, Responder responder) { held_.push_back(std::move(responder)); });
    server_ = std::make_unique<HttpServer>(ServerOptions{}, std::move(router));
    CHECK(server_->start());
  }

  OutgoingResult call_with(HttpClient& client, OutgoingRequest request) {
    std::promise<OutgoingResult> done;
    client.call(std::move(request),
                [&](OutgoingResult&& result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  }
  OutgoingResult call(OutgoingRequest request) { return call_with(client_, std::move(request)); }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }

  std::vector<Responder> held_;  // On the server's thread.
  std::unique_ptr<HttpServer> server_;
  HttpClient client_;
};

void expect(const OutgoingResult& result, OutgoingOutcome outcome, OutgoingFault fault) {
  EXPECT_EQ(to_string(result.outcome), to_string(outcome)) << result.detail;
  EXPECT_EQ(to_string(result.fault), to_string(fault)) << result.detail;
  if (outcome != OutgoingOutcome::replied) {
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.body, "");
    EXPECT_EQ(result.headers.size(), 0U);
  }
}

TEST_F(HttpClientTest, SendsWhatItIsGivenAndNothingMore) {
  const OutgoingResult result = call({.method = Method::post,
                                      .url = url("/echo"),
                                      .headers = {{"X-Mine", "a b"}},
                                      .body = std::string("a\0b", 3)});
  expect(result, OutgoingOutcome::replied, OutgoingFault::none);
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.body, std::string("a\0b", 3));
  EXPECT_EQ(result.headers.find("X-Mine"), "a b");
  EXPECT_EQ(result.headers.find("X-Type"), "");
  EXPECT_EQ(result.headers.find("X-Expect"), "");
}

TEST(OutgoingResult, SaysWhatItEndedInAndNeverWhereItWent) {
  OutgoingResult result;
  result.outcome = OutgoingOutcome::replied;
  result.status = 502;
  EXPECT_EQ(words_of(result), "http_502");
  result.outcome = OutgoingOutcome::no_reply;
  result.fault = OutgoingFault::timed_out;
  result.detail = "https://gateway.example/?key=secret";
  EXPECT_EQ(words_of(result), "no_reply: timed_out");
}

TEST_F(HttpClientTest, EveryStatusIsAReplyAndNoRedirectIsFollowed) {
  for (const int status : {200, 302, 404, 500, 503}) {
    const OutgoingResult result = call({.url = url("/status/" + std::to_string(status))});
    expect(result, OutgoingOutcome::replied, OutgoingFault::none);
    EXPECT_EQ(result.status, status);
    EXPECT_EQ(result.body, "body");
  }
}

TEST_F(HttpClientTest, ARefusedConnectionIsProvablyNotSent) {
  RawListener listener;
  const std::string address = listener.url();
  listener.end();
  expect(call({.url = address}), OutgoingOutcome::not_sent, OutgoingFault::connect_failed);
}

TEST_F(HttpClientTest, AnUnknownNameIsProvablyNotSent) {
  expect(call({.url = "http://no-such-name.invalid/"}), OutgoingOutcome::not_sent,
         OutgoingFault::resolve_failed);
}

TEST_F(HttpClientTest, AFailedHandshakeIsProvablyNotSent) {
  RawListener listener;
  std::thread peer([&] {
    const int fd = listener.accept_one();
    RawListener::write(fd, "this is no TLS\r\n\r\n");
    std::array<char, 4096> bytes{};
    while (recv(fd, bytes.data(), bytes.size(), 0) > 0) {
    }
    close(fd);
  });
  expect(call({.method = Method::post, .url = listener.url("https"), .body = "x"}),
         OutgoingOutcome::not_sent, OutgoingFault::tls_failed);
  peer.join();
}

TEST_F(HttpClientTest, ATimeoutBeforeTheRequestIsNotSent) {
  RawListener listener;  // Accepts by its backlog and never speaks TLS.
  expect(call({.url = listener.url("https"), .total_time_max = base::milliseconds(50)}),
         OutgoingOutcome::not_sent, OutgoingFault::timed_out);
}

TEST_F(HttpClientTest, ATimeoutAfterTheRequestIsUnknown) {
  expect(call({.url = url("/held"), .total_time_max = base::milliseconds(200)}),
         OutgoingOutcome::no_reply, OutgoingFault::timed_out);
}

TEST_F(HttpClientTest, AConnectionThatEndsWithoutAReplyIsUnknown) {
  for (const char* reply :
       {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "no HTTP\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    RawListener listener;
    std::thread peer([&] {
      const int fd = listener.accept_one();
      RawListener::read_request(fd);
      RawListener::write(fd, reply);
      shutdown(fd, SHUT_RDWR);
      close(fd);
    });
    expect(call({.method = Method::post, .url = listener.url(), .body = "x"}),
           OutgoingOutcome::no_reply, OutgoingFault::broken);
    peer.join();
  }
}

TEST_F(HttpClientTest, AReplyOverTheLimitIsUnknown) {
  expect(call({.url = url("/large"), .reply_bytes_max = 99'999}), OutgoingOutcome::no_reply,
         OutgoingFault::reply_too_large);
  EXPECT_EQ(call({.url = url("/large"), .reply_bytes_max = 100'000}).body.size(), 100'000U);
}

TEST_F(HttpClientTest, EndlessReplyHeadersAreCutOff) {
  RawListener listener;
  std::thread peer([&] {
    const int fd = listener.accept_one();
    RawListener::read_request(fd);
    RawListener::write(fd, "HTTP/1.1 200 OK\r\n");
    const std::string line = "X-A: " + std::string(1000, 'b') + "\r\n";
    for (int i = 0; i < 200; ++i) RawListener::write(fd, line);
    close(fd);
  });
  EXPECT_EQ(call({.url = listener.url()}).outcome, OutgoingOutcome::no_reply);
  peer.join();
}

TEST_F(HttpClientTest, ASubmitIsNeverSentAgainOnANewConnection) {
  RawListener listener;
  std::atomic<int> request_count{0};
  std::thread peer([&] {
    for (;;) {
      const int fd = listener.accept_one();
      if (fd < 0) return;
      RawListener::read_request(fd);
      if (++request_count == 1) {
        RawListener::write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        RawListener::read_request(fd);  // A kept connection would carry the second request.
      }
      close(fd);
      if (request_count == 2) return;
    }
  });
  const OutgoingRequest submit{.method = Method::post, .url = listener.url(), .body = "x"};
  expect(call(submit), OutgoingOutcome::replied, OutgoingFault::none);
  expect(call(submit), OutgoingOutcome::no_reply, OutgoingFault::broken);
  peer.join();
  EXPECT_EQ(request_count, 2);
}

TEST_F(HttpClientTest, ARetryThatCanNotConnectIsStillUnknown) {
  RawListener listener;
  std::thread peer([&] {
    const int fd = listener.accept_one();
    RawListener::read_request(fd);
    RawListener::write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    listener.end();
    RawListener::read_request(fd);
    close(fd);
  });
  const OutgoingRequest query{.url = listener.url(), .may_be_sent_twice = true};
  expect(call(query), OutgoingOutcome::replied, OutgoingFault::none);
  EXPECT_EQ(call(query).outcome, OutgoingOutcome::no_reply);
  peer.join();
}

TEST_F(HttpClientTest, ForbiddenAddressesAreNeverConnected) {
  HttpClient strict({});
  const std::string port = std::to_string(server_->port());
  for (const std::string host : {"127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]",
                                 "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.0.0.1"}) {
    expect(call_with(strict, {.url = "http://" + host + ":" + port + "/status/200"}),
           OutgoingOutcome::not_sent, OutgoingFault::refused_address);
  }
  EXPECT_EQ(server_->counts().connections, 0U);
  EXPECT_EQ(server_->counts().requests, 0U);
}

TEST_F(HttpClientTest, OtherSchemesAndForgedHeadersAreRefused) {
  for (const char* bad :
       {"", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "127.0.0.1", "http://",
        "http://user:key@127.0.0.1/", "http://a b/", "http://127.0.0.1/\r\nX: y"}) {
    expect(call({.url = bad}), OutgoingOutcome::not_sent, OutgoingFault::bad_url);
  }
  expect(call({.url = url("/echo"), .headers = {{"X-A", "b\r\nX-C: d"}}}),
         OutgoingOutcome::not_sent, OutgoingFault::bad_url);
}

TEST_F(HttpClientTest, ALargeBodyIsTakenInPiecesAndNeverHeld) {
  std::size_t taken = 0;
  std::size_t largest = 0;
  const auto take = [&](std::string_view piece) {
    EXPECT_EQ(piece.find_first_not_of('y'), std::string_view::npos);
    taken += piece.size();
    largest = std::max(largest, piece.size());
    return true;
  };
  const OutgoingResult result =
      call({.url = url("/huge"), .reply_bytes_max = 8'000'000, .take_body = take});
  expect(result, OutgoingOutcome::replied, OutgoingFault::none);
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(taken, 8'000'000U);
  EXPECT_LE(largest, 64U * 1024);
  EXPECT_EQ(result.body, "");
}

TEST_F(HttpClientTest, ALargeBodyHasItsLimitAndItsTakerMaySayNo) {
  std::size_t taken = 0;
  const auto take = [&](std::string_view piece) {
    taken += piece.size();
    return true;
  };
  expect(call({.url = url("/huge"), .reply_bytes_max = 1'000'000, .take_body = take}),
         OutgoingOutcome::no_reply, OutgoingFault::reply_too_large);
  EXPECT_LE(taken, 1'000'000U);
  expect(call({.url = url("/huge"),
               .reply_bytes_max = 8'000'000,
               .take_body = [](std::string_view) { return false; }}),
         OutgoingOutcome::no_reply, OutgoingFault::reply_not_taken);
}

TEST_F(HttpClientTest, TheTakerSeesNothingOfARefusal) {
  std::size_t taken = 0;
  const OutgoingResult result =
      call({.url = url("/status/404"), .take_body = [&](std::string_view) {
              ++taken;
              return true;
            }});
  expect(result, OutgoingOutcome::replied, OutgoingFault::none);
  EXPECT_EQ(result.status, 404);
  EXPECT_EQ(result.body, "body");
  EXPECT_EQ(taken, 0U);
}

TEST_F(HttpClientTest, CallsOverTheLimitAreRefusedAtOnce) {
  HttpClient small({.address_rule = public_addresses(true), .call_count_max = 1});
  std::promise<OutgoingResult> first;
  small.call({.url = url("/held")},
             [&](OutgoingResult&& result) { first.set_value(std::move(result)); });
  expect(call_with(small, {.url = url("/held")}), OutgoingOutcome::not_sent,
         OutgoingFault::too_many_calls);
  small.stop();
  EXPECT_EQ(first.get_future().get().fault, OutgoingFault::stopped);
  expect(call_with(small, {.url = url("/held")}), OutgoingOutcome::not_sent,
         OutgoingFault::stopped);
}

TEST_F(HttpClientTest, OnlySoManyConnectionsGoToOneHost) {
  HttpClient narrow({.address_rule = public_addresses(true), .connections_per_host_max = 2});
  std::atomic<int> left{20};
  std::atomic<std::size_t> most{0};
  std::promise<void> done;
  for (int i = 0; i < 20; ++i) {
    narrow.call({.url = url("/status/200")}, [&](OutgoingResult&& result) {
      EXPECT_EQ(result.status, 200);
      most = std::max(most.load(), server_->counts().connections);
      if (--left == 0) done.set_value();
    });
  }
  done.get_future().wait();
  EXPECT_LE(most, 3U);  // One may still be closing on the server's side.
}

TEST_F(HttpClientTest, ManyCallsFromManyThreadsAllEnd) {
  std::atomic<int> left{2000};
  std::promise<void> done;
  const auto send = [&] {
    for (int i = 0; i < 500; ++i) {
      client_.call({.url = url("/status/200"), .may_be_sent_twice = true},
                   [&](OutgoingResult&& result) {
                     EXPECT_EQ(result.outcome, OutgoingOutcome::replied) << result.detail;
                     if (--left == 0) done.set_value();
                   });
    }
  };
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) senders.emplace_back(send);
  for (std::thread& sender : senders) sender.join();
  done.get_future().wait();
}

}  // namespace
}  // namespace daozhang::net
