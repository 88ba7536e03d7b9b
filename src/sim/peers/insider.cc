#include "sim/peers/insider.h"

#include <algorithm>
#include <vector>

#include "audit/audit.h"

namespace daozhang::sim {
namespace {

// Another digit in its place, so that it reads as before.
void change_a_digit(std::string& text) {
  const auto at = text.find_last_of("0123456789");
  if (at != std::string::npos) text[at] = text[at] == '9' ? '0' : static_cast<char>(text[at] + 1);
}

void change_a_leaf(std::string& leaf) { leaf[0] = leaf[0] == '0' ? '1' : '0'; }

}  // namespace

Insider::Insider(Scene& scene, RunStore& store)
    : scene_(scene),
      store_(store),
      prng_(scene.stream("insider")),
      row_(scene.faults.strikes(FaultKind::row_edited)),
      leaf_(scene.faults.strikes(FaultKind::leaf_edited)),
      ledger_(scene.faults.strikes(FaultKind::ledger_edited)) {}

void Insider::strike() {
  if (!row_ && !leaf_ && !ledger_) return;
  std::vector<OrderStory> stories;
  store_.audit([&](ports::AuditSource& source) {
    source.each_order([&](const OrderStory& story) { stories.push_back(story); });
  });
  if (stories.empty()) return;
  const auto& victim = stories[prng_.below(stories.size())];
  if (row_) expect_noticed(victim, with_other_row(victim), "S26");
  if (leaf_) expect_noticed(victim, with_other_leaf(victim), "S26");
  if (ledger_ && !victim.transfers.empty())
    expect_noticed(victim, with_other_ledger(victim), "S13");
}

Insider::OrderStory Insider::with_other_row(OrderStory story) {
  story.order.header.unit_price_minor += 1;
  // The newest leaf too, as if its event had said so.
  if (prng_.chance(1, 2)) change_a_leaf(story.events.back().leaf);
  return story;
}

Insider::OrderStory Insider::with_other_leaf(OrderStory story) {
  auto& event = story.events[prng_.below(story.events.size())];
  if (prng_.chance(1, 2))
    change_a_leaf(event.leaf);
  else
    change_a_digit(event.body);
  return story;
}

Insider::OrderStory Insider::with_other_ledger(OrderStory story) {
  auto& transfer = story.transfers[prng_.below(story.transfers.size())];
  if (prng_.chance(1, 2))
    transfer.amount_minor += 1;
  else
    transfer.credit = "somebody";
  return story;
}

void Insider::expect_noticed(const OrderStory& before, const OrderStory& after,
                             std::string_view rule) {
  bool noticed = false;
  store_.edit_by_hand(after);
  store_.audit([&](ports::AuditSource& source) {
    const auto broken = audit::audit(source).violated_rules();
    // A store that knows the sum of its leaves says so before anything is read.
    noticed = std::ranges::any_of(
        broken, [&](const auto& each) { return each == rule || each == "integrity"; });
  });
  store_.edit_by_hand(before);
  if (!noticed)
    scene_.record.violated("F67", "fsck missed what was edited by hand", before.order.key());
}

}  // namespace daozhang::sim
