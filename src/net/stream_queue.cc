#include "net/stream_queue.h"

#include <algorithm>
#include <utility>

namespace daozhang::net {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += name;
  out += ": ";
  std::copy_if(value.begin(), value.end(), std::back_inserter(out),
               [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
  out.push_back('\n');
}

std::string event_text(std::string_view id, std::string_view event, std::string_view data) {
  std::string out;
  out.reserve(data.size() + id.size() + event.size() + 32);
  append_field(out, "id", id);
  append_field(out, "event", event);
  for (;;) {
    const std::size_t end = data.find_first_of("\r\n");
    out += "data: ";
    out += data.substr(0, end);
    out.push_back('\n');
    if (end == std::string_view::npos) break;
    const bool is_pair = data.substr(end, 2) == "\r\n";
    data.remove_prefix(end + (is_pair ? 2 : 1));
  }
  out.push_back('\n');
  return out;
}

}  // namespace

void StreamQueue::attach(std::weak_ptr<StreamWriter> writer) { writer_ = std::move(writer); }

void StreamQueue::wake(bool needed) {
  if (!needed) return;
  loop_->post([self = shared_from_this()] {
    if (const auto writer = self->writer_.lock()) writer->queue_changed();
  });
}

bool StreamQueue::push(std::string_view id, std::string_view event, std::string_view data,
                       bool latest) {
  std::string bytes = event_text(id, event, data);
  bool wakes = false;
  bool accepted = true;
  {
    const std::lock_guard lock(mutex_);
    if (!is_open_) return false;
    const auto same = latest ? std::find_if(entries_.begin(), entries_.end(),
                                            [&](const Entry& e) { return e.event == event; })
                             : entries_.end();
    if (same != entries_.end()) {
      queued_bytes_ -= same->bytes.size();
      entries_.erase(same);
    }
    queued_bytes_ += bytes.size();
    entries_.push_back({std::string(event), std::move(bytes)});
    if (queued_bytes_ > EventStream::queue_bytes_max) {
      entries_.clear();
      queued_bytes_ = 0;
      is_open_ = accepted = false;
    }
    wakes = !std::exchange(wake_pending_, true);
  }
  wake(wakes);
  return accepted;
}

void StreamQueue::close() {
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    if (!is_open_) return;
    is_open_ = false;
    wakes = !std::exchange(wake_pending_, true);
  }
  wake(wakes);
}

bool StreamQueue::is_open() const {
  const std::lock_guard lock(mutex_);
  return is_open_;
}

void StreamQueue::on_close(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_ended_) {
      on_close_ = std::move(task);
      return;
    }
  }
  loop_->post(std::move(task));
}

StreamQueue::Taken StreamQueue::take() {
  Taken taken;
  const std::lock_guard lock(mutex_);
  wake_pending_ = false;
  for (Entry& entry : entries_) taken.bytes += entry.bytes;
  entries_.clear();
  queued_bytes_ = 0;
  taken.is_last = !is_open_;
  return taken;
}

void StreamQueue::ended() {
  Task task;
  {
    const std::lock_guard lock(mutex_);
    if (is_ended_) return;
    is_ended_ = true;
    is_open_ = false;
    entries_.clear();
    queued_bytes_ = 0;
    task = std::move(on_close_);
  }
  if (task) task();
}

EventStream::EventStream(std::shared_ptr<EventStreamState> state) : state_(std::move(state)) {}

bool EventStream::send(std::string_view id, std::string_view event, std::string_view data) {
  return state_ != nullptr && state_->queue().push(id, event, data, false);
}

bool EventStream::send_latest(std::string_view id, std::string_view event, std::string_view data) {
  return state_ != nullptr && state_->queue().push(id, event, data, true);
}

void EventStream::close() {
  if (state_ != nullptr) state_->queue().close();
}

bool EventStream::is_open() const { return state_ != nullptr && state_->queue().is_open(); }

void EventStream::on_close(Task task) {
  if (state_ != nullptr) state_->queue().on_close(std::move(task));
}

}  // namespace daozhang::net
