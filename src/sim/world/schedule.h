// Virtual time: what happens next, by time, and among equals by a number drawn from the seed. The
// drawn number is what explores interleavings; time jumps to the next event, so waiting is free.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
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
    const auto place = free_.empty() ? happenings_.size() : free_.back();
    if (free_.empty()) {
      happenings_.push_back(std::move(happen));
    } else {
      happenings_[place] = std::move(happen);
      free_.pop_back();
    }
    events_.push_back({std::max(when, now_), ties_.next(), ++count_, place});
    std::push_heap(events_.begin(), events_.end(), std::greater{});
  }
  void in(base::Duration delay, std::function<void()> happen) {
    at(now_ + delay, std::move(happen));
  }

  [[nodiscard]] bool empty() const { return events_.empty(); }
  [[nodiscard]] base::Instant next_at() const {
    return events_.empty() ? base::Instant{} : events_.front().at;
  }
  // Makes the next event happen. There must be one.
  void run_next() {
    std::pop_heap(events_.begin(), events_.end(), std::greater{});
    const Event event = events_.back();
    events_.pop_back();
    free_.push_back(event.place);
    now_ = event.at;
    const auto happen = std::move(happenings_[event.place]);
    happen();
  }
  // Nothing happens until `when`; whatever was due before has happened.
  void pass_until(base::Instant when) { now_ = std::max(now_, when); }
  [[nodiscard]] std::uint64_t scheduled_count() const { return count_; }

 private:
  struct Event {
    base::Instant at;
    std::uint64_t tie = 0;
    std::uint64_t number = 0;  // No two have the same.
    std::size_t place = 0;     // In happenings_.
    friend auto operator<=>(const Event&, const Event&) = default;
  };
  base::Prng ties_;
  base::Instant now_;
  std::uint64_t count_ = 0;
  std::vector<Event> events_;  // A heap, the next in front.
  std::vector<std::function<void()>> happenings_;
  std::vector<std::size_t> free_;  // Places in happenings_.
};

}  // namespace daozhang::sim
