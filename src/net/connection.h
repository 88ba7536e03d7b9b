// One accepted connection: a state machine on one io thread; only for net/'s sources.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "net/http_server.h"
#include "net/io_context_box.h"
#include "net/request_parser.h"
#include "net/responder_target.h"
#include "net/stream_queue.h"

namespace daozhang::net {

class Connection;

std::int64_t monotonic_micros();

// Empties a buffer, and gives the memory of a large one back.
void release_if_large(std::string& buffer);

// What all connections of a server share. Written before the threads start, but for the counts.
struct ServerShared {
  ServerOptions options;
  Router router;
  std::atomic<std::size_t> connection_count{0};
  std::atomic<std::size_t> stream_count{0};
  std::atomic<std::uint64_t> request_count{0};
  std::atomic<std::uint64_t> refused_count{0};
};

// One io thread's own things. Only `loop` and `shared` may be touched by other threads.
struct ServerShard {
  ServerShard(std::shared_ptr<ServerShared> shared_in, std::string request_id_prefix_in)
      : shared(std::move(shared_in)), request_id_prefix(std::move(request_id_prefix_in)) {}

  std::string next_request_id();
  const std::string& http_date();  // The second of now, as `Date` wants it.
  void sweep();                    // Closes what is overdue, writes heartbeats.

  const std::shared_ptr<ServerShared> shared;
  const std::shared_ptr<IoLoop> loop = std::make_shared<IoLoop>();
  const std::string request_id_prefix;
  std::uint64_t request_id_next = 1;
  std::unordered_set<std::shared_ptr<Connection>> connections;
  std::array<char, 64 * 1024> scratch{};
  std::int64_t date_second = 0;
  std::string date;
  bool is_draining = false;
};

// Kept alive by its shard's set until closed, by Responders after that. All on the shard's thread
// but `answer` and `open_stream`.
class Connection final : public ResponderTarget,
                         public StreamWriter,
                         public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Connection(std::shared_ptr<ServerShard> shard, Socket socket);

  void start();
  void sweep(std::int64_t now);
  void drain();  // Ends at the next moment that breaks nothing.
  void close();

  void answer(Response response) override;
  EventStream open_stream(std::vector<FormField> headers) override;
  void queue_changed() override;

 private:
  enum class State { reading_head, reading_body, answering, streaming, ending, lingering, closed };

  void wait_readable();
  void on_readable();
  void process();
  bool take_head();  // Each returns whether `process` should go on.
  bool take_body();
  bool begin_body();
  bool dispatch();

  bool refuse(int status, std::string_view code, std::string_view detail);
  bool refuse_with(Response response);
  void take_answer(Response response);
  void start_stream(const std::shared_ptr<StreamQueue>& queue, std::vector<FormField> headers);
  void append_head(int status, const std::vector<FormField>& headers);
  void append_answer(const Response& response);
  void record(int status);
  void flush();
  void wait_writable();
  void on_writable();
  bool refill();
  void linger();
  void set_deadline(base::Duration from_now);

  const std::shared_ptr<ServerShard> shard_;
  Socket socket_;
  std::string peer_address_;
  State state_ = State::reading_head;
  std::string in_;
  HeadScanner scanner_;
  std::optional<RequestParser> parser_;
  RouteMatch match_;
  // Of the request being answered.
  Method method_ = Method::get;
  std::string path_;
  std::string client_address_;
  std::string request_id_;
  std::int64_t request_begin_ = 0;

  std::string out_;
  std::size_t out_written_ = 0;
  std::shared_ptr<StreamQueue> stream_;
  std::size_t lingered_bytes_ = 0;
  std::int64_t deadline_ = 0;  // Microseconds of the monotonic clock.
  bool is_processing_ = false;
  bool is_waiting_readable_ = false;
  bool is_waiting_writable_ = false;
  bool keeps_alive_ = true;
  bool ends_after_write_ = false;
};

}  // namespace daozhang::net
