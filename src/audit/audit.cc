#include "audit/audit.h"

#include <algorithm>
#include <charconv>
#include <deque>

#include "audit/findings.h"
#include "audit/rules.h"
#include "audit/story.h"

namespace daozhang::audit {
namespace {

// S2 before S13, and what has no number last.
std::int64_t place_of(const RuleResult& result) {
  std::int64_t number = 0;
  const auto name = result.name;
  const bool numbered =
      name.starts_with("S") &&
      std::from_chars(name.data() + 1, name.data() + name.size(), number).ec == std::errc{};
  return numbered ? number : 1000;
}

// The results by name.
class Results {
 public:
  explicit Results(std::size_t listed_max) : listed_max_(listed_max) {}

  RuleResult& of(std::string_view name, std::string_view meaning) {
    const auto known = std::ranges::find(results_, name, &RuleResult::name);
    if (known != results_.end()) return *known;
    auto& result = results_.emplace_back();
    result.name = name;
    result.meaning = meaning;
    return result;
  }
  template <class Rule, class Subject>
  void check(const Rule& rule, Subject& subject) {
    Findings findings(of(rule.name, rule.meaning), listed_max_);
    rule.check(subject, findings);
  }
  Report take() {
    std::ranges::stable_sort(results_, {}, place_of);
    return {{std::make_move_iterator(results_.begin()), std::make_move_iterator(results_.end())}};
  }

 private:
  std::size_t listed_max_;
  std::deque<RuleResult> results_;
};

void read_all(ports::AuditSource& source, std::span<const std::span<const StoryRule>> tables,
              Results& results, Collected& collected) {
  StoryTeller teller;
  source.each_order([&](const ports::AuditSource::OrderStory& rows) {
    const Story story = teller.story_of(rows);
    for (const auto& table : tables)
      for (const auto& rule : table) results.check(rule, story);
    collected.add(story);
  });
  source.each_batch(
      [&](const domain::ImportBatch& batch) { collected.batches.emplace(batch.batch_id, batch); });
  source.each_item([&](const domain::StockItem& item) { collected.add(item); });
  source.each_claim([&](const domain::Claim& claim) { collected.add(claim); });
  source.each_balance([&](const domain::Balance& balance) { collected.add(balance); });
  source.each_fee_posting([&](const domain::FeePosting& posting) { collected.add(posting); });
  collected.orphan_rows = source.orphan_rows();
}

}  // namespace

bool Report::is_clean() const {
  return std::ranges::all_of(rules, [](const auto& rule) { return rule.violation_count == 0; });
}

std::vector<std::string> Report::violated_rules() const {
  std::vector<std::string> names;
  for (const auto& rule : rules)
    if (rule.violation_count > 0) names.emplace_back(rule.name);
  return names;
}

Report audit(ports::AuditSource& source, const AuditSettings& settings) {
  Results results(settings.listed_max);
  Collected collected;
  const std::vector tables{history_rules(), money_rules(), posting_rules(), fulfillment_rules()};
  for (const auto& table : tables)
    for (const auto& rule : table) results.of(rule.name, rule.meaning);
  collected.integrity_problems = source.integrity_problems();
  // Reading on in a damaged file may end the process, and what it says counts for nothing.
  if (collected.integrity_problems.empty()) read_all(source, tables, results, collected);
  for (const auto& rule : store_rules()) results.check(rule, collected);
  return results.take();
}

}  // namespace daozhang::audit
