// Server-sent events (WHATWG HTML, "Server-sent events"). A handler turns its Responder into a
// stream; whoever knows of changes sends into it from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/task.h"

namespace daozhang::net {

class EventStreamState;

// A handle; copies mean the same stream, and the stream ends when the last copy goes. The server
// writes a comment every `ServerOptions::heartbeat`, so a dead peer is noticed.
// Nothing here blocks. Any thread.
class EventStream {
 public:
  static constexpr std::size_t queue_bytes_max = 256 * 1024;

  EventStream() = default;  // Closed.
  explicit EventStream(std::shared_ptr<EventStreamState> state);
  EventStream(const EventStream&) = default;
  EventStream(EventStream&&) noexcept = default;
  EventStream& operator=(const EventStream&) = default;
  EventStream& operator=(EventStream&&) noexcept = default;
  ~EventStream() = default;

  // Queues one event. `id` and `event` may be empty and must hold no line break; `data` may.
  // When the queue would exceed `queue_bytes_max` the stream is closed: the reader reconnects and
  // gets the present state. Returns false if the stream is closed.
  bool send(std::string_view id, std::string_view event, std::string_view data);
  // The same, but an event of this name that has not gone out yet is replaced by this one: for a
  // slow reader only the newest state matters, and the queue holds one entry per event name.
  bool send_latest(std::string_view id, std::string_view event, std::string_view data);
  // Ends the stream when what is queued is written.
  void close();
  [[nodiscard]] bool is_open() const;
  // `task` runs once on the io thread when the stream has ended, at once if it has. One task.
  void on_close(Task task);

 private:
  std::shared_ptr<EventStreamState> state_;
};

}  // namespace daozhang::net
