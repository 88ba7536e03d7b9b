#include "sim/checkers/transitions.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/machine.h"

namespace daozhang::sim {
namespace {

template <class Visit>
void each_machine(const Visit& visit) {
  visit("intent", domain::intent_machine);
  visit("unit", domain::unit_machine);
  visit("hold", domain::hold_machine);
  visit("attempt", domain::attempt_machine);
  visit("refund", domain::refund_machine);
  visit("item", domain::item_machine);
  visit("chargeback", domain::chargeback_machine);
}

// Where a machine's steps stand among all.
template <class State>
std::size_t offset_of() {
  std::size_t offset = 0;
  bool found = false;
  each_machine([&](const char*, const auto& machine) {
    using Its = std::remove_cvref_t<decltype(machine.steps[0].from)>;
    found = found || std::is_same_v<Its, State>;
    if (!found) offset += machine.steps.size();
  });
  return offset;
}

// The steps of the shortest way, at most `steps_left` of them; empty if there is none.
template <class Machine, class State>
std::vector<std::size_t> way(const Machine& machine, State from, State to, int steps_left) {
  for (std::size_t i = 0; i < machine.steps.size(); ++i)
    if (machine.steps[i].from == from && machine.steps[i].to == to) return {i};
  std::vector<std::size_t> best;
  if (steps_left == 1) return best;
  for (std::size_t i = 0; i < machine.steps.size(); ++i) {
    if (machine.steps[i].from != from) continue;
    auto rest = way(machine, machine.steps[i].to, to, steps_left - 1);
    if (rest.empty() || (!best.empty() && best.size() <= rest.size() + 1)) continue;
    rest.insert(rest.begin(), i);
    best = std::move(rest);
  }
  return best;
}

class Counter {
 public:
  explicit Counter(std::vector<std::int64_t>& counts) : counts_(counts) {}

  template <class Machine, class State>
  void step(const Machine& machine, State from, State to) {
    if (from == to) return;
    for (const auto i : way(machine, from, to, 4)) ++counts_[offset_of<State>() + i];
  }

  template <class List, class Machine>
  void steps(const List& before, const List& after, const Machine& machine) {
    for (std::size_t i = 0; i < before.size(); ++i) step(machine, before[i].state, after[i].state);
  }

 private:
  std::vector<std::int64_t>& counts_;
};

}  // namespace

Transitions::Transitions() {
  std::size_t size = 0;
  each_machine([&](const char*, const auto& machine) { size += machine.steps.size(); });
  counts_.resize(size);
}

void Transitions::see(const ports::Commit& commit) {
  Counter counter(counts_);
  for (const auto& item : commit.items) counter.step(domain::item_machine, item.from, item.to);
  for (const auto& change : commit.orders) {
    const auto& after = *change.after;
    if (change.before == nullptr) {
      for (const auto& unit : after.units)
        counter.step(domain::hold_machine, domain::HoldState::none, unit.hold);
      continue;
    }
    const auto& before = *change.before;
    counter.steps(before.intents, after.intents, domain::intent_machine);
    counter.steps(before.units, after.units, domain::unit_machine);
    counter.steps(before.attempts, after.attempts, domain::attempt_machine);
    counter.steps(before.refunds, after.refunds, domain::refund_machine);
    counter.steps(before.chargebacks, after.chargebacks, domain::chargeback_machine);
    for (std::size_t i = 0; i < before.units.size(); ++i)
      counter.step(domain::hold_machine, before.units[i].hold, after.units[i].hold);
  }
}

void Transitions::add(const Transitions& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::size_t Transitions::covered() const {
  return static_cast<std::size_t>(
      std::count_if(counts_.begin(), counts_.end(), [](std::int64_t n) { return n > 0; }));
}

std::vector<std::string> Transitions::missed() const {
  std::vector<std::string> missed;
  std::size_t at = 0;
  each_machine([&](const char* name, const auto& machine) {
    for (const auto& step : machine.steps)
      if (counts_[at++] == 0)
        missed.push_back(
            fmt::format("{}: {} -> {}", name, base::name_of(step.from), base::name_of(step.to)));
  });
  return missed;
}

}  // namespace daozhang::sim
