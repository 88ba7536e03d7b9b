// Rules over an order's events: what may follow what, and that the rows are what the events say.
#include <algorithm>
#include <string>

#include "audit/rules.h"
#include "base/canonical_json.h"
#include "domain/identity/record.h"
#include "domain/order/change.h"

namespace daozhang::audit {
namespace {

using domain::Order;

// Whether a state can come out of another by steps of the table; a decision may take several.
template <class Machine, class State>
bool reaches(const Machine& machine, State from, State to) {
  if (from == to || machine.allows(from, to)) return true;
  std::vector<State> known{from};
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i] == to) return true;
    for (const auto& step : machine.steps)
      if (step.from == known[i] && std::ranges::find(known, step.to) == known.end())
        known.push_back(step.to);
  }
  return false;
}

template <class State>
std::string step_words(std::string_view what, std::int32_t no, State from, State to) {
  return std::string(what) + " " + std::to_string(no) + " went from " +
         std::string(base::name_of(from)) + " to " + std::string(base::name_of(to)) +
         ", which its machine does not allow.";
}

// Compares each record of a list with what it was; a new one begins as a new record does.
template <class Record, class Machine, class StateOf>
void check_list(std::string_view what, const std::vector<Record>& before,
                const std::vector<Record>& after, const Machine& machine, StateOf state_of,
                const Story& story, Findings& findings) {
  static const Record born{};
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto from = i < before.size() ? state_of(before[i]) : state_of(born);
    const auto to = state_of(after[i]);
    findings.checked();
    if (!reaches(machine, from, to))
      findings.violated(story.name(), step_words(what, static_cast<std::int32_t>(i + 1), from, to));
  }
}

bool is_finished(domain::OrderState state) {
  return state == domain::OrderState::delivered || state == domain::OrderState::partially_delivered;
}

void check_transitions(const Story& story, Findings& findings) {
  each_step(story, [&](const Order& before, const Order& after) {
    // A unit that leaves a final state is S19's.
    check_list(
        "Unit", before.units, after.units, domain::unit_machine,
        [&](const domain::Unit& unit) {
          const auto no = static_cast<std::size_t>(unit.unit_no);
          const bool was_final =
              no >= 1 && no <= before.units.size() && before.units[no - 1].is_final();
          return was_final ? before.units[no - 1].state : unit.state;
        },
        story, findings);
    check_list(
        "Hold", before.units, after.units, domain::hold_machine,
        [](const domain::Unit& unit) { return unit.hold; }, story, findings);
    check_list(
        "Attempt", before.attempts, after.attempts, domain::attempt_machine,
        [](const domain::Attempt& attempt) { return attempt.state; }, story, findings);
    check_list(
        "Refund", before.refunds, after.refunds, domain::refund_machine,
        [](const domain::Refund& refund) { return refund.state; }, story, findings);
    check_list(
        "Chargeback", before.chargebacks, after.chargebacks, domain::chargeback_machine,
        [](const domain::Chargeback& charged) { return charged.state; }, story, findings);
    // An intent is born preparing or ready; from preparing all is reachable.
    for (std::size_t i = 0; i < after.intents.size(); ++i) {
      const auto from =
          i < before.intents.size() ? before.intents[i].state : domain::IntentState::preparing;
      findings.checked();
      if (!reaches(domain::intent_machine, from, after.intents[i].state))
        findings.violated(story.name(), step_words("Intent", static_cast<std::int32_t>(i + 1), from,
                                                   after.intents[i].state));
    }
    if (is_finished(before.header.state) && after.header.state != before.header.state)
      findings.violated(story.name(),
                        "The order left " + std::string(base::name_of(before.header.state)) +
                            " for " + std::string(base::name_of(after.header.state)) + ".");
  });
}

void check_versions(const Story& story, Findings& findings) {
  std::int64_t expected = 1;
  for (const auto& event : story.rows.events) {
    findings.checked();
    if (event.version != expected) {
      findings.violated(story.name(), "Event " + std::to_string(event.version) +
                                          " stands where event " + std::to_string(expected) +
                                          " must.");
      return;
    }
    ++expected;
  }
  if (story.order().header.version != expected - 1)
    findings.violated(story.name(),
                      "The order is at version " + std::to_string(story.order().header.version) +
                          " and its last event is " + std::to_string(expected - 1) + ".");
}

void check_units_stay(const Story& story, Findings& findings) {
  each_step(story, [&](const Order& before, const Order& after) {
    for (std::size_t i = 0; i < before.units.size() && i < after.units.size(); ++i) {
      findings.checked();
      if (before.units[i].is_final() && after.units[i].state != before.units[i].state)
        findings.violated(story.name(), "Unit " + std::to_string(i + 1) + " left " +
                                            std::string(base::name_of(before.units[i].state)) +
                                            ".");
    }
  });
}

// The fields between shop_id and deadline, as the record lists them.
template <class Visit>
void visit_frozen(const domain::OrderHeader& header, Visit visit) {
  bool frozen = false;
  domain::OrderHeader::visit_fields(header, [&](std::string_view name, const auto& field) {
    if (name == "shop_id") frozen = true;
    if (frozen) visit(field);
    if (name == "deadline") frozen = false;
  });
}

bool are_sold_alike(const domain::OrderHeader& one, const domain::OrderHeader& other) {
  bool are_alike = true;
  visit_frozen(one, [&](const auto& field) {
    are_alike = are_alike && domain::same_field(other, one, field) == field;
  });
  return are_alike;
}

void check_frozen(const Story& story, Findings& findings) {
  for (std::size_t i = 1; i < story.states.size(); ++i) {
    findings.checked();
    if (!are_sold_alike(story.states.front().header, story.states[i].header))
      findings.violated(story.name(), "Event " + std::to_string(i + 1) +
                                          " changed what the order was sold under.");
  }
}

void check_replay(const Story& story, Findings& findings) {
  findings.checked();
  for (const auto& event : story.rows.events)
    if (!event.salt.empty() && event.leaf != domain::leaf_hash(event.salt, event.body))
      findings.violated(story.name(), "The leaf of event " + std::to_string(event.version) +
                                          " is not the hash of its body.");
  if (story.states.size() < story.rows.events.size())
    return findings.violated(
        story.name(), "Event " + std::to_string(story.states.size() + 1) + " can not be read.");
  if (story.states.empty()) return findings.violated(story.name(), "The order has no events.");
  if (!domain::is_told_by_events(story.order(), story.states.back()))
    findings.violated(story.name(), "The rows are not what the events say.");
}

struct EventCause {
  std::string actor;
  std::int64_t happenings = 0;
};

EventCause cause_of(const domain::Event& event) {
  EventCause cause;
  base::CanonicalReader reader(event.body);
  if (!reader.open_object()) return cause;
  // Both stand in front; that the rest can be read is S26's.
  while (cause.actor.empty() || cause.happenings == 0) {
    const auto key = reader.next_key();
    if (!key) break;
    if (*key == "actor") {
      cause.actor = reader.text();
    } else if (*key == "what") {
      if (!reader.open_array()) return cause;
      while (reader.next_element())
        if (!reader.text_view().empty()) ++cause.happenings;
    } else {
      reader.skip();
    }
  }
  return cause;
}

void check_causes(const Story& story, Findings& findings) {
  for (const auto& event : story.rows.events) {
    findings.checked();
    const EventCause cause = cause_of(event);
    if (cause.actor.empty())
      findings.violated(story.name(), "Event " + std::to_string(event.version) + " has no actor.");
    if (cause.happenings == 0)
      findings.violated(story.name(),
                        "Event " + std::to_string(event.version) + " does not say what happened.");
  }
}

constexpr auto table = std::to_array<StoryRule>({
    {"S2", "each change of state is one that the machines allow", check_transitions},
    {"S5", "each version of an order has exactly one event", check_versions},
    {"S19", "a unit never leaves delivered or failed", check_units_stay},
    {"S23", "what an order was sold under never changes", check_frozen},
    {"S26", "the rows are what the events say, and the leaves are their hashes", check_replay},
    {"S30", "each event says who caused it and what happened", check_causes},
});

}  // namespace

std::span<const StoryRule> history_rules() { return table; }

}  // namespace daozhang::audit
