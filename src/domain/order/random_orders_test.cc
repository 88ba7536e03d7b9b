// Random lives of orders: any answer that a channel or supplier may give to an open call, payments,
// hints and time, in any order. What must hold always is in OrderUnderTest::check_always.
#include <gtest/gtest.h>

#include "base/prng.h"
#include "domain/order/decision_script.h"

namespace daozhang::domain {
namespace {

class RandomLife {
 public:
  explicit RandomLife(std::uint64_t seed)
      : prng_(seed, "life"),
        subject_(prng_.chance(1, 3) ? ProductKind::secret : ProductKind::topup,
                 static_cast<std::int32_t>(prng_.between(1, 3)),
                 static_cast<int>(prng_.between(3, 5)), prng_.chance(1, 2) ? 60 : 1800) {
    subject_.terms.cancel = prng_.chance(1, 2);
    subject_.terms.idempotent = prng_.chance(1, 2);
  }

  void live() {
    tell([](Decider& d) {
      ASSERT_TRUE(d.place());
      ASSERT_TRUE(d.open_intent("page", false));
    });
    for (int i = 0; i < 80 && !::testing::Test::HasFailure(); ++i) {
      pass_time();
      happen();
    }
  }

 private:
  template <class Tell>
  void tell(Tell told) {
    const auto held_before = subject_.shelf.count(ItemState::held);
    const auto decision = subject_.tell(now_, told);
    for (const auto& effect : decision.effects) open_.push_back(effect);
    EXPECT_LE(subject_.shelf.count(ItemState::held),
              std::max(held_before, subject_.order.header.quantity));
    for (const auto& unit : subject_.order.units) {
      if (!unit.is_final()) continue;
      const auto [known, is_new] = ends_.try_emplace(unit.unit_no, unit.state);
      EXPECT_EQ(known->second, unit.state) << "a unit left its end";
    }
  }

  void pass_time() {
    const auto due = subject_.order.header.due_at;
    if (due.is_set() && due > now_ && prng_.chance(1, 3))
      now_ = due;
    else
      now_ = now_ + base::milliseconds(prng_.between(0, prng_.chance(1, 5) ? 3'600'000 : 20'000));
  }

  void happen() {
    if (!open_.empty() && prng_.chance(2, 3)) {
      const auto index = prng_.below(open_.size());
      const Effect effect = open_[index];
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
      return answer(effect);
    }
    switch (prng_.below(5)) {
      case 0:
        return pay();
      case 1:
        return tell([&](Decider& d) {
          (void)d.open_intent(prng_.chance(1, 2) ? "page" : "code", prng_.chance(1, 2));
        });
      case 2:
        if (subject_.order.attempts.empty()) return;
        return tell(
            [&](Decider& d) { d.ask_attempt(number_below(subject_.order.attempts.size())); });
      case 3:
        return tell([](Decider& d) { (void)d.reveal(); });
      default:
        return tell([](Decider&) {});
    }
  }

  std::int32_t number_below(std::size_t size) {
    return static_cast<std::int32_t>(prng_.below(size)) + 1;
  }

  void pay() {
    PaymentFact fact;
    fact.intent_no = number_below(subject_.order.intents.size());
    const auto asked =
        subject_.order.intents[static_cast<std::size_t>(fact.intent_no - 1)].amount_minor;
    fact.trade_no = "T" + std::to_string(fact.intent_no);
    fact.amount_minor = prng_.chance(2, 3) ? asked : prng_.between(1, 2 * asked);
    tell([&](Decider& d) { d.apply_payment(fact); });
  }

  void answer(const Effect& effect) {
    const auto no = effect.subject_no;
    const auto draw = prng_.below(6);
    tell([&](Decider& d) {
      switch (effect.kind) {
        case EffectKind::create_payment:
          return draw == 0   ? d.intent_refused(no, "no")
                 : draw == 1 ? d.intent_unknown(no, "?")
                             : d.intent_prepared(no, "code");
        case EffectKind::query_payment:
        case EffectKind::close_payment:
          return draw == 0   ? d.intent_unpaid(no, now_)
                 : draw == 1 ? d.intent_unknown(no, "?")
                 : draw == 2 ? d.intent_closed(no)
                             : d.intent_not_exist(no, now_);
        case EffectKind::refund:
        case EffectKind::query_refund:
          return draw == 0   ? d.refund_unknown(no, "?")
                 : draw == 1 ? d.refund_not_found(no)
                 : draw == 2 ? d.refund_refused(no, "no", prng_.chance(1, 2))
                 : draw == 3 ? d.refund_pending(no)
                             : d.refund_accepted(no, effect.kind == EffectKind::query_refund);
        default:
          return answer_attempt(d, no, draw);
      }
    });
  }

  void answer_attempt(Decider& d, std::int32_t no, std::uint64_t draw) {
    switch (draw) {
      case 0:
        return d.attempt_accepted(no, "S");
      case 1:
        return d.attempt_done(no, "S", "proof", prng_.between(0, 900));
      case 2:
        return d.attempt_failed(no, "no", prng_.chance(2, 3));
      case 3:
        return d.attempt_canceled(no);
      case 4:
        if (prng_.chance(1, 2)) return d.attempt_unknown(no, "?");
        return d.attempt_not_found(no, "?", now_);
      default:
        return d.attempt_reversed(no, "back");
    }
  }

  base::Prng prng_;
  OrderUnderTest subject_;
  base::Instant now_ = script_start;
  std::vector<Effect> open_;
  std::map<std::int32_t, UnitState> ends_;
};

TEST(RandomOrders, NothingIsDueInThePastAndTheBooksHold) {
  for (std::uint64_t seed = 1; seed <= 1'500 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomLife(seed).live();
  }
}

}  // namespace
}  // namespace daozhang::domain
