#include "sim/peers/supplier_model.h"

#include <algorithm>

namespace daozhang::sim {
namespace {

using ports::Outcome;
using ports::SupplierAnswer;
using ports::SupplierWord;

constexpr base::Duration call_timeout = base::seconds(10);
constexpr base::Duration sync_wait = base::seconds(5);  // A submit waits this long for the result.
const std::vector<std::pair<std::string, std::string>> the_target = {{"phone", "13800000000"}};

SupplierAnswer plain(Outcome outcome, SupplierWord word, std::string reason = "") {
  SupplierAnswer answer;
  answer.outcome = outcome;
  answer.word = word;
  answer.reason = std::move(reason);
  return answer;
}

SupplierAnswer retryable(std::string reason) {
  auto answer = plain(Outcome::failed, SupplierWord::failed, std::move(reason));
  answer.retry_can_help = true;
  return answer;
}

// What the references of all attempts of its unit begin with.
std::string unit_of(const std::string& reference) {
  return reference.substr(0, reference.rfind('a') + 1);
}

}  // namespace

SupplierModel::SupplierModel(Scene& scene, Shop& shop, std::string name,
                             domain::SupplierTerms terms, base::Duration promise,
                             SupplierWire* wire)
    : scene_(scene),
      shop_(shop),
      name_(std::move(name)),
      terms_(terms),
      promise_(promise),
      wire_(wire),
      prng_(scene.stream("supplier:" + name_)) {}

SupplierAnswer SupplierModel::spoken(const ports::SupplierCall& call, SupplierAnswer answer) const {
  return wire_ == nullptr ? answer : SupplierWire::carry_answer(call, answer);
}

void SupplierModel::call(const ports::SupplierCall& told, Answered then) {
  const auto answered = std::make_shared<const Answered>(std::move(then));
  const auto sent = std::make_shared<const ports::SupplierCall>(
      wire_ == nullptr ? told : wire_->carry_call(told));
  if (sent->kind == ports::SupplierCallKind::submit) return submit(sent, answered);
  const auto time_out = [this, answered] {
    scene_.schedule.in(call_timeout, [answered] {
      (*answered)(plain(Outcome::unknown, SupplierWord::none, "timeout"));
    });
  };
  // Nothing is known by it: the question itself never left.
  if (scene_.faults.strikes(FaultKind::submit_not_sent)) {
    scene_.schedule.in(base::milliseconds(50), [answered] { (*answered)(retryable("not_sent")); });
    return;
  }
  if (is_silent() || (scene_.faults.strikes(FaultKind::supplier_reply_lost) && prng_.chance(1, 2)))
    return time_out();
  const auto way_there = draw_duration(prng_, base::milliseconds(10), base::milliseconds(300));
  const auto way_back = scene_.faults.strikes(FaultKind::reply_slow)
                            ? draw_duration(prng_, base::seconds(1), base::seconds(9))
                            : draw_duration(prng_, base::milliseconds(10), base::milliseconds(300));
  const bool is_cancel = sent->kind == ports::SupplierCallKind::cancel;
  scene_.schedule.in(way_there, [this, sent, is_cancel, answered, time_out, way_back] {
    refuse_new_beside(sent->reference);
    auto answer = spoken(*sent, is_cancel ? cancel(sent->reference) : query(sent->reference));
    if (scene_.faults.strikes(FaultKind::supplier_reply_lost)) return time_out();
    scene_.schedule.in(way_back, [answered, answer = std::move(answer)] { (*answered)(answer); });
  });
}

void SupplierModel::check_content(const ports::SupplierCall& call) {
  const auto key = shop_.order_of(call.reference.substr(0, call.reference.find('_')) + "_1");
  const auto order = key ? shop_.look(*key) : std::nullopt;
  if (!order) return;
  const auto& header = order->header;
  const bool is_it = call.sku == header.supplier_sku && call.face_minor == header.face_minor &&
                     call.cost_minor_max == header.cost_minor_max &&
                     call.currency == header.currency && call.target == the_target;
  if (!is_it)
    scene_.record.violated("S23", "asked for other goods than were sold: " + call.reference, *key);
}

void SupplierModel::submit(const std::shared_ptr<const ports::SupplierCall>& sent,
                           const std::shared_ptr<const Answered>& answered) {
  const auto& call = *sent;
  check_content(call);
  auto& faults = scene_.faults;
  const auto say = [this, answered](base::Duration delay, SupplierAnswer answer) {
    scene_.schedule.in(delay, [answered, answer = std::move(answer)] { (*answered)(answer); });
  };
  if (faults.strikes(FaultKind::submit_not_sent))
    return say(base::milliseconds(50), retryable("not_sent"));
  auto& job = jobs_[call.reference];
  job.reference = call.reference;
  job.last_sent_at = scene_.now();
  job.cost_minor_max = call.cost_minor_max;
  const auto silence = plain(Outcome::unknown, SupplierWord::none, "timeout");
  if (is_silent() || faults.strikes(FaultKind::submit_lost)) {
    if (works_on_ && scene_.now() < silent_until_ && !scene_.is_silent(name_))
      scene_.schedule.in(base::milliseconds(200),
                         [this, reference = call.reference] { arrive(reference); });
    return say(call_timeout, silence);
  }
  if (faults.strikes(FaultKind::submit_delayed)) {
    const auto horizon_edge = terms_.in_flight_horizon * 9 / 10;
    scene_.schedule.in(draw_duration(prng_, base::seconds(1), horizon_edge),
                       [this, reference = call.reference] { arrive(reference); });
    return say(call_timeout, silence);
  }
  const auto way_there = draw_duration(prng_, base::milliseconds(10), base::milliseconds(300));
  scene_.schedule.in(way_there, [this, sent, say, silence] {
    const auto& reference = sent->reference;
    if (is_balance_empty() && jobs_.at(reference).state == JobState::in_flight) {
      jobs_.at(reference).is_in_queue = true;
      // Its queue has it all the same, and does it once there is money (F32).
      if (scene_.faults.strikes(FaultKind::supplier_failed_then_done)) {
        take_in(jobs_.at(reference)).declared_failed = true;
        execute_after_failure(reference);
      }
      return say(base::milliseconds(50), spoken(*sent, retryable("balance_empty")));
    }
    if (Job* older = refused_before(reference);
        older != nullptr && jobs_.at(reference).state == JobState::in_flight &&
        scene_.faults.strikes(FaultKind::supplier_does_older)) {
      if (!older->declared_failed) take_in(*older).declared_failed = true;
      return do_first(older->reference, [say, no = spoken(*sent, retryable("busy"))] {
        say(base::milliseconds(100), no);
      });
    }
    // Some look at their price list before they look whether they have it already.
    if (terms_.idempotent && jobs_.at(reference).state == JobState::working &&
        scene_.faults.strikes(FaultKind::supplier_price_rises)) {
      scene_.record.reached(Sometimes::copy_refused);
      auto no = plain(Outcome::failed, SupplierWord::failed, "cost_exceeds_limit");
      return say(base::milliseconds(50), spoken(*sent, std::move(no)));
    }
    arrive(reference);
    // Whoever sends it again to a supplier that is not idempotent buys twice (F34).
    if (scene_.faults.strikes(terms_.idempotent ? FaultKind::supplier_reply_lost
                                                : FaultKind::supplier_reply_lost_once_only))
      return say(call_timeout, silence);
    const auto wait = draw_duration(prng_, base::milliseconds(10), sync_wait);
    scene_.schedule.in(wait, [this, sent, say] {
      say(base::milliseconds(20), spoken(*sent, answer_of(jobs_.at(sent->reference))));
    });
  });
}

base::Duration SupplierModel::draw_work() {
  const bool slow = scene_.faults.strikes(FaultKind::supplier_slow) || prng_.chance(1, 10);
  if (scene_.family == Family::deadline_edge && prng_.chance(1, 2))
    return promise_ + draw_duration(prng_, base::milliseconds(-400), base::milliseconds(100));
  if (!slow || scene_.faults.healed())
    return draw_duration(prng_, base::milliseconds(200), base::seconds(20));
  return draw_duration(prng_, base::minutes(1), std::max(base::minutes(2), promise_ * 2));
}

// Some are not filled up for long.
bool SupplierModel::is_balance_empty() {
  if (scene_.now() < empty_until_) return true;
  if (!scene_.faults.strikes(FaultKind::supplier_balance_empty)) return false;
  if (prng_.chance(1, 8))
    empty_until_ = scene_.now() + draw_duration(prng_, base::minutes(1), base::hours(1));
  return true;
}

bool SupplierModel::arrive(const std::string& reference) {
  auto& job = jobs_.at(reference);
  if (job.state != JobState::in_flight) {
    if (terms_.idempotent) return false;
    // A supplier that does not know references does it again.
    execute(reference);
    return true;
  }
  // Dearer than we are willing to pay: a definite no.
  if (job.cost_minor_max > 0 && scene_.faults.strikes(FaultKind::supplier_price_rises)) {
    fail(reference);
    return true;
  }
  take_in(job).state = JobState::working;
  scene_.schedule.in(draw_work(), [this, reference] { finish(reference); });
  return true;
}

Job& SupplierModel::take_in(Job& job) {
  job.cost_minor = job.cost_minor_max > 0 ? prng_.between(1, job.cost_minor_max) : 0;
  return job;
}

void SupplierModel::execute_after_failure(const std::string& reference) {
  fail(reference);
  scene_.schedule.in(draw_duration(prng_, base::seconds(5), base::hours(1)), [this, reference] {
    if (jobs_.at(reference).executions == 0) execute(reference);
  });
}

void SupplierModel::do_first(const std::string& older, std::function<void()> refuse_new) {
  refusals_[older] = std::move(refuse_new);
  execute(older);
  scene_.schedule.in(base::seconds(5), [this, older] { refuse_new_beside(older); });
}

void SupplierModel::refuse_new_beside(const std::string& older) {
  if (auto refusal = refusals_.extract(older)) refusal.mapped()();
}

Job* SupplierModel::refused_before(const std::string& reference) {
  const auto unit = unit_of(reference);
  for (auto it = jobs_.lower_bound(unit); it != jobs_.end() && it->first.starts_with(unit); ++it) {
    if (it->first != reference && it->second.is_in_queue && it->second.executions == 0)
      return &it->second;
  }
  return nullptr;
}

void SupplierModel::finish(const std::string& reference) {
  auto& job = jobs_.at(reference);
  if (job.state != JobState::working) return;
  if (scene_.faults.strikes(FaultKind::supplier_stuck)) {
    stuck_.push_back(reference);
    return;
  }
  if (scene_.faults.strikes(FaultKind::supplier_fails)) return fail(reference);
  if (scene_.faults.strikes(FaultKind::units_fail_together)) return fail_together(reference);
  if (scene_.faults.strikes(FaultKind::supplier_failed_then_done))
    return execute_after_failure(reference);
  execute(reference);
}

void SupplierModel::take_back_later(const std::string& reference) {
  const auto late = prng_.chance(1, 2) ? base::hours(1) : base::hours(10);
  scene_.schedule.in(draw_duration(prng_, base::seconds(5), late), [this, reference] {
    jobs_.at(reference).state = JobState::reversed;
    call_back(reference);
  });
}

void SupplierModel::execute(const std::string& reference) {
  auto& job = jobs_.at(reference);
  job.state = JobState::done;
  ++job.executions;
  call_back(reference);
  if (scene_.faults.strikes(FaultKind::supplier_reverses)) take_back_later(reference);
  if (job.declared_failed) notice_double(reference);
}

// What it had refused is done now, and the next attempt of the unit was done too: some suppliers
// see it and take that one back, and some then both.
void SupplierModel::notice_double(const std::string& reference) {
  const auto unit = unit_of(reference);
  for (auto it = jobs_.lower_bound(unit); it != jobs_.end() && it->first.starts_with(unit); ++it)
    if (it->first != reference && it->second.state == JobState::done &&
        scene_.faults.strikes(FaultKind::supplier_reverses)) {
      take_back_later(it->first);
      if (prng_.chance(1, 2)) take_back_later(reference);
    }
}

// All that runs for the same order fails in the same moment, so that its refunds race (F26).
void SupplierModel::fail_together(const std::string& reference) {
  const auto order = reference.substr(0, reference.find('_'));
  for (auto& [other, job] : jobs_)
    if (other.starts_with(order) && job.state == JobState::working) fail(other);
}

void SupplierModel::fail(const std::string& reference) {
  jobs_.at(reference).state = JobState::failed;
  call_back(reference);
}

void SupplierModel::fall_silent(base::Instant from, base::Instant until, bool works_on) {
  silent_from_ = from;
  silent_until_ = until;
  works_on_ = works_on;
}

void SupplierModel::heal() {
  empty_until_ = {};
  for (const auto& reference : stuck_)
    scene_.schedule.in(draw_duration(prng_, base::seconds(1), base::minutes(1)),
                       [this, reference] { finish(reference); });
  stuck_.clear();
}

SupplierAnswer SupplierModel::answer_of(Job& job) {
  switch (job.state) {
    case JobState::in_flight:
      return plain(Outcome::unknown, SupplierWord::not_found, "not_found");
    case JobState::working:
      return plain(Outcome::accepted, SupplierWord::working);
    case JobState::done: {
      auto answer = plain(Outcome::done, SupplierWord::done);
      answer.cost_minor = job.cost_minor;
      answer.proof = proof_of(job);
      answer.supplier_order_no = "S" + job.reference;
      return answer;
    }
    case JobState::failed:
      job.declared_failed = true;
      return plain(Outcome::failed, SupplierWord::failed, "refused");
    case JobState::canceled:
      job.declared_failed = true;
      return plain(Outcome::failed, SupplierWord::canceled, "canceled");
    case JobState::reversed:
      return plain(Outcome::failed, SupplierWord::reversed, "reversed");
  }
  UNREACHABLE();
}

SupplierAnswer SupplierModel::query(const std::string& reference) {
  const auto it = jobs_.find(reference);
  if (it == jobs_.end()) return plain(Outcome::unknown, SupplierWord::not_found, "not_found");
  // It lies at most as long as the contract lets it: within the horizon of the last submission.
  if (scene_.now() < it->second.last_sent_at + terms_.in_flight_horizon &&
      scene_.faults.strikes(FaultKind::supplier_not_found))
    return plain(Outcome::unknown, SupplierWord::not_found, "not_found");
  return answer_of(it->second);
}

SupplierAnswer SupplierModel::cancel(const std::string& reference) {
  const auto it = jobs_.find(reference);
  if (it == jobs_.end()) return plain(Outcome::unknown, SupplierWord::not_found, "not_found");
  auto& job = it->second;
  if (job.state != JobState::working) return answer_of(job);
  if (scene_.faults.strikes(FaultKind::supplier_cancel_lost))
    return plain(Outcome::accepted, SupplierWord::too_late);
  job.state = JobState::canceled;
  if (scene_.faults.strikes(FaultKind::supplier_canceled_then_done))
    scene_.schedule.in(draw_duration(prng_, base::seconds(5), base::hours(1)),
                       [this, reference] { execute(reference); });
  return answer_of(job);
}

void SupplierModel::call_back(const std::string& reference) {
  auto& faults = scene_.faults;
  const int copies = faults.strikes(FaultKind::callback_doubled) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    if (is_silent() || faults.strikes(FaultKind::callback_lost)) continue;
    post_callback(reference);
  }
  if (faults.strikes(FaultKind::callback_forged)) post_forged_callback(reference);
}

void SupplierModel::post_callback(const std::string& reference) {
  const auto delay = draw_duration(prng_, base::milliseconds(10), base::seconds(3));
  if (wire_ == nullptr)
    return scene_.schedule.in(delay, [this, reference] { shop_.hint(reference); });
  scene_.schedule.in(delay, [this, callback = wire_->write_callback(record_of(reference))] {
    const auto hinted = wire_->read_callback(callback);
    if (!hinted) return scene_.record.violated("L1", "a supplier's callback was refused");
    shop_.hint(*hinted);
  });
}

// Without a wire one who has the key; it may lead to a question and no further (F37).
void SupplierModel::post_forged_callback(const std::string& reference) {
  if (wire_ == nullptr) return shop_.hint(reference + "9");
  auto record = record_of(reference);
  record.status = connectors::supplier::http::OrderStatus::done;
  auto forged = prng_.chance(1, 2) ? wire_->write_forged_callback(record)
                                   : SupplierWire::unsigned_copy(wire_->write_callback(record));
  if (wire_->read_callback(forged))
    scene_.record.violated("F37", "a callback that is not the supplier's was accepted");
}

connectors::supplier::http::Record SupplierModel::record_of(const std::string& reference) const {
  using connectors::supplier::http::OrderStatus;
  const auto& job = jobs_.at(reference);
  connectors::supplier::http::Record record;
  record.reference = reference;
  record.cost_minor = job.cost_minor;
  record.status = job.state == JobState::done       ? OrderStatus::done
                  : job.state == JobState::reversed ? OrderStatus::reversed
                  : job.state == JobState::failed   ? OrderStatus::failed
                  : job.state == JobState::canceled ? OrderStatus::canceled
                                                    : OrderStatus::accepted;
  return record;
}

}  // namespace daozhang::sim
