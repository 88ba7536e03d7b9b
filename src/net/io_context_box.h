// What an IoLoop is made of; only for net/'s sources, because it brings Asio.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/executor.h"

namespace daozhang::net {

// `context` is run by one thread. Posted tasks are gathered in a vector of our own, so that a
// burst of them costs one Asio post and one wake-up.
class IoContextBox {
 public:
  IoContextBox() : work_(boost::asio::make_work_guard(context)) {}

  void start();
  void stop();
  void post(Task task);
  Executor::TimerId after(base::Duration delay, Task task);
  void cancel(Executor::TimerId timer);
  [[nodiscard]] bool is_current() const {
    return thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

  boost::asio::io_context context{1};

 private:
  struct Timer {
    explicit Timer(boost::asio::io_context& owner, Task what)
        : alarm(owner), task(std::move(what)) {}
    boost::asio::steady_timer alarm;
    Task task;
  };

  void drain();
  void arm(Executor::TimerId id, std::chrono::steady_clock::time_point when, Task task);

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
  std::atomic<std::thread::id> thread_id_{};
  std::atomic<Executor::TimerId> next_timer_{1};
  std::unordered_map<Executor::TimerId, std::unique_ptr<Timer>> timers_;  // Loop thread only.
  std::vector<Task> running_;                                             // Loop thread only.
  std::mutex mutex_;
  std::vector<Task> posted_;  // Under mutex_.
  bool is_stopped_ = false;   // Under mutex_; later tasks are dropped.
};

}  // namespace daozhang::net
