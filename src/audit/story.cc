#include "audit/story.h"

#include "domain/order/change.h"

namespace daozhang::audit {

Story story_of(const ports::AuditSource::OrderStory& rows) {
  Story story{rows, {}};
  domain::Order order;
  for (const auto& event : rows.events) {
    if (!domain::replay(order, event)) break;
    story.states.push_back(order);
  }
  return story;
}

}  // namespace daozhang::audit
