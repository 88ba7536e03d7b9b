// Queries that have brought no news yet. Each is one effect for as long as it takes: the engine
// that decided it asks again and again, and nothing is written until an answer changes something
// (docs/decisions/0022). What stands here is lost with the process; whoever takes the effect over
// asks at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "domain/order/decision.h"
#include "engine/command.h"

namespace daozhang::engine {

// One thread.
class Questions {
 public:
  using Key = std::pair<domain::OrderKey, std::int32_t>;  // Order and number of the effect.

  // Its call is being made.
  void begin(const Call& call);
  void end(const Key& key);
  [[nodiscard]] bool contains(const Key& key) const { return open_.contains(key); }
  // The open question about this intent or attempt, if it is asked from here.
  [[nodiscard]] std::optional<domain::Effect> find(domain::OrderKey order, domain::EffectKind kind,
                                                   std::int32_t subject_no) const;
  // Those of the order whose calls are not on their way.
  [[nodiscard]] std::vector<domain::Effect> waiting(domain::OrderKey order) const;
  // Whether something hinted at news while its call is on its way: the answer may be too early.
  [[nodiscard]] bool is_hinted(const Key& key) const;

  // How often it was answered without news since it began, or since somebody was in a hurry.
  [[nodiscard]] std::int32_t asked(const Key& key) const;
  // There was no news.
  void ask_again(const Key& key, const domain::AskAgain& again);
  // Something hints at news, or waits for the answer: it is asked now and its back-off begins anew.
  // If it is on its way, a hint is remembered until its answer.
  void hurry(const Key& key, base::Instant now, bool is_hint);

  // Takes what is due, earliest first, at most `max`; each is on its way then.
  std::vector<Call> take_due(base::Instant now, std::size_t max);
  // When the next is due; unset if all are on their way.
  [[nodiscard]] base::Instant next_at() const;

 private:
  struct Question {
    Call call;
    std::int32_t asked = 0;
    base::Instant at;  // Unset while it is on its way.
    bool is_hinted = false;
  };

  void set_at(const Key& key, Question& question, base::Instant at);

  std::map<Key, Question> open_;
  std::set<std::pair<base::Instant, Key>> waiting_;
};

}  // namespace daozhang::engine
