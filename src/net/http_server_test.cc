#include "net/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "net/loopback_socket.h"

namespace daozhang::net {
namespace {

using base::milliseconds;
using base::seconds;

// Responders on their way from the io thread to the test.
class Desk {
 public:
  void put(Responder responder) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(responder));
    }
    changed_.notify_all();
  }
  Responder take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty(); });
    Responder responder = std::move(waiting_.front());
    waiting_.pop_front();
    return responder;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Responder> waiting_;
};

std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class HttpServerTest : public testing::Test {
 protected:
  HttpServer& serve(ServerOptions options = {}) {
    add_routes();
    server_ = std::make_unique<HttpServer>(std::move(options), std::move(router_));
    const auto started = server_->start();
    EXPECT_TRUE(started) << started.error();
    return *server_;
  }

  void add_routes() {
    router_.add(Method::get, "/echo/{word}", [](Request&& request, Responder responder) {
      std::string body(request.capture("word"));
      for (const FormField& field : request.query.fields()) {
        body += "|" + field.name + "=" + field.value;
      }
      responder.send(text_response(200, body));
    });
    router_.add(Method::post, "/echo",
                [](Request&& request, Responder responder) {
                  responder.send(text_response(201, request.body));
                },
                {.body_bytes_max = 100'000});
    router_.add(Method::get, "/desk",
                [this](Request&&, Responder responder) { desk_.put(std::move(responder)); });
    router_.add(Method::get, "/dropped", [](Request&&, Responder) {});
    router_.add(Method::get, "/throws",
                [](Request&&, Responder) { throw std::runtime_error("secret detail"); });
    router_.add(Method::get, "/split", [](Request&&, Responder responder) {
      responder.send(text_response(200, "x").with("X-A", "b\r\nSet-Cookie: c=d"));
    });
    router_.add(Method::get, "/large", [this](Request&&, Responder responder) {
      Response response;
      response.shared_body = large_;
      responder.send(std::move(response));
    });
  }

  const std::shared_ptr<const std::string> large_ =
      std::make_shared<const std::string>(8 * 1024 * 1024, 'x');
  Desk desk_;
  Router router_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersWithCapturesAndQuery) {
  LoopbackSocket socket(serve().port());
  socket.write(get("/echo/a%20b?c=d+e&c=f"));
  const std::string answer = socket.read_answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\na b|c=d e|c=f"));
  EXPECT_TRUE(has(answer, "Date: "));
  EXPECT_TRUE(has(answer, "X-Request-Id: "));
}

TEST_F(HttpServerTest, KeepsTheConnectionForTheNextRequest) {
  LoopbackSocket socket(serve().port());
  for (int i = 0; i < 3; ++i) {
    socket.write(get("/echo/" + std::to_string(i)));
    EXPECT_TRUE(socket.read_answer().ends_with(std::to_string(i)));
  }
  EXPECT_EQ(server_->counts().requests, 3U);
  EXPECT_EQ(server_->counts().connections, 1U);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  LoopbackSocket socket(serve().port());
  std::string all;
  for (int i = 0; i < 500; ++i) all += get("/echo/n" + std::to_string(i));
  socket.write(all);
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(socket.read_answer().ends_with("\nn" + std::to_string(i))) << i;
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrderWhenAnotherThreadAnswers) {
  LoopbackSocket socket(serve().port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += get("/desk") + get("/echo/n" + std::to_string(i));
  socket.write(all);
  for (int i = 0; i < 50; ++i) {
    desk_.take().send(text_response(200, "m" + std::to_string(i)));
    ASSERT_TRUE(socket.read_answer().ends_with("\nm" + std::to_string(i))) << i;
    ASSERT_TRUE(socket.read_answer().ends_with("\nn" + std::to_string(i))) << i;
  }
}

TEST_F(HttpServerTest, ManyAnswersFromAnotherThreadReachTheirOwnConnections) {
  serve({.io_thread_count = 2});
  std::deque<LoopbackSocket> sockets;
  std::vector<Responder> held;
  for (int i = 0; i < 100; ++i) {
    sockets.emplace_back(server_->port()).write(get("/desk"));
    held.push_back(desk_.take());
  }
  for (std::size_t i = 100; i-- > 0;) held[i].send(text_response(200, "n" + std::to_string(i)));
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(sockets[i].read_answer().ends_with("\nn" + std::to_string(i)));
  }
}

TEST_F(HttpServerTest, ARequestThatArrivesInPiecesIsOne) {
  LoopbackSocket socket(serve().port());
  for (const char c :
       "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
       "GET /echo/z HTTP/1.1\r\nHost: a\r\n\r\n") {
    if (c != '\0') socket.write(std::string_view(&c, 1));
  }
  EXPECT_TRUE(socket.read_answer().ends_with("\nabc"));
  EXPECT_TRUE(socket.read_answer().ends_with("\nz"));
}

TEST_F(HttpServerTest, ChunksAreJoinedAndTrailersDropped) {
  LoopbackSocket socket(serve().port());
  socket.write(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\nA\r\n0123456789\r\n0\r\nHost: evil\r\nX-Sum: 9\r\n\r\n" +
      get("/echo/next"));
  EXPECT_TRUE(socket.read_answer().ends_with("\r\n\r\nabc0123456789"));
  EXPECT_TRUE(socket.read_answer().ends_with("\nnext"));
}

// In a build with assertions the parser below us ended the process at the fourth byte of `0 CR LF`.
TEST_F(HttpServerTest, ChunksMayArriveByteByByte) {
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  LoopbackSocket socket(serve().port());
  for (const std::string_view body :
       {"0\r\n\r\n", "0\r\nX-Sum: 9\r\n\r\n", "2\r\n00\r\n0\r\n\r\n"}) {
    for (const char c : head + std::string(body)) socket.write(std::string_view(&c, 1));
    EXPECT_TRUE(socket.read_answer().ends_with(body.starts_with('2') ? "\n00" : "\r\n\r\n"));
  }
}

TEST_F(HttpServerTest, HeadHasTheLengthAndNoBody) {
  LoopbackSocket socket(serve().port());
  socket.write("HEAD /echo/abc HTTP/1.1\r\nHost: a\r\n\r\n" +
               get("/echo/z", "Connection: close\r\n"));
  const std::string all = socket.read_to_end();
  EXPECT_TRUE(has(all, "Content-Length: 3\r\n\r\nHTTP/1.1 200 OK"));
}

TEST_F(HttpServerTest, NotFoundAndNotAllowedKeepTheConnection) {
  LoopbackSocket socket(serve().port());
  socket.write(get("/none") + "DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n" + get("/echo/z"));
  EXPECT_TRUE(has(socket.read_answer(), R"("code":"not_found")"));
  const std::string answer = socket.read_answer();
  EXPECT_TRUE(has(answer, "HTTP/1.1 405 "));
  EXPECT_TRUE(has(answer, "Allow: POST\r\n"));
  EXPECT_TRUE(socket.read_answer().ends_with("\nz"));
}

TEST_F(HttpServerTest, OldVersionIsAnsweredAndClosed) {
  LoopbackSocket socket(serve().port());
  socket.write("GET /echo/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(has(socket.read_to_end(), "Connection: close\r\n"));
}

TEST_F(HttpServerTest, ConnectionCloseIsHonored) {
  LoopbackSocket socket(serve().port());
  socket.write(get("/echo/a", "Connection: close\r\n"));
  EXPECT_TRUE(socket.read_to_end().ends_with("\r\n\r\na"));
}

TEST_F(HttpServerTest, AnOversizedBodyIsRefusedBeforeItIsSent) {
  LoopbackSocket socket(serve().port());
  socket.write("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
  EXPECT_TRUE(has(socket.read_answer(), "HTTP/1.1 413 "));
  EXPECT_EQ(socket.read_to_end(), "");
}

TEST_F(HttpServerTest, AClientThatWritesAllBeforeItReadsSeesItsRefusal) {
  LoopbackSocket socket(serve().port());
  const std::string body(50'000'000, ' ');
  socket.write("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
  EXPECT_TRUE(socket.write(body));
  EXPECT_TRUE(has(socket.read_answer(), "HTTP/1.1 413 "));
  socket.end_writing();
  EXPECT_EQ(socket.read_to_end(), "");
}

TEST_F(HttpServerTest, ContinueIsSaidOnlyForABodyThatWillBeTaken) {
  LoopbackSocket taken(serve().port());
  taken.write(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(taken.read_through("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  taken.write("abc");
  EXPECT_TRUE(taken.read_answer().ends_with("\nabc"));
  LoopbackSocket refused(server_->port());
  refused.write(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
  EXPECT_TRUE(has(refused.read_answer(), "HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, AdmitRefusesBeforeTheBodyIsRead) {
  std::atomic<int> handled{0};
  router_.add(Method::post, "/guarded",
              [&](Request&&, Responder responder) {
                ++handled;
                responder.send(text_response(200, "in"));
              },
              {.admit = [](const Request& request) -> std::optional<Response> {
                if (request.header("X-Key") == "right") return std::nullopt;
                return problem_response(429, "too_many_requests");
              }});
  LoopbackSocket socket(serve().port());
  socket.write("POST /guarded HTTP/1.1\r\nHost: a\r\nX-Key: right\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_TRUE(socket.read_answer().ends_with("\nin"));
  socket.write("POST /guarded HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
  EXPECT_TRUE(has(socket.read_answer(), "HTTP/1.1 429 "));
  EXPECT_EQ(socket.read_to_end(), "");
  EXPECT_EQ(handled, 1);
}

TEST_F(HttpServerTest, AFailingHandlerAnswersFiveHundredWithoutDetail) {
  LoopbackSocket socket(serve().port());
  for (const char* path : {"/dropped", "/throws", "/split"}) {
    socket.write(get(path));
    const std::string answer = socket.read_answer();
    EXPECT_TRUE(has(answer, "HTTP/1.1 500 ")) << path;
    EXPECT_TRUE(has(answer, R"("code":"internal_error")")) << path;
    EXPECT_FALSE(has(answer, "secret detail"));
    EXPECT_FALSE(has(answer, "Set-Cookie"));
  }
}

TEST_F(HttpServerTest, ALargeBodyReachesASlowReaderWhole) {
  LoopbackSocket socket(serve().port());
  socket.write(get("/large") + get("/echo/z"));
  const std::string answer = socket.read_answer();
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, large_->size());
  EXPECT_TRUE(socket.read_answer().ends_with("\nz"));
}

TEST_F(HttpServerTest, ASlowHeadIsRefused) {
  LoopbackSocket socket(serve({.header_time_max = milliseconds(40)}).port());
  socket.write("GET /echo/a HTTP/1.1\r\nHo");
  EXPECT_TRUE(has(socket.read_to_end(), "HTTP/1.1 408 "));
}

TEST_F(HttpServerTest, ASlowBodyIsRefused) {
  LoopbackSocket socket(serve({.body_time_max = milliseconds(40)}).port());
  socket.write("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
  EXPECT_TRUE(has(socket.read_to_end(), "HTTP/1.1 408 "));
}

TEST_F(HttpServerTest, AnIdleConnectionIsClosedInSilence) {
  LoopbackSocket socket(serve({.idle_time_max = milliseconds(40)}).port());
  EXPECT_EQ(socket.read_to_end(), "");
}

TEST_F(HttpServerTest, AnAnswerThatComesTooLateIsDropped) {
  LoopbackSocket socket(serve({.answer_time_max = milliseconds(40)}).port());
  socket.write(get("/desk"));
  Responder late = desk_.take();
  EXPECT_TRUE(has(socket.read_to_end(), R"("code":"answer_timed_out")"));
  late.send(text_response(200, "late"));
}

TEST_F(HttpServerTest, AReaderThatTakesNothingIsCutOff) {
  LoopbackSocket socket(serve({.write_time_max = milliseconds(40)}).port());
  std::string all;
  for (int i = 0; i < 8; ++i) all += get("/large");
  socket.write(all);
  while (server_->counts().connections == 0) std::this_thread::yield();
  while (server_->counts().connections > 0) std::this_thread::yield();
}

TEST_F(HttpServerTest, OneConnectionTooManyIsToldSo) {
  LoopbackSocket first(serve({.connection_count_max = 1}).port());
  first.write(get("/echo/a"));
  first.read_answer();
  LoopbackSocket second(server_->port());
  EXPECT_TRUE(second.read_to_end().starts_with("HTTP/1.1 503 "));
}

TEST_F(HttpServerTest, StopLetsTheRequestInFlightFinish) {
  const std::uint16_t port = serve().port();
  LoopbackSocket idle(port);
  idle.write(get("/echo/a"));
  idle.read_answer();
  LoopbackSocket busy(port);
  busy.write(get("/desk"));
  Responder responder = desk_.take();
  std::thread stopper([this] { server_->stop(seconds(30)); });
  EXPECT_EQ(idle.read_to_end(), "");
  responder.send(text_response(200, "done"));
  const std::string answer = busy.read_to_end();
  EXPECT_TRUE(has(answer, "Connection: close\r\n"));
  EXPECT_TRUE(answer.ends_with("done"));
  busy.end_writing();
  stopper.join();
}

TEST_F(HttpServerTest, StopIsBoundedAndALateResponderIsHarmless) {
  LoopbackSocket socket(serve().port());
  socket.write(get("/desk"));
  Responder responder = desk_.take();
  server_->stop(milliseconds(10));
  EXPECT_EQ(socket.read_to_end(), "");
  server_.reset();
  responder.send(text_response(200, "nobody hears this"));
  desk_.put(Responder());
}

TEST_F(HttpServerTest, EachAnswerIsRecorded) {
  std::mutex mutex;
  std::vector<std::string> records;
  ServerOptions options;
  options.on_answered = [&](const RequestRecord& record) {
    const std::lock_guard lock(mutex);
    records.push_back(std::string(to_string(record.method)) + " " + std::string(record.path) + " " +
                      std::string(record.route) + " " + std::to_string(record.status) + " " +
                      std::string(record.peer_address));
  };
  LoopbackSocket socket(serve(std::move(options)).port());
  socket.write(get("/echo/a?b=c") + get("/none") + "BREW / HTTP/1.1\r\nHost: a\r\n\r\n");
  socket.read_to_end();
  const std::lock_guard lock(mutex);
  const std::vector<std::string> expected{"GET /echo/a /echo/{word} 200 127.0.0.1",
                                          "GET /none  404 127.0.0.1", "GET /  501 127.0.0.1"};
  EXPECT_EQ(records, expected);
}

TEST_F(HttpServerTest, ATakenPortIsRefusedWithASentence) {
  const std::uint16_t port = serve().port();
  HttpServer second({.listen = {"127.0.0.1", port}}, Router());
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_TRUE(has(started.error(), "can not listen on 127.0.0.1:"));
  EXPECT_TRUE(has(started.error(), "in use"));
}

TEST(ListenAddress, IsALiteralWithAPort) {
  EXPECT_EQ(parse_listen("127.0.0.1:8080")->port, 8080);
  EXPECT_EQ(parse_listen("[::1]:80")->host, "::1");
  for (const char* bad : {"", "8080", ":80", "localhost:80", "127.0.0.1", "127.0.0.1:",
                          "127.0.0.1:65536", "127.0.0.1:8x", "::1:80", "[127.0.0.1]:80"}) {
    EXPECT_FALSE(parse_listen(bad)) << bad;
  }
}

TEST(IoLoop, RunsTasksInOrderAndTimersByTheirTime) {
  std::vector<int> ran;
  std::promise<void> done;
  IoLoop loop;
  loop.start();
  loop.post([&] {
    EXPECT_TRUE(loop.is_current());
    ran.push_back(1);
    loop.post([&] { ran.push_back(2); });
  });
  loop.after(milliseconds(20), [&] {
    ran.push_back(4);
    done.set_value();
  });
  loop.after(milliseconds(1), [&] { ran.push_back(3); });
  loop.cancel(loop.after(milliseconds(5), [&] { ran.push_back(99); }));
  done.get_future().wait();
  loop.stop();
  EXPECT_EQ(ran, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_FALSE(loop.is_current());
}

TEST(IoLoop, WhatIsPostedAfterTheStopIsDropped) {
  IoLoop loop;
  loop.start();
  loop.stop();
  bool ran = false;
  loop.post([&] { ran = true; });
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace daozhang::net
