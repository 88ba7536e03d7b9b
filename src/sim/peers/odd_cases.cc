// What people tell wrongly of disputes, and disputes that follow each other.
#include <algorithm>

#include <fmt/format.h>

#include "sim/peers/staff.h"

namespace daozhang::sim {

using engine::Refusal;

std::int64_t Staff::kept_of(const domain::Order& order, const domain::Payment& payment) {
  std::int64_t kept = payment.amount_minor;
  for (const auto& refund : order.refunds)
    if (refund.payment_no == payment.payment_no) kept -= refund.amount_minor;
  for (const auto& charged : order.chargebacks)
    if (charged.payment_no == payment.payment_no && charged.state == domain::ChargebackState::taken)
      kept -= charged.amount_minor;
  return kept;
}

// Each channel counts by itself, so that two payments of an order may have one number.
bool Staff::is_unclear(const Case& of) const {
  return std::ranges::count(orders_.at(of.order).payments, of.fact.payment.trade_no,
                            &domain::Payment::trade_no) > 1;
}

// The case is posted; nothing of this may be.
void Staff::tell_wrongly(const Case& of) {
  auto other_sum = of.fact;
  other_sum.amount_minor += 1;
  expect_refused(of, other_sum, {Refusal::charged_case_differs, Refusal::charged_case_returned},
                 "with another sum");
  auto too_much = of.fact;
  too_much.case_no += "-more";
  too_much.amount_minor = 1'000'000;
  // Money that came late may have opened the order again.
  expect_refused(of, too_much, {Refusal::charged_more_than_kept, Refusal::charged_order_open},
                 "of more than was kept");
  auto other_payment = of.fact;
  other_payment.payment.trade_no += "9";
  expect_refused(of, other_payment, {Refusal::charged_payment_unknown}, "of no payment of his");
}

void Staff::expect_refused(const Case& of, domain::ChargebackFact fact, std::vector<Refusal> as,
                           std::string_view what) {
  shop_.send(
      engine::ChargeBack{of.order, std::move(fact), "wang", "typed in wrongly"},
      [this, of, as = std::move(as), what](const std::optional<engine::Answer>& answer) {
        if (!answer || answer->refusal == Refusal::store_unavailable ||
            answer->refusal == Refusal::store_unknown || answer->refusal == Refusal::overloaded)
          return;
        if (std::ranges::find(as, answer->refusal) != as.end())
          return scene_.record.reached(Sometimes::case_told_wrongly_refused);
        scene_.record.violated(
            "F19", fmt::format("a case {} was answered {}", what, base::name_of(answer->refusal)),
            of.order);
      });
}

// The channel takes more of the same payment, under a number of its own.
void Staff::dispute_again(const Case& of) {
  const auto& order = orders_.at(of.order);
  const auto paid = std::ranges::find_if(order.payments, [&](const domain::Payment& each) {
    return each.channel == of.channel && each.trade_no == of.fact.payment.trade_no;
  });
  const auto kept = paid == order.payments.end() ? 0 : kept_of(order, *paid);
  if (kept <= 0 || !scene_.faults.strikes(FaultKind::charged_back_again)) return;
  auto next = of;
  next.fact.case_no = fmt::format("CASE{}", ++cases_);
  next.fact.amount_minor = case_prng_.between(1, kept);
  next.names_channel = true;
  next.is_announced = false;
  channels_.at(of.channel)->charge_back(of.trade_ref, next.fact.amount_minor);
  scene_.record.reached(Sometimes::charged_back_twice);
  ++open_cases_;
  tell(next);
}

}  // namespace daozhang::sim
