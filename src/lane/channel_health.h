// How well each payment channel answers, over a sliding window: a channel that does not answer is
// kept from the checkout, and comes back by itself once it answers or its silence is too long ago.
//
// Any thread. Memory: fixed for each channel.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace daozhang::lane {

struct ChannelRecord {
  std::int64_t answered = 0;    // Calls in the window that proved what they say.
  std::int64_t unanswered = 0;  // Time-outs, broken connections, system errors, bad signatures.
  base::Duration delay_mean;    // Of the answered ones.
};

struct HealthRules {
  base::Duration window = base::minutes(5);
  std::int64_t unanswered_min = 3;  // Fewer say nothing.
  std::int64_t unanswered_percent = 50;
  base::Duration delay_max = base::seconds(8);
};

class ChannelHealth {
 public:
  explicit ChannelHealth(HealthRules rules = {}) : rules_(rules) {}

  // A call ended at `now` after `took`.
  void ended(std::string_view channel, bool answered, base::Duration took, base::Instant now);

  [[nodiscard]] ChannelRecord record(std::string_view channel, base::Instant now) const;
  // True for a channel that nobody has called lately.
  [[nodiscard]] bool is_answering(std::string_view channel, base::Instant now) const;

 private:
  static constexpr std::size_t slot_count = 30;
  struct Slot {
    std::int64_t number = -1;  // Of the time slice that it counts.
    std::int64_t answered = 0;
    std::int64_t unanswered = 0;
    std::int64_t micros = 0;
  };
  using Slots = std::array<Slot, slot_count>;

  [[nodiscard]] std::int64_t slice(base::Instant now) const;

  HealthRules rules_;
  mutable std::mutex mutex_;
  std::map<std::string, Slots, std::less<>> channels_;
};

}  // namespace daozhang::lane
