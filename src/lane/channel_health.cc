#include "lane/channel_health.h"

namespace daozhang::lane {

std::int64_t ChannelHealth::slice(base::Instant now) const {
  return now.micros / (rules_.window.micros / static_cast<std::int64_t>(slot_count));
}

void ChannelHealth::ended(std::string_view channel, bool answered, base::Duration took,
                          base::Instant now) {
  const std::int64_t number = slice(now);
  const std::lock_guard lock(mutex_);
  auto it = channels_.find(channel);
  if (it == channels_.end()) it = channels_.emplace(std::string(channel), Slots{}).first;
  auto& slot = it->second[static_cast<std::size_t>(number) % slot_count];
  if (slot.number != number) slot = {.number = number};
  if (!answered) {
    ++slot.unanswered;
    return;
  }
  ++slot.answered;
  slot.micros += took.micros;
}

ChannelRecord ChannelHealth::record(std::string_view channel, base::Instant now) const {
  const std::int64_t last = slice(now);
  const std::lock_guard lock(mutex_);
  ChannelRecord sum;
  const auto it = channels_.find(channel);
  if (it == channels_.end()) return sum;
  for (const auto& slot : it->second) {
    if (slot.number > last || slot.number <= last - static_cast<std::int64_t>(slot_count)) continue;
    sum.answered += slot.answered;
    sum.unanswered += slot.unanswered;
    sum.delay_mean.micros += slot.micros;
  }
  if (sum.answered > 0) sum.delay_mean.micros /= sum.answered;
  return sum;
}

bool ChannelHealth::is_answering(std::string_view channel, base::Instant now) const {
  const auto seen = record(channel, now);
  const auto total = seen.answered + seen.unanswered;
  const bool is_silent = seen.unanswered >= rules_.unanswered_min &&
                         seen.unanswered * 100 >= rules_.unanswered_percent * total;
  const bool is_slow = seen.answered >= rules_.unanswered_min && seen.delay_mean > rules_.delay_max;
  return !is_silent && !is_slow;
}

}  // namespace daozhang::lane
