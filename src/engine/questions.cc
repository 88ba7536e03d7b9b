#include "engine/questions.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace daozhang::engine {

void Questions::set_at(const Key& key, Question& question, base::Instant at) {
  if (question.at.is_set()) waiting_.erase({question.at, key});
  question.at = at;
  if (at.is_set()) waiting_.insert({at, key});
}

void Questions::begin(const Call& call) {
  const Key key{call.effect.order(), call.effect.effect_no};
  CHECK(open_.try_emplace(key, Question{call, 0, {}, false}).second);
}

void Questions::end(const Key& key) {
  const auto it = open_.find(key);
  if (it == open_.end()) return;
  set_at(key, it->second, {});
  open_.erase(it);
}

std::optional<domain::Effect> Questions::find(domain::OrderKey order, domain::EffectKind kind,
                                              std::int32_t subject_no) const {
  for (auto it = open_.lower_bound({order, 0}); it != open_.end() && it->first.first == order;
       ++it) {
    const auto& effect = it->second.call.effect;
    if (effect.kind == kind && effect.subject_no == subject_no) return effect;
  }
  return std::nullopt;
}

std::vector<domain::Effect> Questions::waiting(domain::OrderKey order) const {
  std::vector<domain::Effect> waiting;
  for (auto it = open_.lower_bound({order, 0}); it != open_.end() && it->first.first == order; ++it)
    if (it->second.at.is_set()) waiting.push_back(it->second.call.effect);
  return waiting;
}

bool Questions::is_hinted(const Key& key) const {
  const auto it = open_.find(key);
  return it != open_.end() && it->second.is_hinted;
}

std::int32_t Questions::asked(const Key& key) const {
  const auto it = open_.find(key);
  return it == open_.end() ? 0 : it->second.asked;
}

void Questions::ask_again(const Key& key, const domain::AskAgain& again) {
  const auto it = open_.find(key);
  if (it == open_.end()) return;
  it->second.asked = again.asked;
  set_at(key, it->second, again.at);
}

void Questions::hurry(const Key& key, base::Instant now, bool is_hint) {
  const auto it = open_.find(key);
  if (it == open_.end()) return;
  auto& question = it->second;
  if (!question.at.is_set()) {
    question.is_hinted = question.is_hinted || is_hint;
    return;
  }
  question.asked = 0;
  set_at(key, question, std::min(question.at, now));
}

std::vector<Call> Questions::take_due(base::Instant now, std::size_t max) {
  std::vector<Call> due;
  while (due.size() < max && !waiting_.empty() && waiting_.begin()->first <= now) {
    const Key key = waiting_.begin()->second;
    auto& question = open_.at(key);
    set_at(key, question, {});
    due.push_back(question.call);
  }
  return due;
}

base::Instant Questions::next_at() const {
  return waiting_.empty() ? base::Instant{} : waiting_.begin()->first;
}

}  // namespace daozhang::engine
