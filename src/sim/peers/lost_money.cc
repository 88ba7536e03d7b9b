// What people know of money that the shop has no trace of, and what they mistype of what it has.
#include <algorithm>

#include "sim/peers/staff.h"

namespace daozhang::sim {
namespace {

using engine::Refusal;

bool was_not_decided(const std::optional<engine::Answer>& answer) {
  return !answer || answer->refusal == Refusal::store_unavailable ||
         answer->refusal == Refusal::store_unknown || answer->refusal == Refusal::overloaded;
}

}  // namespace

void Staff::find_in_bill(const LostMoney& money) {
  ++open_cases_;
  scene_.schedule.in(draw_duration(case_prng_, base::minutes(1), base::hours(2)),
                     [this, money] { tell_from_bill(money, 200); });
  start();
}

// Some take the wrong bill first, or mistype the sum; what the channel answers counts.
void Staff::tell_from_bill(const LostMoney& money, int visits_left) {
  const auto known = orders_.find(money.order);
  const bool is_there =
      known != orders_.end() &&
      std::ranges::any_of(known->second.payments, [&](const domain::Payment& payment) {
        return payment.intent_no == money.intent_no && payment.channel == money.channel;
      });
  if (is_there || visits_left == 0) {
    --open_cases_;
    if (!is_there)
      scene_.record.violated("L2", "a person tells of money again and again, and it is not found",
                             money.order);
    return;
  }
  engine::AskByHand told{
      money.order,       "li", "in the channel's bill", money.channel, money.intent_no,
      money.amount_minor};
  if (case_prng_.chance(1, 4)) told.channel = money.channel == "page" ? "code" : "page";
  if (case_prng_.chance(1, 4)) told.amount_minor += 1;
  shop_.send(told, [this, money](const std::optional<engine::Answer>& answer) {
    if (was_not_decided(answer)) return;
    if (answer->refusal != Refusal::none || !answer->order || !answer->order->is_lost())
      return scene_.record.violated("L2", "a person tells of lost money and nobody asks",
                                    money.order);
    scene_.record.reached(Sometimes::lost_order_settled_by_hand);
  });
  scene_.schedule.in(draw_duration(case_prng_, base::minutes(10), base::hours(1)),
                     [this, money, visits_left] { tell_from_bill(money, visits_left - 1); });
}

// A number that the order has no refund of: nothing may happen.
void Staff::mistype_refund(const domain::Order& order) {
  const std::int32_t numbers[] = {-1, 0, static_cast<std::int32_t>(order.refunds.size()) + 7};
  for (const auto no : numbers) {
    const auto refused_as = [this, key = order.key()](Refusal expected) {
      return [this, key, expected](const std::optional<engine::Answer>& answer) {
        if (was_not_decided(answer)) return;
        if (answer->refusal == expected)
          return scene_.record.reached(Sometimes::refund_that_is_none_refused);
        scene_.record.violated("S9", "a refund that there is not was dealt with by hand", key);
      };
    };
    shop_.send(engine::SendRefundAgain{order.key(), no, "li", "not in the books"},
               refused_as(Refusal::refund_not_lost));
    shop_.send(engine::RefundWentByHand{order.key(), no, "li", "sent by bank"},
               refused_as(Refusal::refund_not_stuck));
    shop_.send(engine::RefundWentByHand{order.key(), no, "li", "in the books", true},
               refused_as(Refusal::refund_not_stuck));
  }
}

}  // namespace daozhang::sim
