// Virtual time: what happens next, by time, and among equals by a number drawn from the seed. The
// drawn number is what explores interleavings; time jumps to the next event, so waiting is free.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/prng.h"

namespace daozhang::sim {

// One thread.
class Schedule {
 public:
  Schedule(std::uint64_t seed, base::Instant start) : ties_(seed, "ties"), now_(start) {}

  [[nodiscard]] base::Instant now() const { return now_; }
  void at(base::Instant when, std::function<void()> happen) {
    events_.push_back({Key{std::max(when, now_), ties_.next(), ++count_}, std::move(happen)});
    std::push_heap(events_.begin(), events_.end(), happens_later);
  }
  void in(base::Duration delay, std::function<void()> happen) {
    at(now_ + delay, std::move(happen));
  }

  [[nodiscard]] bool empty() const { return events_.empty(); }
  [[nodiscard]] base::Instant next_at() const {
    return events_.empty() ? base::Instant{} : std::get<0>(events_.front().key);
  }
  // Makes the next event happen. There must be one.
  void run_next() {
    std::pop_heap(events_.begin(), events_.end(), happens_later);
    const auto happen = std::move(events_.back().happen);
    now_ = std::get<0>(events_.back().key);
    events_.pop_back();
    happen();
  }
  // Nothing happens until `when`; whatever was due before has happened.
  void pass_until(base::Instant when) { now_ = std::max(now_, when); }
  [[nodiscard]] std::uint64_t scheduled_count() const { return count_; }

 private:
  using Key = std::tuple<base::Instant, std::uint64_t, std::uint64_t>;  // No two are equal.
  struct Event {
    Key key;
    std::function<void()> happen;
  };
  static bool happens_later(const Event& a, const Event& b) { return a.key > b.key; }

  base::Prng ties_;
  base::Instant now_;
  std::uint64_t count_ = 0;
  std::vector<Event> events_;  // A heap, the next in front.
};

}  // namespace daozhang::sim
