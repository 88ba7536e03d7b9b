#include "sim/world/world.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "domain/order/references.h"
#include "sim/checkers/bill_audit.h"
#include "sim/checkers/truth_audit.h"
#include "sim/peers/alipay_wire.h"
#include "sim/peers/epay_wire.h"
#include "sim/peers/insider.h"
#include "sim/peers/wechat_wire.h"

namespace daozhang::sim {
namespace {

using domain::EffectKind;

constexpr base::Duration run_limit = base::hours(24 * 10);

class SeededEntropy final : public ports::Entropy {
 public:
  explicit SeededEntropy(base::Prng prng) : prng_(prng) {}
  std::string bytes(std::size_t count) override {
    std::string text;
    text.reserve(count);
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

// Not a question, which may be asked twice.
bool is_deed(const engine::Call& call) {
  return call.effect.kind == EffectKind::submit_attempt || call.effect.kind == EffectKind::refund;
}

// A share of the runs speaks a channel's own protocol; RSA signatures cost as much as all the rest.
std::unique_ptr<PaymentWire> make_wire(const Scene& scene) {
  auto prng = scene.stream("wire");
  if (prng.chance(1, 32)) return std::make_unique<AlipayWire>();
  if (prng.chance(1, 64)) return std::make_unique<EpayWire>();
  if (prng.chance(1, 128)) return std::make_unique<WechatWire>([&scene] { return scene.now(); });
  return std::make_unique<CheapWire>();
}

}  // namespace

World::World(std::uint64_t seed, const Scenario& scenario)
    : scene_(seed, scenario.faults, scenario.family),
      scenario_(scenario),
      prng_(scene_.stream("world")),
      wire_(make_wire(scene_)),
      store_(make_run_store(scenario.store, scene_)),
      checks_(scene_.record, channels_, settings_.policy),
      pages_(scene_.record, settings_.policy),
      payers_(scene_.record),
      entropy_(std::make_unique<SeededEntropy>(scene_.stream("entropy"))),
      numbers_("a key for simulated orders"),
      strangers_(scene_, *this),
      bills_(scene_, numbers_) {
  build_peers();
  build_nodes();
  import_stock();
  if (!scenario.without_model) model_.emplace(settings_.policy, settings_.suppliers);
}

World::~World() = default;

RunResult World::run() {
  const auto heal_at = scene_.now() + draw_duration(prng_, base::minutes(50), base::hours(3));
  scene_.schedule.at(heal_at, [this] { heal(); });
  for (auto& node : nodes_) boot(*node);
  plan_doubts();
  plan_family(heal_at);
  if (scene_.faults.strikes(FaultKind::secret_imported_twice)) plan_second_import();
  const bool loses_an_order = scene_.faults.strikes(FaultKind::order_lost);
  if (loses_an_order) plan_lost_order();
  // Money for it that is told of too late for the channel's patience stands in the bills alone.
  if (!loses_an_order && scene_.faults.strikes(FaultKind::channel_silent_for_days))
    plan_silent_channel();
  if (scene_.faults.strikes(FaultKind::order_lost_settled)) plan_settled_order();
  plan_silent_suppliers();
  plan_crash();
  Insider insider(scene_, *store_);
  buyers_->start();
  staff_->start();
  strangers_.start();
  const auto limit = heal_at + run_limit;
  while (!scene_.schedule.empty() && !scene_.record.violation()) {
    if (scene_.schedule.next_at() > limit) {
      const auto& orders = checks_.orders();
      const auto restless = std::ranges::find_if(
          orders, [](const auto& each) { return !each.second.header.closed_at.is_set(); });
      scene_.record.violated("L1", "the shop did not come to rest",
                             restless == orders.end() ? domain::OrderKey{} : restless->first);
      break;
    }
    happen();
    if (store_->has_halted()) break;
  }
  const bool judged = !store_->has_halted();
  if (judged && !scene_.record.violation())
    check_whole_set(*store_, checks_, shadow_, scene_.record);
  if (judged && !scene_.record.violation()) check_by_fsck(*store_, scene_.record);
  if (judged && !scene_.record.violation())
    audit_truth(checks_, {channels_, suppliers_}, scene_.record);
  if (judged && !scene_.record.violation())
    check_bills(bills_, channels_, checks_, numbers_, *store_, scene_);
  if (judged && !scene_.record.violation()) insider.strike();
  return so_far();
}

RunResult World::so_far() const {
  RunResult result;
  result.seed = scene_.seed;
  result.family = scene_.family;
  result.orders = checks_.paid_count();
  result.events = checks_.events();
  result.calls = calls_;
  result.happenings = static_cast<std::int64_t>(scene_.schedule.scheduled_count());
  result.halted = store_->has_halted();
  result.simulated = scene_.now() - start_of_time;
  result.trace_hash = scene_.record.trace_hash();
  result.config = settings_text() + ' ' + scene_.faults.config_text();
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
  for (auto& node : nodes_) {
    node->is_stepping = false;
    crash(*node);
    // What was decided for these is known to nobody any more.
    if (!node->committed.empty()) model_.reset();
    node->committed.clear();
  }
}

void World::heal() {
  bills_.draw(channels_);
  scene_.faults.heal();
  scene_.silent.clear();
  trust_again();
  for (auto& [name, supplier] : suppliers_) supplier->heal();
}

World::Node* World::some_node() {
  std::vector<Node*> up;
  for (auto& node : nodes_)
    if (node->engine) up.push_back(node.get());
  return up.empty() ? nullptr : up[prng_.below(up.size())];
}

void World::boot(Node& node) {
  node.boot_planned = false;
  ++node.generation;
  node.watched->revive();
  const bool alone = nodes_.size() == 1;
  node.engine.emplace(*node.watched, *entropy_, numbers_, settings_,
                      alone ? domain::Partitions::all() : domain::Partitions{});
  if (node.down_since.is_set())
    out_of_service_ = out_of_service_ + (scene_.now() - node.down_since);
  node.down_since = {};
  node.wake_planned = {};
  if (!alone) share_out();
  plan_step(node, {});
}

// Whoever is up looks after an even share. A node lets go a little later than another takes over,
// so for a while a partition has two owners.
void World::share_out() {
  ++shares_;
  std::vector<Node*> up;
  for (auto& node : nodes_)
    if (node->engine) up.push_back(node.get());
  for (std::size_t i = 0; i < up.size(); ++i) {
    domain::Partitions share;
    for (std::int32_t no = static_cast<std::int32_t>(i); no < domain::partition_count;
         no += static_cast<std::int32_t>(up.size()))
      share = share.with({domain::Partition{no}});
    Node& node = *up[i];
    node.engine->take_over(share.without(node.engine->owned()));
    scene_.schedule.in(draw_duration(prng_, {}, base::seconds(5)),
                       [this, &node, share, shares = shares_] {
                         if (!node.engine || shares != shares_) return;
                         node.engine->let_go(node.engine->owned().without(share));
                       });
    plan_wake(node);
  }
}

// From now on for so long a node does not do what it has to.
void World::go_out_of_service(base::Duration length) {
  out_of_service_ = out_of_service_ + length;
  unserved_until_ = std::max(unserved_until_, scene_.now() + length);
}

void World::crash(Node& node) {
  ++crashes_;
  crashed_at_ = scene_.now();
  node.engine.reset();
  store_->crash();
  if (!store_->has_halted()) node.watched->settle();
  if (node.boot_planned) return;
  node.boot_planned = true;
  node.step_planned = false;
  ++node.step_plan;
  node.inbox.clear();
  if (!node.down_since.is_set()) node.down_since = scene_.now();
  for (auto& [ticket, reply] : node.waiting)
    scene_.schedule.in(draw_duration(prng_, base::milliseconds(1), base::seconds(5)),
                       [reply = std::move(reply)] { reply(std::nullopt); });
  node.waiting.clear();
  node.wanted.clear();
  const bool is_long = scene_.faults.strikes(FaultKind::long_outage);
  scene_.schedule.in(is_long ? draw_duration(prng_, base::minutes(1), base::minutes(30))
                             : draw_duration(prng_, base::milliseconds(100), base::seconds(10)),
                     [this, &node] { boot(node); });
  if (nodes_.size() == 1) return;
  // Until its lease is over nobody looks after its partitions.
  const auto lease = draw_duration(prng_, base::seconds(1), base::seconds(30));
  go_out_of_service(lease);
  scene_.schedule.in(lease, [this] { share_out(); });
}

// F50: the machine gives this process no time between its load and its commit. The others go on.
void World::pause_in_commit(Node& node) {
  if (nodes_.size() == 1 || pauses_ == 2 || !node.committed.empty()) return;
  if (!scene_.faults.strikes(FaultKind::node_paused_in_commit)) return;
  pause(prng_.chance(1, 2) ? draw_duration(prng_, {}, base::seconds(2))
                           : draw_duration(prng_, {}, base::minutes(10)));
}

// F50 again: what was decided is committed, and its calls wait in the process that stands still.
void World::pause_before_send(Node& node, const engine::Step& done) {
  if (nodes_.size() == 1 || pauses_ == 2 || !std::ranges::any_of(done.calls, is_deed)) return;
  if (!scene_.faults.strikes(FaultKind::node_paused_before_send)) return;
  node.is_stepping = true;
  pause(draw_duration(prng_, base::seconds(10), base::minutes(12)));
  node.is_stepping = false;
}

void World::pause(base::Duration length) {
  const auto end = scene_.now() + length;
  go_out_of_service(length);
  ++pauses_;
  auto& schedule = scene_.schedule;
  while (!schedule.empty() && schedule.next_at() <= end && !scene_.record.violation()) happen();
  schedule.pass_until(end);
  --pauses_;
}

void World::plan_step(Node& node, base::Duration delay) {
  if (node.step_planned || node.is_stepping) return;
  node.step_planned = true;
  // The machine gives the process no time: what it has in hand waits, and so do its deadlines.
  const bool stands = scene_.family == Family::pause && !scene_.faults.healed() &&
                      scene_.faults.strikes(FaultKind::shop_stands_still);
  if (stands) {
    delay = draw_duration(prng_, base::seconds(60), base::minutes(10));
    go_out_of_service(delay);
  }
  scene_.schedule.in(delay, [this, &node, plan = ++node.step_plan] {
    if (plan == node.step_plan) step(node);
  });
}

void World::plan_wake(Node& node) {
  if (!node.engine || node.is_stepping) return;
  const auto at = node.engine->wake_at();
  if (!at.is_set() || (node.wake_planned.is_set() && node.wake_planned <= at)) return;
  node.wake_planned = at;
  scene_.schedule.at(at, [this, &node, at, generation = node.generation] {
    if (generation != node.generation || !node.engine) return;
    if (node.wake_planned == at) node.wake_planned = {};
    plan_step(node, {});
  });
}

void World::step(Node& node) {
  node.step_planned = false;
  if (!node.engine) return;
  node.watched->begin_step();
  node.committed.clear();
  node.trust = doubtful_since_.is_set() ? domain::TimeTrust::doubtful : domain::TimeTrust::trusted;
  const auto began = scene_.now();
  node.is_stepping = true;
  node.least_stock = shadow_.available();
  const engine::Step done = node.engine->step(began, node.trust);
  node.is_stepping = false;
  tell_model(node, done, began);
  check_contradictions(done, began);
  check_gone_money(done, began);
  check_odd_money(done);
  check_progress(node, done);
  check_answers(node, done);
  node.committed.clear();
  if (node.watched->died()) {
    note_crash_before_commit(node);
    return crash(node);
  }
  if (done.commands > 0 && scene_.faults.strikes(FaultKind::crash_after_commit)) {
    note_crash_after_commit(node);
    return crash(node);
  }
  pause_before_send(node, done);
  if (!hand_out(node, done)) return crash(node);
  for (auto& command : std::exchange(node.inbox, {})) submit(node, std::move(command));
  if (done.store_unavailable) {
    go_out_of_service(base::seconds(1));
    plan_step(node, base::seconds(1));
  } else if (node.engine->has_work(scene_.now())) {
    plan_step(node, base::milliseconds(1));
  }
  plan_wake(node);
}

// False if the process died in between.
bool World::hand_out(Node& node, const engine::Step& done) {
  for (const auto& each : done.answers) answer(node, each);
  for (const auto& call : done.calls) {
    ++calls_;
    dispatch(node, call);
    if (!scene_.faults.strikes(FaultKind::crash_after_send)) continue;
    if (call.effect.kind == EffectKind::submit_attempt)
      scene_.record.reached(Sometimes::crash_after_submit_sent);
    if (call.effect.kind == EffectKind::refund)
      scene_.record.reached(Sometimes::crash_after_refund_sent);
    return false;
  }
  return true;
}

void World::answer(Node& node, const engine::Answer& answer) {
  const auto it = node.waiting.find(answer.ticket);
  if (it == node.waiting.end()) return;
  const auto reply = std::move(it->second);
  node.waiting.erase(it);
  check_refusal(node, answer);
  scene_.note(answer.order ? answer.order->key() : domain::OrderKey{},
              base::name_of(answer.refusal));
  reply(answer);
}

// What comes while the node is in a step waits outside of the engine.
bool World::submit(Node& node, engine::Command command) {
  if (node.is_stepping) {
    node.inbox.push_back(std::move(command));
    return true;
  }
  const bool taken = node.engine->submit(std::move(command));
  plan_step(node, draw_duration(prng_, {}, base::milliseconds(5)));
  return taken;
}

void World::send(engine::CommandBody body, Reply reply) {
  if (std::holds_alternative<engine::AskPayments>(body))
    reply = [this, reply = std::move(reply)](const std::optional<engine::Answer>& answer) {
      if (answer) expect_asking(*answer);
      reply(answer);
    };
  Node* node = some_node();
  if (node == nullptr) {
    scene_.schedule.in(base::milliseconds(50), [reply = std::move(reply)] { reply(std::nullopt); });
    return;
  }
  const auto ticket = ++last_ticket_;
  const auto* place = std::get_if<engine::PlaceOrder>(&body);
  const std::int32_t quantity = place == nullptr ? 0 : place->quantity;
  const bool full = std::holds_alternative<engine::PlaceOrder>(body) &&
                    scene_.faults.strikes(FaultKind::queue_full);
  if (full || !submit(*node, {ticket, std::move(body)})) {
    engine::Answer overloaded;
    overloaded.refusal = engine::Refusal::overloaded;
    return reply(overloaded);
  }
  node->waiting.emplace(ticket, std::move(reply));
  if (quantity > 0) node->wanted.emplace(ticket, quantity);
}

std::optional<domain::OrderKey> World::order_of(const std::string& trade_ref) {
  // The same few are asked for again and again, and what a number hides costs four hashes.
  const auto [known, is_new] = keys_of_refs_.try_emplace(trade_ref);
  if (!is_new) return known->second;
  if (const auto ref = domain::parse_trade_ref(trade_ref))
    known->second = numbers_.order_of(ref->order_no);
  return known->second;
}

void World::notify(const std::string& channel, const std::string& body, Reply reply) {
  const auto notice = wire_->read_notice(body);
  const auto about = notice ? order_of(notice->trade_ref) : std::nullopt;
  const auto meeting = about ? meetings_.find(*about) : meetings_.end();
  const bool is_unheard = meeting != meetings_.end() && scene_.now() < meeting->second;
  if (is_unheard && !scene_.faults.healed())
    return scene_.schedule.in(base::seconds(1),
                              [reply = std::move(reply)] { reply(std::nullopt); });
  const auto heard = [this, channel, notice,
                      reply = std::move(reply)](const std::optional<engine::Answer>& answer) {
    note_notice(answer);
    if (notice && answer) expect_asking(channel, *notice, *answer);
    reply(answer);
  };
  ports::NoticeMessage message;
  message.body = body;
  if (notice)
    send(engine::TakeNotice{channel, *notice, std::move(message)}, heard);
  else
    send(engine::RecordRefusedNotice{channel, std::string(base::name_of(notice.error())),
                                     std::move(message)},
         heard);
}

void World::hint(const std::string& reference) {
  const auto parsed = domain::parse_attempt_ref(reference);
  const auto key = parsed ? numbers_.order_of(parsed->order_no) : std::nullopt;
  if (!key) return;
  send(engine::TakeHint{*key, reference},
       [this, key = *key, no = parsed->attempt_no](const std::optional<engine::Answer>& answer) {
         if (answer && answer->refusal == engine::Refusal::none) expect_question(key, no);
       });
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
  if (order)
    pages_.looked_at(*order, scene_.now());
  else
    scene_.record.violated("S1", "an acknowledged order is gone", key);
  return order;
}

template <class Answered>
void World::returned(Node& node, std::uint64_t generation, const Answered& answered) {
  if (!node.engine) return;
  const auto kind = answered.effect.kind;
  if (generation != node.generation) {
    if (prng_.chance(1, 2)) return;
    scene_.record.reached(Sometimes::late_reply_to_new_engine);
  }
  submit(node, {++last_ticket_, answered});
  if (node.is_stepping || !scene_.faults.strikes(FaultKind::crash_after_reply)) return;
  if (kind == EffectKind::submit_attempt)
    scene_.record.reached(Sometimes::crash_after_submit_reply);
  if (kind == EffectKind::refund) scene_.record.reached(Sometimes::crash_after_refund_reply);
  crash(node);
}

// Between a channel that is not heard and one that is heard again, its answers lie in a queue; they
// come in the very moment at which the order's hold ends (F4).
base::Instant World::meeting_of(const domain::Order& order) {
  const auto [known, is_new] = meetings_.try_emplace(order.key());
  if (!is_new) return known->second;
  const auto at = order.header.pay_by + settings_.policy.hold_after_window;
  const bool is_open = !order.is_paid() && !order.is_expired() && at > scene_.now();
  if (!is_open || !scene_.faults.strikes(FaultKind::answers_meet)) return known->second;
  known->second = at;
  // He looks whether his money is there.
  const auto asks_at = std::max(scene_.now(), at - base::seconds(5));
  scene_.schedule.at(asks_at, [this, key = order.key()] {
    send(engine::AskPayments{key}, [](const std::optional<engine::Answer>&) {});
  });
  return at;
}

void World::ask_channel(Node& node, const engine::Call& call, const domain::Order& order) {
  const auto effect = call.effect;
  const auto meeting = meeting_of(order);
  channels_.at(call.peer)->call(
      std::get<ports::PaymentCall>(call.request),
      [this, &node, generation = node.generation, effect, meeting](ports::PaymentAnswer got) {
        const auto arrives = [this, &node, generation, effect](ports::PaymentAnswer answer) {
          scene_.note(effect.order(), base::name_of(answer.outcome));
          returned(node, generation, engine::PaymentAnswered{effect, std::move(answer)});
        };
        if (scene_.now() >= meeting || scene_.faults.healed()) return arrives(std::move(got));
        if (scene_.now() + base::seconds(6) >= meeting)
          return scene_.schedule.at(meeting, [arrives, got] { arrives(got); });
        ports::PaymentAnswer none;
        none.outcome = ports::Outcome::unknown;
        none.problem = "timeout";
        arrives(std::move(none));
      });
}

void World::dispatch(Node& node, const engine::Call& call) {
  if (scene_.now() > call.leave_by) {
    scene_.record.reached(Sometimes::call_too_late_to_leave);
    return node.engine->not_made(call.effect);
  }
  const auto committed = checks_.orders().find(call.effect.order());
  if (committed == checks_.orders().end())
    return scene_.record.violated("S15", "a call left before its order was committed");
  const auto& order = committed->second;
  scene_.note(order.key(), base::name_of(call.effect.kind));
  note_asking(call.effect);
  const auto generation = node.generation;
  const auto effect = call.effect;
  if (const auto* payment = std::get_if<ports::PaymentCall>(&call.request)) {
    if (payment->kind == ports::PaymentCallKind::create)
      payers_.sent(order, order.intents.at(static_cast<std::size_t>(effect.subject_no - 1)),
                   *payment);
    return ask_channel(node, call, order);
  }
  const auto& request = std::get<ports::SupplierCall>(call.request);
  const bool intended = std::any_of(
      order.attempts.begin(), order.attempts.end(),
      [&](const domain::Attempt& attempt) { return attempt.reference == request.reference; });
  if (!intended)
    scene_.record.violated("S15", "a call left before its attempt was committed", order.key());
  suppliers_.at(call.peer)->call(
      request, [this, &node, generation, effect](ports::SupplierAnswer got) {
        scene_.note(effect.order(), base::name_of(got.word));
        returned(node, generation, engine::SupplierAnswered{effect, std::move(got)});
      });
}

}  // namespace daozhang::sim
