// Two and three engines over one store, in interleavings drawn from a seed: others act between the
// load and the commit of a batch, nodes are paused in the middle of a step and killed after it,
// calls and answers are lost, late and repeated. Whatever happens, every paid unit ends delivered
// or given back, once.
#include <algorithm>
#include <map>
#include <set>

#include "engine/test_nodes.h"
#include "engine/test_outside.h"

namespace daozhang::engine {
namespace {

using base::Duration;
using base::Instant;
using domain::Partitions;

constexpr Instant start{1'795'000'000'000'000};
constexpr Duration chaos = base::minutes(30);
constexpr Duration call_time_max = base::seconds(15);
constexpr Duration horizon = base::minutes(5);
constexpr std::int64_t price = 990;

// What happened in all runs, so that a quiet generator shows.
struct Reached {
  int nested = 0, paused_in_commit = 0, paused_with_calls = 0, killed = 0, too_late = 0,
      taken_over = 0, delivered = 0, given_back = 0, gone = 0, moved = 0;
};

class World {
 public:
  World(std::uint64_t seed, Reached& reached) : prng_(seed, "interleaving"), reached_(reached) {
    settings_.shares_store = true;
    settings_.suppliers["telco"] = {true, prng_.chance(1, 2), horizon};
    settings_.suppliers["games"] = {false, prng_.chance(1, 2), horizon};
    settings_.batch_max = prng_.chance(1, 2) ? 2 : 64;
    settings_.cache_orders = prng_.chance(1, 3) ? 0 : 100;
    slots_.resize(prng_.chance(1, 2) ? 2 : 3);
    for (std::int32_t each = 0; each < domain::partition_count; ++each) {
      auto& home = slots_[static_cast<std::size_t>(each) % slots_.size()].home;
      home = home.with({domain::Partition{each}});
    }
    EXPECT_TRUE(memory_.import_stock(cards(static_cast<int>(prng_.between(2, 8)))));
    for (std::size_t i = 0; i < slots_.size(); ++i) boot(i);
  }

  void run() {
    for (int i = 0; i < 12; ++i) at(draw({}, base::minutes(4)), [this, i] { shop(i); });
    for (std::size_t i = 0; i < slots_.size(); ++i) tick(i);
    run_until(start + chaos);
    heals_ = true;
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (!slots_[i].node) boot(i);
    settle();
    check();
  }

 private:
  using Reply = std::function<void(const Answer&)>;
  struct Slot {
    std::unique_ptr<Node> node;
    Partitions home;
    bool is_paused = false;
    bool in_step = false;
    int generation = 0;
    [[nodiscard]] bool acts() const { return node && !is_paused && !in_step; }
  };

  Duration draw(Duration low, Duration high) { return {prng_.between(low.micros, high.micros)}; }
  // Also past the horizon after which "not found" is believed.
  Duration draw_pause() {
    return draw(base::seconds(1), prng_.chance(1, 3) ? horizon * 3 : base::minutes(2));
  }
  bool strikes(std::uint64_t in) { return !heals_ && prng_.chance(1, in); }
  void at(Duration delay, std::function<void()> act) {
    events_.emplace(now_ + delay, std::move(act));
  }
  void run_until(Instant limit) {
    while (!events_.empty() && events_.begin()->first <= limit) {
      now_ = std::max(now_, events_.begin()->first);
      const auto act = std::move(events_.begin()->second);
      events_.erase(events_.begin());
      act();
    }
    now_ = std::max(now_, limit);
  }
  // Nothing goes wrong any more; time jumps from one thing to do to the next.
  void settle() {
    for (int turns = 0; turns < 20'000; ++turns) {
      auto next = memory_.earliest_due(Partitions::all());
      if (!events_.empty()) next = base::earlier_set(next, events_.begin()->first);
      if (!memory_.open_effects(Partitions::all(), {}).empty())
        next = base::earlier_set(next, now_ + base::seconds(5));
      if (!next.is_set()) return;
      run_until(std::max(next, now_ + base::milliseconds(500)));
      for (std::size_t i = 0; i < slots_.size(); ++i)
        for (int steps = 0; steps == 0 || slots_[i].node->engine.has_work(now_); ++steps) step(i);
    }
    ADD_FAILURE() << "the shop did not come to rest";
  }

  void boot(std::size_t i) {
    auto& slot = slots_[i];
    ++slot.generation;
    slot.is_paused = false;
    slot.node = std::make_unique<Node>(memory_, numbers_, settings_, slot.home, ++boots_);
    slot.node->store.before_commit = [this, i] { meanwhile(i); };
    // Some find out late that their partitions have another owner now.
    for (auto& other : slots_)
      if (&other != &slot && other.node && !strikes(3)) other.node->engine.let_go(slot.home);
  }
  void kill(std::size_t i) {
    ++reached_.killed;
    slots_[i].node.reset();
    at(draw(base::seconds(1), base::minutes(3)), [this, i] {
      if (!slots_[i].node) boot(i);
    });
    const auto heir = prng_.below(slots_.size());
    if (slots_[heir].node) slots_[heir].node->engine.take_over(slots_[i].home);
  }
  void tick(std::size_t i) {
    if (heals_) return;
    if (slots_[i].acts()) step(i);
    at(base::seconds(1), [this, i] { tick(i); });
  }

  // Between the load and the commit of a step of node i.
  void meanwhile(std::size_t i) {
    if (heals_ || depth_ >= 2) return;
    ++depth_;
    if (strikes(40)) {
      ++reached_.paused_in_commit;
      slots_[i].is_paused = true;
      run_until(now_ + draw_pause());
      slots_[i].is_paused = false;
    }
    const auto other = prng_.below(slots_.size());
    if (strikes(2) && slots_[other].acts()) {
      ++reached_.nested;
      step(other);
    }
    --depth_;
  }
  void step(std::size_t i) {
    auto& slot = slots_[i];
    slot.in_step = true;
    Step done = slot.node->engine.step(now_);
    slot.in_step = false;
    if (done.commands > 0 && strikes(40)) return kill(i);
    for (const auto& answer : done.answers) reply(answer);
    if (done.calls.empty()) return;
    Duration pause{};
    if (strikes(20)) {
      ++reached_.paused_with_calls;
      slot.is_paused = true;
      pause = draw_pause();
    }
    at(pause, [this, i, calls = std::move(done.calls), generation = slot.generation] {
      if (slots_[i].generation != generation || !slots_[i].node) return;
      slots_[i].is_paused = false;
      for (const auto& call : calls) make(i, call);
    });
  }

  void make(std::size_t i, const Call& call) {
    if (now_ > call.leave_by) {
      ++reached_.too_late;
      return slots_[i].node->engine.not_made(call.effect);
    }
    if (const auto* payment = std::get_if<ports::PaymentCall>(&call.request))
      return call_channel(i, call.effect, *payment);
    call_supplier(i, call.effect, call.peer, std::get<ports::SupplierCall>(call.request));
  }
  void call_channel(std::size_t i, const domain::Effect& effect, const ports::PaymentCall& call) {
    if (call.kind == ports::PaymentCallKind::refund) {
      auto& under_way = outside_.trades[call.order.trade_ref].refunds_under_way;
      under_way.insert(call.refund_ref);
      EXPECT_EQ(under_way.size(), 1U) << "two refunds of one payment at once (F28)";
    }
    const bool is_lost = strikes(8);
    const bool reply_lost = strikes(8);
    const auto arrives = draw(base::milliseconds(5), base::seconds(3));
    const auto answers = is_lost || reply_lost ? call_time_max : arrives + base::milliseconds(50);
    auto got = std::make_shared<ports::PaymentAnswer>();
    if (!is_lost)
      at(arrives, [this, call, got, reply_lost] {
        const auto said = outside_.arrive(call);
        if (!reply_lost) *got = said;
      });
    at(answers, [this, i, effect, call, got, generation = slots_[i].generation] {
      outside_.trades[call.order.trade_ref].refunds_under_way.erase(call.refund_ref);
      deliver(i, generation, PaymentAnswered{effect, *got});
    });
  }
  void call_supplier(std::size_t i, const domain::Effect& effect, const std::string& name,
                     const ports::SupplierCall& call) {
    const bool is_submit = call.kind == ports::SupplierCallKind::submit;
    auto got = std::make_shared<ports::SupplierAnswer>();
    auto arrives = draw(base::milliseconds(5), base::seconds(3));
    auto answers = arrives + base::milliseconds(50);
    if (is_submit && strikes(3)) {  // Not sent, or our balance there is empty.
      *got = supplier_says(ports::Outcome::failed, ports::SupplierWord::failed, true);
    } else if (strikes(6)) {
      answers = call_time_max;  // Lost on its way there.
    } else {
      const bool reply_lost = strikes(4);
      if (reply_lost) answers = call_time_max;
      if (reply_lost && is_submit && strikes(2)) arrives = draw({}, horizon * 8 / 10);
      at(arrives, [this, call, got, reply_lost, is_submit, name] {
        const bool is_idempotent = settings_.suppliers.at(name).idempotent;
        const auto said = is_submit ? outside_.arrive(call, is_idempotent, strikes(6))
                                    : outside_.ask(call.reference);
        if (!reply_lost) *got = said;
      });
    }
    at(answers, [this, i, effect, got, generation = slots_[i].generation] {
      deliver(i, generation, SupplierAnswered{effect, *got});
    });
  }
  template <class Answered>
  void deliver(std::size_t i, int generation, const Answered& answered) {
    auto& slot = slots_[i];
    if (!slot.node || slot.generation != generation) return;
    if (slot.in_step || slot.is_paused)
      return at(base::milliseconds(700),
                [this, i, generation, answered] { deliver(i, generation, answered); });
    slot.node->engine.submit({0, answered});
    at(draw({}, base::milliseconds(5)), [this, i] {
      if (slots_[i].acts()) step(i);
    });
  }

  // To any node; again, to any node, as long as there is no answer.
  void send(CommandBody body, Reply reply) {
    const auto i = prng_.below(slots_.size());
    const Ticket ticket = ++last_ticket_;
    at(base::seconds(4), [this, ticket, body] {
      const auto waiting = replies_.find(ticket);
      if (waiting == replies_.end()) return;
      const auto again = std::move(waiting->second);
      replies_.erase(waiting);
      send(body, again);
    });
    replies_.emplace(ticket, std::move(reply));
    if (!slots_[i].acts()) return;
    slots_[i].node->engine.submit({ticket, std::move(body)});
    at(draw({}, base::milliseconds(5)), [this, i] {
      if (slots_[i].acts()) step(i);
    });
  }
  void reply(const Answer& answer) {
    const auto waiting = replies_.find(answer.ticket);
    if (waiting == replies_.end()) return;
    const auto tell = std::move(waiting->second);
    replies_.erase(waiting);
    EXPECT_NE(answer.refusal, Refusal::store_unavailable);
    tell(answer);
  }

  void shop(int number) {
    const auto kind = prng_.chance(1, 3) ? domain::ProductKind::secret : domain::ProductKind::topup;
    auto command = order_of(kind, "key" + std::to_string(number));
    command.quantity = prng_.chance(1, 4) ? 2 : 1;
    command.needs_create = prng_.chance(1, 4);
    if (kind != domain::ProductKind::secret)
      command.product.supplier = prng_.chance(1, 2) ? "telco" : "games";
    const int copies = prng_.chance(1, 3) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy)
      send(command, [this, number](const Answer& answer) {
        if (answer.refusal == Refusal::out_of_stock) return;
        const auto [known, is_new] = orders_.emplace(number, answer.order->key());
        EXPECT_EQ(known->second, answer.order->key()) << "one key, two orders";
        if (is_new) plan_payment(*answer.order);
      });
  }
  void plan_payment(const domain::Order& order) {
    if (prng_.chance(5, 6))
      at(prng_.chance(1, 8) ? base::minutes(16) : draw({}, base::minutes(4)),
         [this, order] { pay(order, 1); });
    if (prng_.chance(1, 3))
      at(draw({}, base::minutes(12)), [this, order] {
        send(OpenPayment{order.key(), "wechat", false}, [this, order](const Answer& answer) {
          if (answer.refusal == Refusal::none)
            at(draw({}, base::minutes(2)), [this, order, answer] { pay(order, answer.number); });
        });
      });
  }
  void pay(const domain::Order& order, std::int32_t intent_no) {
    const auto trade_ref = domain::trade_ref(order.header.order_no, intent_no);
    if (!outside_.pay(trade_ref, order.price_minor())) return;
    auto notice = notice_of(order, order.price_minor(), "T" + trade_ref, intent_no);
    if (intent_no > 1) notice.channel = "wechat";
    const auto copies = prng_.below(4);
    for (std::uint64_t copy = 0; copy < copies; ++copy)
      at(draw({}, base::seconds(5)), [this, notice] {
        send(notice, [](const Answer& answer) {
          EXPECT_TRUE(answer.verdict == domain::InboxVerdict::applied ||
                      answer.verdict == domain::InboxVerdict::repeated);
        });
      });
  }

  void check() {
    EXPECT_TRUE(replies_.empty()) << "a command was lost";
    std::set<domain::ItemKey> issued;
    memory_.each_order([&](const ports::AuditSource::OrderStory& story) {
      check_money(story.order);
      check_attempts(story.order);
      for (const auto& unit : story.order.units)
        if (unit.hold == domain::HoldState::consumed) {
          EXPECT_TRUE(issued.insert(unit.item()).second) << "one secret, two units (S21)";
        }
      for (const auto& event : story.events)
        reached_.taken_over += event.body.find("call_taken_over") != std::string::npos;
    });
    memory_.each_item([&](const domain::StockItem& item) {
      EXPECT_NE(item.state, domain::ItemState::held);
      EXPECT_EQ(item.state == domain::ItemState::issued, issued.contains(item.key()));
    });
  }
  void check_money(const domain::Order& order) {
    SCOPED_TRACE("order " + std::to_string(order.header.order_id.value));
    std::int64_t kept = 0;
    for (const auto& intent : order.intents) {
      const auto& trade =
          outside_.trades[domain::trade_ref(order.header.order_no, intent.intent_no)];
      kept += trade.paid_minor;
      for (const auto& [number, amount_minor] : trade.refunds) kept -= amount_minor;
    }
    const auto delivered = std::ranges::count_if(order.units, [](const domain::Unit& unit) {
      return unit.state == domain::UnitState::delivered;
    });
    EXPECT_EQ(kept, delivered * price) << "the money kept is not the price of what arrived (S10)";
    EXPECT_TRUE(order.header.closed_at.is_set()) << base::name_of(order.header.state);
    reached_.delivered += delivered > 0;
    reached_.given_back += !order.refunds.empty();
  }
  void check_attempts(const domain::Order& order) {
    std::map<std::int32_t, int> successes;
    for (const auto& attempt : order.attempts) {
      SCOPED_TRACE(attempt.reference);
      const auto job = outside_.jobs.find(attempt.reference);
      if (job == outside_.jobs.end() || job->second.executions == 0) continue;
      EXPECT_EQ(job->second.executions, 1) << "executed twice (S15)";
      EXPECT_EQ(attempt.state, domain::AttemptState::done) << "executed and not known (S18)";
      EXPECT_EQ(++successes[attempt.unit_no], 1) << "a unit was bought twice (S18)";
    }
  }

  base::Prng prng_;
  Reached& reached_;
  storage::memory::MemoryStore memory_;
  domain::OrderNumbers numbers_{"0123456789abcdef"};
  EngineSettings settings_;
  Outside outside_;
  std::vector<Slot> slots_;
  std::multimap<Instant, std::function<void()>> events_;
  std::map<Ticket, Reply> replies_;
  std::map<int, domain::OrderKey> orders_;
  Instant now_ = start;
  Ticket last_ticket_ = 0;
  std::uint64_t boots_ = 0;
  int depth_ = 0;
  bool heals_ = false;
};

TEST(Interleaving, EveryPaidUnitIsDeliveredOrGivenBackOnce) {
  Reached reached;
  for (std::uint64_t seed = 1; seed <= 400 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World(seed, reached).run();
  }
  for (const int count :
       {reached.nested, reached.paused_in_commit, reached.paused_with_calls, reached.killed,
        reached.too_late, reached.taken_over, reached.delivered, reached.given_back})
    EXPECT_GT(count, 100);
}

}  // namespace
}  // namespace daozhang::engine
