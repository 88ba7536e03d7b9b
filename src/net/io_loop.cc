#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "net/io_context_box.h"

namespace daozhang::net {

void IoContextBox::start() {
  CHECK(!thread_.joinable());
  thread_ = std::thread([this] {
    thread_id_ = std::this_thread::get_id();
    context.run();
    thread_id_ = std::thread::id();
  });
}

void IoContextBox::stop() {
  CHECK(!is_current());
  context.stop();
  if (thread_.joinable()) thread_.join();
  // What was posted and not run is destroyed outside the lock: a task may own a Responder, whose
  // destructor posts again.
  std::vector<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    dropped.swap(posted_);
  }
  dropped.clear();
  timers_.clear();
}

void IoContextBox::post(Task task) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopped_) return;
    first = posted_.empty();
    posted_.push_back(std::move(task));
  }
  if (first) boost::asio::post(context, [this] { drain(); });
}

void IoContextBox::drain() {
  {
    const std::lock_guard lock(mutex_);
    running_.swap(posted_);
  }
  for (Task& task : running_) {
    task();
    task = Task();
  }
  running_.clear();
}

void IoContextBox::arm(Executor::TimerId id, std::chrono::steady_clock::time_point when,
                       Task task) {
  auto& timer = timers_[id];
  timer = std::make_unique<Timer>(context, std::move(task));
  timer->alarm.expires_at(when);
  timer->alarm.async_wait([this, id](const boost::system::error_code&) {
    const auto found = timers_.find(id);
    if (found == timers_.end()) return;
    const auto owned = std::move(found->second);
    timers_.erase(found);
    owned->task();
  });
}

Executor::TimerId IoContextBox::after(base::Duration delay, Task task) {
  const Executor::TimerId id = next_timer_.fetch_add(1, std::memory_order_relaxed);
  const auto when = std::chrono::steady_clock::now() + std::chrono::microseconds(delay.micros);
  if (is_current()) {
    arm(id, when, std::move(task));
  } else {
    post([this, id, when, owned = std::move(task)]() mutable { arm(id, when, std::move(owned)); });
  }
  return id;
}

void IoContextBox::cancel(Executor::TimerId timer) {
  if (timer == 0) return;
  if (is_current()) {
    timers_.erase(timer);
  } else {
    post([this, timer] { timers_.erase(timer); });
  }
}

IoLoop::IoLoop() : box_(std::make_unique<IoContextBox>()) {}
IoLoop::~IoLoop() { box_->stop(); }
void IoLoop::start() { box_->start(); }
void IoLoop::stop() { box_->stop(); }
void IoLoop::post(Task task) { box_->post(std::move(task)); }
Executor::TimerId IoLoop::after(base::Duration delay, Task task) {
  return box_->after(delay, std::move(task));
}
void IoLoop::cancel(TimerId timer) { box_->cancel(timer); }
bool IoLoop::is_current() const { return box_->is_current(); }

}  // namespace daozhang::net
