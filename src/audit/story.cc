#include "audit/story.h"

#include "domain/order/change.h"

namespace daozhang::audit {

Story StoryTeller::story_of(const ports::AuditSource::OrderStory& rows) {
  static const domain::Order nothing;
  if (states_.size() < rows.events.size()) states_.resize(rows.events.size());
  std::size_t count = 0;
  for (const auto& event : rows.events) {
    auto& state = states_[count];
    state = count == 0 ? nothing : states_[count - 1];
    if (!domain::replay(state, event)) break;
    ++count;
  }
  return {rows, std::span(states_).first(count)};
}

}  // namespace daozhang::audit
