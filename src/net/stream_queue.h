// The queue between whoever sends events and the connection that writes them; only for net/.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "net/event_stream.h"
#include "net/executor.h"
#include "net/task.h"

namespace daozhang::net {

class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  virtual void queue_changed() = 0;  // On the loop.
};

// `push`, `close`, `is_open`, `on_close` on any thread; `take` and `ended` on the loop.
class StreamQueue : public std::enable_shared_from_this<StreamQueue> {
 public:
  explicit StreamQueue(std::shared_ptr<Executor> loop) : loop_(std::move(loop)) {}

  void attach(std::weak_ptr<StreamWriter> writer);  // On the loop.
  bool push(std::string_view id, std::string_view event, std::string_view data, bool latest);
  void close();
  [[nodiscard]] bool is_open() const;
  void on_close(Task task);

  struct Taken {
    std::string bytes;
    bool is_last = false;  // Nothing will follow.
  };
  Taken take();
  void ended();  // The connection is gone.

 private:
  struct Entry {
    std::string event;
    std::string bytes;
  };
  void wake(bool needed);

  const std::shared_ptr<Executor> loop_;
  std::weak_ptr<StreamWriter> writer_;  // Loop only.
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;
  std::size_t queued_bytes_ = 0;
  bool is_open_ = true;
  bool is_ended_ = false;
  bool wake_pending_ = false;
  Task on_close_;
};

// Shared by the copies of an EventStream.
class EventStreamState {
 public:
  explicit EventStreamState(std::shared_ptr<StreamQueue> queue) : queue_(std::move(queue)) {}
  ~EventStreamState() { queue_->close(); }
  EventStreamState(const EventStreamState&) = delete;
  EventStreamState& operator=(const EventStreamState&) = delete;
  [[nodiscard]] StreamQueue& queue() { return *queue_; }

 private:
  const std::shared_ptr<StreamQueue> queue_;
};

}  // namespace daozhang::net
