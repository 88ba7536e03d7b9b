#include "sim/world/world.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "domain/order/references.h"
#include "sim/checkers/truth_audit.h"
#include "sim/peers/alipay_wire.h"

namespace daozhang::sim {
namespace {

using domain::EffectKind;

constexpr base::Duration run_limit = base::hours(24 * 10);

class SeededEntropy final : public ports::Entropy {
 public:
  explicit SeededEntropy(base::Prng prng) : prng_(prng) {}
  std::string bytes(std::size_t count) override {
    std::string text;
    while (text.size() < count) {
      std::uint64_t word = prng_.next();
      for (int i = 0; i < 8 && text.size() < count; ++i, word >>= 8)
        text += static_cast<char>(word & 255);
    }
    return text;
  }

 private:
  base::Prng prng_;
};

// A share of the runs speaks Alipay's own protocol; its signatures cost as much as all the rest.
std::unique_ptr<PaymentWire> make_wire(const Scene& scene) {
  auto prng = scene.stream("wire");
  if (prng.chance(1, 32)) return std::make_unique<AlipayWire>();
  return std::make_unique<CheapWire>();
}

}  // namespace

World::World(std::uint64_t seed, const Scenario& scenario)
    : scene_(seed, scenario.faults, scenario.family),
      scenario_(scenario),
      prng_(scene_.stream("world")),
      wire_(make_wire(scene_)),
      store_(make_run_store(scenario.store, scene_)),
      checks_(scene_.record, channels_),
      watched_(scene_, *store_, [this](const ports::Commit& commit) { witness(commit); }),
      entropy_(std::make_unique<SeededEntropy>(scene_.stream("entropy"))),
      numbers_("a key for simulated orders") {
  build_peers();
  import_stock();
  if (!scenario.without_model) model_.emplace(settings_.policy, settings_.suppliers);
}

World::~World() = default;

RunResult World::run() {
  const auto heal_at = scene_.now() + draw_duration(prng_, base::minutes(50), base::hours(3));
  scene_.schedule.at(heal_at, [this] { heal(); });
  boot();
  plan_doubts();
  plan_family(heal_at);
  if (scene_.faults.strikes(FaultKind::secret_imported_twice)) plan_second_import();
  const bool edited = scene_.faults.strikes(FaultKind::row_edited);
  buyers_->start();
  const auto limit = heal_at + run_limit;
  while (!scene_.schedule.empty() && !scene_.record.violation()) {
    if (scene_.schedule.next_at() > limit) {
      scene_.record.violated("L1", "the shop did not come to rest");
      break;
    }
    happen();
    if (store_->has_halted()) break;
  }
  const bool judged = !store_->has_halted();
  if (judged && !scene_.record.violation()) check_whole_set(*store_, checks_, scene_.record);
  if (judged && !scene_.record.violation())
    audit_truth(checks_, {channels_, suppliers_}, scene_.record);
  if (judged && !scene_.record.violation() && edited) check_that_an_edit_is_noticed();
  RunResult result;
  result.seed = scene_.seed;
  result.family = scene_.family;
  result.orders = checks_.paid_count();
  result.events = checks_.events();
  result.halted = store_->has_halted();
  result.simulated = scene_.now() - start_of_time;
  result.trace_hash = scene_.record.trace_hash();
  result.config =
      fmt::format("family={} {}", base::name_of(scene_.family), scene_.faults.config_text());
  result.faults = scene_.faults.counts();
  result.sometimes = scene_.record.sometimes();
  result.transitions = transitions_;
  result.struck = scene_.faults.struck();
  result.violation = scene_.record.violation();
  const auto& story = scene_.record.story();
  result.story.assign(story.begin(), story.end());
  return result;
}

// One event. When the store dies in it, so does the process, wherever it was.
void World::happen() {
  try {
    scene_.schedule.run_next();
  } catch (const StoreDied&) {
    CHECK(store_->has_died());
  }
  if (!store_->has_died()) return;
  scene_.record.reached(Sometimes::store_died);
  crash();
  // What was decided for these is known to nobody any more.
  if (!committed_.empty()) model_.reset();
  committed_.clear();
}

void World::heal() {
  scene_.faults.heal();
  scene_.silent.clear();
  trust_again();
  for (auto& [name, supplier] : suppliers_) supplier->heal();
}

void World::boot() {
  boot_planned_ = false;
  ++generation_;
  watched_.revive();
  engine_.emplace(watched_, *entropy_, numbers_, settings_);
  if (down_since_.is_set()) out_of_service_ = out_of_service_ + (scene_.now() - down_since_);
  down_since_ = {};
  wake_planned_ = {};
  plan_step({});
}

void World::crash_store() {
  store_->crash();
  if (!store_->has_halted()) watched_.settle();
}

void World::crash() {
  engine_.reset();
  crash_store();
  if (boot_planned_) return;
  boot_planned_ = true;
  step_planned_ = false;
  ++step_plan_;
  if (!down_since_.is_set()) down_since_ = scene_.now();
  for (auto& [ticket, reply] : waiting_)
    scene_.schedule.in(draw_duration(prng_, base::milliseconds(1), base::seconds(5)),
                       [reply = std::move(reply)] { reply(std::nullopt); });
  waiting_.clear();
  const bool is_long = scene_.faults.strikes(FaultKind::long_outage);
  scene_.schedule.in(is_long ? draw_duration(prng_, base::minutes(1), base::minutes(30))
                             : draw_duration(prng_, base::milliseconds(100), base::seconds(10)),
                     [this] { boot(); });
}

void World::plan_step(base::Duration delay) {
  if (step_planned_) return;
  step_planned_ = true;
  // The machine gives the process no time: what it has in hand waits, and so do its deadlines.
  const bool stands = scene_.family == Family::pause && !scene_.faults.healed() &&
                      scene_.faults.strikes(FaultKind::shop_stands_still);
  if (stands) {
    delay = draw_duration(prng_, base::seconds(60), base::minutes(10));
    out_of_service_ = out_of_service_ + delay;
  }
  scene_.schedule.in(delay, [this, plan = ++step_plan_] {
    if (plan == step_plan_) step();
  });
}

void World::plan_wake() {
  const auto at = engine_->wake_at();
  if (!at.is_set() || (wake_planned_.is_set() && wake_planned_ <= at)) return;
  wake_planned_ = at;
  scene_.schedule.at(at, [this, at, generation = generation_] {
    if (generation != generation_ || !engine_) return;
    if (wake_planned_ == at) wake_planned_ = {};
    plan_step({});
  });
}

void World::step() {
  step_planned_ = false;
  if (!engine_) return;
  watched_.forget_last();
  committed_.clear();
  const auto trust =
      doubtful_since_.is_set() ? domain::TimeTrust::doubtful : domain::TimeTrust::trusted;
  const engine::Step done = engine_->step(scene_.now(), trust);
  tell_model(done, trust);
  committed_.clear();
  if (watched_.died()) {
    note_crash_before_commit();
    return crash();
  }
  if (done.commands > 0 && scene_.faults.strikes(FaultKind::crash_after_commit)) {
    note_crash_after_commit();
    return crash();
  }
  for (const auto& each : done.answers) answer(each);
  for (const auto& call : done.calls) {
    dispatch(call);
    if (!scene_.faults.strikes(FaultKind::crash_after_send)) continue;
    if (call.effect.kind == EffectKind::submit_attempt)
      scene_.record.reached(Sometimes::crash_after_submit_sent);
    if (call.effect.kind == EffectKind::refund)
      scene_.record.reached(Sometimes::crash_after_refund_sent);
    return crash();
  }
  if (done.store_unavailable) {
    out_of_service_ = out_of_service_ + base::seconds(1);
    plan_step(base::seconds(1));
  } else if (engine_->has_work(scene_.now())) {
    plan_step(base::milliseconds(1));
  }
  plan_wake();
}

void World::answer(const engine::Answer& answer) {
  const auto it = waiting_.find(answer.ticket);
  if (it == waiting_.end()) return;
  const auto reply = std::move(it->second);
  waiting_.erase(it);
  scene_.note(answer.order ? answer.order->key() : domain::OrderKey{},
              base::name_of(answer.refusal));
  reply(answer);
}

void World::send(engine::CommandBody body, Reply reply) {
  if (!engine_) {
    scene_.schedule.in(base::milliseconds(50), [reply = std::move(reply)] { reply(std::nullopt); });
    return;
  }
  const auto ticket = ++last_ticket_;
  const bool full = std::holds_alternative<engine::PlaceOrder>(body) &&
                    scene_.faults.strikes(FaultKind::queue_full);
  if (full || !engine_->submit({ticket, std::move(body)})) {
    engine::Answer overloaded;
    overloaded.refusal = engine::Refusal::overloaded;
    return reply(overloaded);
  }
  waiting_.emplace(ticket, std::move(reply));
  plan_step(draw_duration(prng_, {}, base::milliseconds(5)));
}

void World::notify(const std::string& channel, const std::string& body, Reply reply) {
  const auto notice = wire_->read_notice(body);
  if (notice)
    send(engine::TakeNotice{channel, *notice, body}, std::move(reply));
  else
    send(engine::RecordRefusedNotice{channel, std::string(base::name_of(notice.error())), body},
         std::move(reply));
}

void World::hint(const std::string& reference) {
  const auto parsed = domain::parse_attempt_ref(reference);
  const auto key = parsed ? numbers_.order_of(parsed->order_no) : std::nullopt;
  if (key) send(engine::TakeHint{*key, reference}, [](const std::optional<engine::Answer>&) {});
}

// Whoever looks when the store dies sees nothing; the crash follows behind this event.
std::optional<domain::Order> World::look(domain::OrderKey key) {
  if (store_->has_died()) return std::nullopt;
  std::optional<domain::Order> order;
  try {
    order = store_->pages().find_order(key);
  } catch (const StoreDied&) {
    return std::nullopt;
  }
  if (!order) scene_.record.violated("S1", "an acknowledged order is gone", key);
  return order;
}

template <class Answered>
void World::returned(std::uint64_t generation, const Answered& answered) {
  if (!engine_) return;
  const auto kind = answered.effect.kind;
  if (generation != generation_) {
    if (prng_.chance(1, 2)) return;
    scene_.record.reached(Sometimes::late_reply_to_new_engine);
  }
  engine_->submit({++last_ticket_, answered});
  if (scene_.faults.strikes(FaultKind::crash_after_reply)) {
    if (kind == EffectKind::submit_attempt)
      scene_.record.reached(Sometimes::crash_after_submit_reply);
    if (kind == EffectKind::refund) scene_.record.reached(Sometimes::crash_after_refund_reply);
    return crash();
  }
  plan_step(draw_duration(prng_, {}, base::milliseconds(5)));
}

void World::dispatch(const engine::Call& call) {
  const auto committed = checks_.orders().find(call.effect.order());
  if (committed == checks_.orders().end())
    return scene_.record.violated("S15", "a call left before its order was committed");
  const auto& order = committed->second;
  scene_.note(order.key(), base::name_of(call.effect.kind));
  const auto generation = generation_;
  const auto effect = call.effect;
  if (const auto* payment = std::get_if<ports::PaymentCall>(&call.request)) {
    channels_.at(call.peer)->call(*payment, [this, generation, effect](ports::PaymentAnswer got) {
      scene_.note(effect.order(), base::name_of(got.outcome));
      returned(generation, engine::PaymentAnswered{effect, std::move(got)});
    });
    return;
  }
  const auto& request = std::get<ports::SupplierCall>(call.request);
  const bool intended = std::any_of(
      order.attempts.begin(), order.attempts.end(),
      [&](const domain::Attempt& attempt) { return attempt.reference == request.reference; });
  if (!intended)
    scene_.record.violated("S15", "a call left before its attempt was committed", order.key());
  suppliers_.at(call.peer)->call(request, [this, generation, effect](ports::SupplierAnswer got) {
    scene_.note(effect.order(), base::name_of(got.word));
    returned(generation, engine::SupplierAnswered{effect, std::move(got)});
  });
}

}  // namespace daozhang::sim
