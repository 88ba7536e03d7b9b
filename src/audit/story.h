// One order with everything about it, and what it was after each of its events.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ports/order_store.h"

namespace daozhang::audit {

struct Story {
  const ports::AuditSource::OrderStory& rows;
  // By replay, one an event; ends before the first event that is none of ours.
  std::span<const domain::Order> states;

  [[nodiscard]] const domain::Order& order() const { return rows.order; }
  [[nodiscard]] const std::string& name() const { return rows.order.header.order_no; }
};

// Tells one story after the other, in the same memory. One thread.
class StoryTeller {
 public:
  // Good until the next call; `rows` must outlive it.
  Story story_of(const ports::AuditSource::OrderStory& rows);

 private:
  std::vector<domain::Order> states_;
};

// Calls `visit(before, after)` for each event; `before` is a new order's for the first.
template <class Visit>
void each_step(const Story& story, Visit visit) {
  static const domain::Order nothing;
  for (std::size_t i = 0; i < story.states.size(); ++i)
    visit(i == 0 ? nothing : story.states[i - 1], story.states[i]);
}

}  // namespace daozhang::audit
