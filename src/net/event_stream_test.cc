#include "net/event_stream.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "net/http_server.h"
#include "net/loopback_socket.h"
#include "net/stream_queue.h"

namespace daozhang::net {
namespace {

class EventStreamTest : public testing::Test {
 protected:
  HttpServer& serve(ServerOptions options = {}) {
    Router router;
    router.add(Method::get, "/events", [this](Request&&, Responder responder) {
      opened_.set_value(responder.open_stream({{"X-Order", "D7"}}));
    });
    server_ = std::make_unique<HttpServer>(std::move(options), std::move(router));
    EXPECT_TRUE(server_->start());
    return *server_;
  }
  EventStream open(LoopbackSocket& socket) {
    socket.write("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    return opened_.get_future().get();
  }

  std::promise<EventStream> opened_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(EventStreamTest, SendsEventsFromAnotherThreadInOrder) {
  LoopbackSocket socket(serve().port());
  EventStream stream = open(socket);
  const std::string head = socket.read_through("\r\n\r\n");
  EXPECT_NE(head.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(head.find("X-Order: D7\r\n"), std::string::npos);
  EXPECT_TRUE(stream.send("1", "order", R"({"a":1})"));
  EXPECT_EQ(socket.read_through("\n\n"), "id: 1\nevent: order\ndata: {\"a\":1}\n\n");
  EXPECT_TRUE(stream.send("", "", "x\r\ny\nz"));
  EXPECT_EQ(socket.read_through("\n\n"), "data: x\ndata: y\ndata: z\n\n");
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(stream.send(std::to_string(i), "e", "d"));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(socket.read_through("\n\n"), "id: " + std::to_string(i) + "\nevent: e\ndata: d\n\n");
  }
}

TEST_F(EventStreamTest, ALineBreakInANameCanNotForgeAnEvent) {
  LoopbackSocket socket(serve().port());
  EventStream stream = open(socket);
  stream.send("1\nevent: forged", "a\r\ndata: b", "c");
  socket.read_through("\r\n\r\n");
  EXPECT_EQ(socket.read_through("\n\n"), "id: 1event: forged\nevent: adata: b\ndata: c\n\n");
}

TEST_F(EventStreamTest, EndsWhenClosedAndTellsTheOwner) {
  LoopbackSocket socket(serve().port());
  EventStream stream = open(socket);
  std::promise<void> ended;
  stream.on_close([&] { ended.set_value(); });
  stream.send("1", "order", "last");
  stream.close();
  EXPECT_FALSE(stream.is_open());
  EXPECT_FALSE(stream.send("2", "order", "too late"));
  EXPECT_TRUE(socket.read_to_end().ends_with("data: last\n\n"));
  socket.end_writing();
  ended.get_future().wait();
}

TEST_F(EventStreamTest, EndsWhenTheLastHandleGoes) {
  LoopbackSocket socket(serve().port());
  {
    EventStream stream = open(socket);
    const EventStream copy = stream;
    stream = EventStream();
    EXPECT_TRUE(copy.is_open());
  }
  EXPECT_TRUE(socket.read_to_end().ends_with("\r\n\r\n"));
}

TEST_F(EventStreamTest, TellsTheOwnerWhenThePeerGoes) {
  auto socket = std::make_unique<LoopbackSocket>(serve().port());
  EventStream stream = open(*socket);
  EXPECT_EQ(socket->read_through("\r\n\r\n").substr(9, 3), "200");
  EXPECT_EQ(server_->counts().streams, 1U);
  std::promise<void> ended;
  stream.on_close([&] { ended.set_value(); });
  socket.reset();
  ended.get_future().wait();
  EXPECT_FALSE(stream.is_open());
  std::promise<void> told_again;
  stream.on_close([&] { told_again.set_value(); });
  told_again.get_future().wait();
}

TEST_F(EventStreamTest, ASilentStreamHasHeartbeats) {
  LoopbackSocket socket(serve({.heartbeat = base::milliseconds(20)}).port());
  const EventStream stream = open(socket);
  socket.read_through("\r\n\r\n");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(socket.read_through("\n\n"), ":\n\n");
}

TEST_F(EventStreamTest, StopEndsTheStreams) {
  LoopbackSocket socket(serve().port());
  const EventStream stream = open(socket);
  socket.read_through("\r\n\r\n");
  std::thread stopper([this] { server_->stop(base::seconds(30)); });
  EXPECT_EQ(socket.read_to_end(), "");
  socket.end_writing();
  stopper.join();
  EXPECT_FALSE(stream.is_open());
}

TEST_F(EventStreamTest, HeadGetsNoEvents) {
  LoopbackSocket socket(serve().port());
  socket.write("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
  EventStream stream = opened_.get_future().get();
  EXPECT_FALSE(stream.send("1", "order", "x"));
  EXPECT_TRUE(socket.read_to_end().ends_with("\r\n\r\n"));
}

class StreamQueueTest : public testing::Test {
 protected:
  // What was posted holds the queue, and the queue its loop.
  ~StreamQueueTest() override { loop_->stop(); }

  const std::shared_ptr<IoLoop> loop_ = std::make_shared<IoLoop>();
  const std::shared_ptr<StreamQueue> queue_ = std::make_shared<StreamQueue>(loop_);
};

TEST_F(StreamQueueTest, TheNewestStateReplacesTheOneNotYetWritten) {
  queue_->push("1", "order", "old", true);
  queue_->push("1", "other", "kept", true);
  queue_->push("2", "order", "new", true);
  EXPECT_EQ(queue_->take().bytes,
            "id: 1\nevent: other\ndata: kept\n\nid: 2\nevent: order\ndata: new\n\n");
  EXPECT_EQ(queue_->take().bytes, "");
}

TEST_F(StreamQueueTest, AnEndlessSenderOfLatestStateNeverFillsTheQueue) {
  const std::string state(1000, 'x');
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(queue_->push("1", "order", state, true));
  EXPECT_LT(queue_->take().bytes.size(), 1100U);
}

TEST_F(StreamQueueTest, AReaderTooSlowForAllEventsIsCutOff) {
  const std::string state(1000, 'x');
  int accepted = 0;
  while (queue_->push("1", "order", state, false)) ++accepted;
  EXPECT_LE(static_cast<std::size_t>(accepted) * 1000, EventStream::queue_bytes_max);
  EXPECT_FALSE(queue_->is_open());
  EXPECT_TRUE(queue_->take().is_last);
}

}  // namespace
}  // namespace daozhang::net
