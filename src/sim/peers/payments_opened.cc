// The payments that buyers open behind the first: for a payer who is named later, for another one,
// too many, too late.
#include <fmt/format.h>

#include "sim/peers/buyers.h"

namespace daozhang::sim {
namespace {

using engine::Refusal;

std::int64_t owed_minor(const domain::Order& order) {
  std::int64_t owed = order.price_minor();
  for (const auto& payment : order.payments) owed -= payment.applied_minor;
  return owed;
}

bool is_offered(const domain::Intent& intent) {
  return intent.state == domain::IntentState::preparing ||
         intent.state == domain::IntentState::ready;
}

domain::Payer payer_called(std::string id, std::size_t who) {
  return {fmt::format("203.0.113.{}", who % 250 + 1), std::move(id), false};
}

}  // namespace

// Some give a number beside their address, or nothing else.
void Buyers::draw_phone(std::size_t who, engine::PlaceOrder& command) {
  if (!payer_prng_.chance(1, 3)) return;
  command.contact_phone = fmt::format("+861380000{:04}", who % 50);
  if (payer_prng_.chance(1, 4)) command.contact_email.clear();
}

// Some channels want to know who pays before they make anything (WeChat's sheet), and say it to the
// shop after the order was placed, if the payer agrees.
void Buyers::draw_payer(std::size_t who) {
  auto& buyer = buyers_[who];
  if (!buyer.command.needs_create || !payer_prng_.chance(1, 6)) return;
  buyer.payer_id = fmt::format("openid-{}-{}", scene_.seed, who);
  payers_.must_be_named(buyer.command.request_hash, buyer.command.channel);
  if (payer_prng_.chance(1, 3)) {
    buyer.command.payer = payer_of(who, buyer.command.channel);
    payers_.told(buyer.command.request_hash, buyer.command.payer);
  } else {
    buyer.command.payer.to_be_named = true;
  }
}

domain::Payer Buyers::payer_of(std::size_t who, const std::string& channel) const {
  const auto& buyer = buyers_[who];
  if (buyer.payer_id.empty() || channel != buyer.command.channel) return {};
  return payer_called(buyer.payer_id, who);
}

void Buyers::name_later(std::size_t who, base::Duration delay) {
  const auto& channel = buyers_[who].command.channel;
  // He loads the page anew and declines again, or has not been asked yet.
  if (payer_prng_.chance(1, 3))
    scene_.schedule.in(draw_duration(payer_prng_, {}, base::minutes(2)), [this, who, channel] {
      domain::Payer unknown;
      unknown.to_be_named = true;
      open_payment(who, channel, unknown, 3, [](const engine::Answer&) {});
    });
  if (payer_prng_.chance(1, 5)) return;
  const auto late = payer_prng_.chance(1, 6) ? base::minutes(16) : base::minutes(5);
  const auto named_in = draw_duration(payer_prng_, base::seconds(1), late);
  if (payer_prng_.chance(1, 4)) {
    const auto other_in = draw_duration(payer_prng_, base::seconds(1), late);
    scene_.schedule.in(other_in, [this, who] { come_as_other(who, 5); });
  }
  scene_.schedule.in(named_in, [this, who, channel, delay] {
    open_payment(who, channel, payer_of(who, channel), 10,
                 [this, who, delay](const engine::Answer& answer) {
                   if (answer.refusal != Refusal::none) return;
                   scene_.record.reached(Sometimes::payer_named_later);
                   pay_on(who, answer.number, delay);
                   if (payer_prng_.chance(1, 2)) open_again(who);
                 });
  });
}

// He comes back to the page; the payment that is his is open already.
void Buyers::open_again(std::size_t who) {
  const auto& channel = buyers_[who].command.channel;
  scene_.schedule.in(draw_duration(payer_prng_, {}, base::seconds(30)), [this, who, channel] {
    open_payment(who, channel, payer_of(who, channel), 3, [](const engine::Answer&) {});
  });
}

// Somebody else opens the same page: what is made for one payer the channel lets no other pay.
void Buyers::come_as_other(std::size_t who, int tries_left) {
  const auto& channel = buyers_[who].command.channel;
  auto other = payer_called(buyers_[who].payer_id + "-other", who + 1);
  open_payment(who, channel, std::move(other), tries_left,
               [this, who](const engine::Answer& answer) {
                 if (answer.refusal != Refusal::none) return;
                 if (answer.number > 1) scene_.record.reached(Sometimes::second_payer_apart);
                 if (payer_prng_.chance(1, 2)) pay_on(who, answer.number, draw_patience());
               });
}

void Buyers::open_many(std::size_t who, int no) {
  const auto& channel = config_.channels[payer_prng_.below(config_.channels.size())];
  auto payer = payer_called(fmt::format("openid-{}-{}-{}", scene_.seed, who, no), who);
  const auto delay = draw_duration(payer_prng_, {}, base::seconds(5));
  scene_.schedule.in(delay, [this, who, no, channel, payer] {
    open_payment(who, channel, payer, 3, [this, who, no](const engine::Answer& answer) {
      if (answer.refusal != Refusal::none || no > config_.intents_max) return;
      if (payer_prng_.chance(1, 5)) pay_on(who, answer.number, draw_patience());
      open_many(who, no + 1);
    });
  });
}

void Buyers::open_late(std::size_t who) {
  const auto order = shop_.look(*buyers_[who].order);
  if (!order) return;
  const auto& channel = config_.channels[payer_prng_.below(config_.channels.size())];
  const auto before = draw_duration(payer_prng_, base::seconds(-2),
                                    config_.last_open_before_expiry + base::seconds(2));
  const auto at = order->header.pay_by - before;
  if (at <= scene_.now()) return;
  scene_.schedule.at(at, [this, who, channel] { open_other_payment(who, channel, 2); });
}

void Buyers::open_payment(std::size_t who, const std::string& channel, domain::Payer payer,
                          int tries_left, Opened then) {
  if (tries_left == 0) return;
  engine::OpenPayment asked;
  asked.order = *buyers_[who].order;
  asked.channel = channel;
  asked.needs_create = channels_.at(channel)->way() == ports::Way::qr;
  asked.payer = std::move(payer);
  if (!asked.needs_create) asked.payer.ip.clear();  // Nothing is made with it.
  if (!asked.payer.id.empty()) payers_.told(buyers_[who].command.request_hash, asked.payer);
  shop_.send(asked, [this, who, asked, tries_left, then = std::move(then),
                     at = scene_.now()](const std::optional<engine::Answer>& answer) mutable {
    const bool is_decided = answer && answer->refusal != Refusal::store_unavailable &&
                            answer->refusal != Refusal::overloaded;
    if (is_decided) {
      check_opened(asked, *answer, at);
      return then(*answer);
    }
    scene_.schedule.in(
        draw_patience(), [this, who, asked, tries_left, then = std::move(then)]() mutable {
          open_payment(who, asked.channel, asked.payer, tries_left - 1, std::move(then));
        });
  });
}

// What he is refused must be so, and what is opened is what he asked for.
void Buyers::check_opened(const engine::OpenPayment& asked, const engine::Answer& answer,
                          base::Instant asked_at) {
  const auto& key = asked.order;
  const auto wrong = [&](std::string_view what) {
    scene_.record.violated("F4", std::string(what), key);
  };
  if (answer.refusal == Refusal::store_unknown) return;
  if (!answer.order) return scene_.record.violated("S1", "an acknowledged order is gone", key);
  const auto& order = *answer.order;
  const auto last = order.header.pay_by - config_.last_open_before_expiry;
  switch (answer.refusal) {
    case Refusal::none: {
      const auto& intent = order.intents.at(static_cast<std::size_t>(answer.number - 1));
      if (asked_at >= last) return wrong("a payment was opened when its time was nearly over");
      if (intent.channel != asked.channel) return wrong("a payment was opened at another channel");
      if (order.intents.size() > static_cast<std::size_t>(config_.intents_max))
        return wrong("more payments are open than may be");
      if (!asked.payer.to_be_named) payers_.opened(order, answer.number, asked.payer.id);
      return;
    }
    case Refusal::payment_window_over:
      scene_.record.reached(Sometimes::opened_too_late_refused);
      if (scene_.now() < last && !order.is_expired())
        wrong("no payment was opened, and there was time");
      return;
    case Refusal::already_paid:
      if (!order.is_paid()) wrong("refused as paid, and it is not");
      return;
    case Refusal::too_many_payments:
      scene_.record.reached(Sometimes::too_many_payments_refused);
      if (std::ssize(order.intents) < config_.intents_max) wrong("refused before the limit");
      // One of another sum does not count: he has paid a part meanwhile.
      for (const auto& intent : order.intents)
        if (is_offered(intent) && intent.channel == asked.channel &&
            intent.amount_minor == owed_minor(order) && !intent.waits_for_payer() &&
            intent.payer_id == asked.payer.id && !asked.needs_create)
          wrong("a payment of his is open, and he is refused");
      return;
    default:
      scene_.record.violated(
          "S20", fmt::format("a payment was refused as {}", base::name_of(answer.refusal)), key);
  }
}

}  // namespace daozhang::sim
