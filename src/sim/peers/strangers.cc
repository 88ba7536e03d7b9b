#include "sim/peers/strangers.h"

#include <fmt/format.h>

namespace daozhang::sim {
namespace {

using engine::Refusal;

// Ids begin far above, since they rise with time.
constexpr domain::OrderId never_made{2};

}  // namespace

void Strangers::start() {
  for (int chance = 0; chance < 2; ++chance)
    scene_.schedule.in(draw_duration(prng_, {}, base::hours(1)), [this] { come(); });
}

void Strangers::come() {
  if (!scene_.faults.strikes(FaultKind::unknown_order)) return;
  const domain::OrderKey key{{static_cast<std::int32_t>(prng_.below(domain::partition_count))},
                             never_made};
  ask("a payment", engine::OpenPayment{key, "page", false, {}});
  ask("a question", engine::AskPayments{key});
  ask("a question by hand", engine::AskByHand{key, "li", "a buyer wrote", "", 1, 0});
  ask("a refund", engine::SendRefundAgain{key, 1, "li", "not in the books"});
  ask("a refund by hand", engine::RefundWentByHand{key, 1, "li", "sent by bank"});
  ask("a chargeback", engine::ChargeBack{key, {{"T1", "page"}, "CASE", 1}, "wang", "disputed"});
  ask("a dispute that was won", engine::ReturnChargeback{key, "CASE", "wang", "won", {}});
  ask("a pardon", engine::ForgiveBuyer{key, "wang", "he has paid"});
  ask("a reveal", engine::Reveal{key});
  ask("a callback", engine::TakeHint{key, "REFERENCE"});
}

void Strangers::ask(std::string_view what, engine::CommandBody body) {
  shop_.send(std::move(body), [this, what](const std::optional<engine::Answer>& answer) {
    if (!answer || answer->refusal == Refusal::store_unavailable ||
        answer->refusal == Refusal::overloaded)
      return;
    if (answer->refusal == Refusal::order_not_found && !answer->order)
      return scene_.record.reached(Sometimes::unknown_order_refused);
    scene_.record.violated("S1", fmt::format("{} of an order that never was: {}", what,
                                             base::name_of(answer->refusal)));
  });
}

}  // namespace daozhang::sim
