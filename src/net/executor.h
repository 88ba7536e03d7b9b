// One thread that runs posted tasks and timers, for components that live on an io thread.
#pragma once

#include <cstdint>
#include <memory>

#include "base/instant.h"
#include "net/task.h"

namespace daozhang::net {

// Tasks run one after the other on one thread, in the order in which they were posted. `post`,
// `after` and `cancel` may be called from any thread. A task must neither block nor throw.
class Executor {
 public:
  using TimerId = std::uint64_t;  // 0 is none.

  virtual ~Executor() = default;
  virtual void post(Task task) = 0;
  // Runs `task` once, not before `delay` has passed on the monotonic clock.
  virtual TimerId after(base::Duration delay, Task task) = 0;
  // The task will not run any more, unless it has begun. Unknown ids are ignored.
  virtual void cancel(TimerId timer) = 0;
  // True on the executor's own thread.
  [[nodiscard]] virtual bool is_current() const = 0;
};

class IoContextBox;  // Hides Asio.

// An Executor with a thread of its own. What is still posted when it stops is dropped unrun.
class IoLoop final : public Executor {
 public:
  IoLoop();
  ~IoLoop() override;
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  void start();  // Once.
  void stop();   // Idempotent; waits for the thread. Never from the loop's own thread.

  void post(Task task) override;
  TimerId after(base::Duration delay, Task task) override;
  void cancel(TimerId timer) override;
  [[nodiscard]] bool is_current() const override;

  // For net/ only.
  [[nodiscard]] IoContextBox& box() { return *box_; }

 private:
  std::unique_ptr<IoContextBox> box_;
};

}  // namespace daozhang::net
