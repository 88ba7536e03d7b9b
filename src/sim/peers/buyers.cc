#include "sim/peers/buyers.h"

#include <fmt/format.h>

#include "domain/order/references.h"
#include "engine/calls.h"

namespace daozhang::sim {
namespace {

using engine::Refusal;

bool should_try_again(const std::optional<engine::Answer>& answer) {
  return !answer || answer->refusal == Refusal::store_unavailable ||
         answer->refusal == Refusal::overloaded;
}

}  // namespace

Buyers::Buyers(Scene& scene, Shop& shop, std::map<std::string, ChannelModel*> channels,
               PayerChecks& payers, BuyersConfig config)
    : scene_(scene),
      shop_(shop),
      channels_(std::move(channels)),
      payers_(payers),
      config_(std::move(config)),
      prng_(scene.stream("buyers")),
      bulk_prng_(scene.stream("bulk")),
      buy_in_bulk_(bulk_prng_.chance(1, 24)),
      payer_prng_(scene.stream("payers")) {}

void Buyers::start() {
  for (int i = 0; i < config_.count; ++i) {
    const auto who = buyers_.size();
    Buyer buyer;
    auto& command = buyer.command;
    command.product = config_.products[prng_.below(config_.products.size())];
    command.product_name = command.product.name_en;
    command.quantity = prng_.chance(1, 4) ? static_cast<std::int32_t>(prng_.between(2, 4)) : 1;
    if (buy_in_bulk_ && bulk_prng_.chance(1, 6))
      command.quantity = static_cast<std::int32_t>(bulk_prng_.between(5, 40));
    command.channel = config_.channels[prng_.below(config_.channels.size())];
    command.needs_create = channels_.at(command.channel)->way() == ports::Way::qr;
    command.idempotency_key = fmt::format("buyer-{}-{}", scene_.seed, who);
    command.request_hash = fmt::format("body-{}", who);
    // Some are the same person.
    command.contact_email = fmt::format("buyer{}@example.com", who % 60);
    draw_phone(who, command);
    if (!command.product.supplier.empty()) command.target = R"({"phone":"13800000000"})";
    buyers_.push_back(std::move(buyer));
    draw_payer(who);
    scene_.schedule.in(draw_duration(prng_, {}, config_.arrive_within),
                       [this, who] { place(who); });
  }
}

base::Duration Buyers::draw_patience() {
  return draw_duration(prng_, base::seconds(1), base::seconds(60));
}

void Buyers::place(std::size_t who) {
  if (++buyers_[who].tries > 30) return;
  shop_.send(buyers_[who].command, [this, who](const std::optional<engine::Answer>& answer) {
    if (should_try_again(answer)) {
      scene_.schedule.in(draw_patience(), [this, who] { place(who); });
    } else if (answer->refusal == Refusal::none) {
      placed(who, *answer);
    } else if (answer->refusal != Refusal::out_of_stock &&
               answer->refusal != Refusal::buyer_flagged) {
      scene_.record.violated(
          "S20", fmt::format("a first submit was answered {}", base::name_of(answer->refusal)));
    }
  });
}

void Buyers::placed(std::size_t who, const engine::Answer& answer) {
  auto& buyer = buyers_[who];
  const auto key = answer.order->key();
  if (answer.repeated) scene_.record.reached(Sometimes::order_replayed);
  if (buyer.order && *buyer.order != key)
    scene_.record.violated("S20", "one idempotency key made two orders", key);
  if (buyer.order) return;
  buyer.order = key;
  ++placed_count_;
  if (scene_.faults.strikes(FaultKind::place_repeated)) repeat(who);
  if (scene_.faults.strikes(FaultKind::place_other_body)) repeat_with_other_body(who);
  plan(who);
}

void Buyers::repeat(std::size_t who) {
  scene_.schedule.in(draw_patience(), [this, who] {
    shop_.send(buyers_[who].command, [this, who](const std::optional<engine::Answer>& answer) {
      if (should_try_again(answer)) return;
      if (answer->refusal == Refusal::none) return placed(who, *answer);
      scene_.record.violated("S20", "a repeated submit was refused", *buyers_[who].order);
    });
  });
}

void Buyers::repeat_with_other_body(std::size_t who) {
  scene_.schedule.in(draw_patience(), [this, who] {
    auto other = buyers_[who].command;
    other.request_hash += " changed";
    shop_.send(other, [this, who](const std::optional<engine::Answer>& answer) {
      if (should_try_again(answer)) return;
      if (answer->refusal == Refusal::idempotency_conflict)
        return scene_.record.reached(Sometimes::idempotency_conflict);
      scene_.record.violated("S20", "a key with another body was not refused", *buyers_[who].order);
    });
  });
}

void Buyers::plan(std::size_t who) {
  auto& buyer = buyers_[who];
  auto& faults = scene_.faults;
  if (faults.strikes(FaultKind::never_pays)) return;
  const auto price = buyer.command.product.price_minor * buyer.command.quantity;
  auto delay = draw_patience();
  if (faults.strikes(FaultKind::pay_late))
    delay = draw_duration(prng_, base::minutes(13), base::minutes(70));
  if (scene_.family == Family::deadline_edge && prng_.chance(1, 3)) {
    const auto aside = draw_duration(prng_, base::milliseconds(-100), base::milliseconds(100));
    if (const auto order = shop_.look(*buyer.order))
      delay = order->header.pay_by - scene_.now() - base::seconds(30) + aside;
  }
  if (faults.strikes(FaultKind::pay_short)) {
    buyer.pay_minor = prng_.chance(1, 8) ? 1 : prng_.between(1, price - 1);
    if (prng_.chance(2, 3))
      scene_.schedule.in(delay + base::minutes(1), [this, who] { pay_the_rest(who, 10); });
  } else if (faults.strikes(FaultKind::pay_over)) {
    buyer.pay_minor = price + prng_.between(1, price);
  }
  const bool twice = faults.strikes(FaultKind::pay_twice);
  const bool switches = faults.strikes(FaultKind::channel_switched);
  if (twice || switches) {
    const auto& other = buyer.command.channel == config_.channels.front()
                            ? config_.channels.back()
                            : config_.channels.front();
    scene_.schedule.in(draw_patience(), [this, who, other] { open_other_payment(who, other, 5); });
  }
  if (buyer.command.payer.to_be_named)
    name_later(who, delay);
  else if (twice || !switches)
    pay_on(who, 1, delay);
  if (faults.strikes(FaultKind::opens_many)) open_many(who, 1);
  if (faults.strikes(FaultKind::opens_late)) open_late(who);
  if (buyer.command.product.kind == domain::ProductKind::secret &&
      !faults.strikes(FaultKind::buyer_vanishes))
    scene_.schedule.in(delay + base::minutes(1), [this, who] { reveal(who, 8); });
}

void Buyers::pay_on(std::size_t who, std::int32_t intent_no, base::Duration delay) {
  scene_.schedule.in(delay, [this, who, intent_no] { open_page(who, intent_no, 60); });
}

void Buyers::open_page(std::size_t who, std::int32_t intent_no, int tries_left) {
  if (tries_left == 0) return;
  const auto again = [this, who, intent_no, tries_left] {
    open_page(who, intent_no, tries_left - 1);
  };
  const auto order = shop_.look(*buyers_[who].order);
  if (!order) return scene_.schedule.in(base::seconds(3), again);
  if (intent_no > std::ssize(order->intents))
    return scene_.record.violated("S1", "an acknowledged payment is gone", order->key());
  const auto& intent = order->intents[static_cast<std::size_t>(intent_no - 1)];
  auto& channel = *channels_.at(intent.channel);
  const auto channel_order = engine::channel_order_of(*order, intent);
  const bool code_shown =
      !intent.pay_content.empty() || (channel.knows_code(channel_order.trade_ref) &&
                                      scene_.faults.strikes(FaultKind::code_scanned_unseen));
  if (channel.way() == ports::Way::qr && !code_shown) {
    scene_.schedule.in(base::seconds(3), again);
    return;
  }
  // He pays what the code on his page says.
  if (!intent.pay_content.empty() && !intent.pay_content.ends_with(channel_order.trade_ref))
    scene_.record.violated("S11", "the code on the page is of another payment", order->key());
  if (!channel.open(channel_order)) return;
  auto amount = buyers_[who].pay_minor > 0 && intent_no == 1 ? buyers_[who].pay_minor
                                                             : channel_order.amount_minor;
  if (intent_no > 1 && amount > 1 && scene_.faults.strikes(FaultKind::pay_short))
    amount = prng_.between(1, amount - 1);
  pay_after_opening(who, intent.channel, channel_order.trade_ref, amount);
}

void Buyers::pay_after_opening(std::size_t, const std::string& channel,
                               const std::string& trade_ref, std::int64_t amount_minor) {
  auto thinks = prng_.chance(1, 10) ? draw_duration(prng_, base::minutes(1), base::minutes(20))
                                    : draw_patience();
  if (scene_.family == Family::deadline_edge)
    thinks =
        base::seconds(30) + draw_duration(prng_, base::milliseconds(-100), base::milliseconds(100));
  scene_.schedule.in(thinks, [this, channel, trade_ref, amount_minor] {
    channels_.at(channel)->pay(trade_ref, amount_minor);
  });
  // Some say that they paid; some of these did not.
  if (!prng_.chance(1, 4)) return;
  scene_.schedule.in(draw_duration(prng_, {}, base::minutes(30)), [this, trade_ref] {
    if (const auto key = shop_.order_of(trade_ref))
      shop_.send(engine::AskPayments{*key},
                 [this, said_at = scene_.now()](const std::optional<engine::Answer>& answer) {
                   check_asked(answer, said_at);
                 });
  });
}

// His word asks also about what had been let go by then, as long as money may still come on it.
void Buyers::check_asked(const std::optional<engine::Answer>& answer, base::Instant said_at) {
  if (!answer || !answer->order) return;
  for (const auto& intent : answer->order->intents)
    if (intent.settled_at.is_set() && intent.settled_at < said_at && intent.next_ask_at.is_set() &&
        intent.call == domain::IntentCall::none)
      scene_.record.violated("L2", "the buyer says that he paid, and nobody asks",
                             answer->order->key());
}

void Buyers::open_other_payment(std::size_t who, const std::string& channel, int tries_left) {
  open_payment(who, channel, payer_of(who, channel), tries_left,
               [this, who](const engine::Answer& answer) {
                 if (answer.refusal == Refusal::none) pay_on(who, answer.number, draw_patience());
               });
}

// The first, short payment must have been learned, else the whole would be asked again.
void Buyers::pay_the_rest(std::size_t who, int tries_left) {
  if (tries_left == 0) return;
  const auto order = shop_.look(*buyers_[who].order);
  if (!order || order->payments.empty()) {
    scene_.schedule.in(base::minutes(1),
                       [this, who, tries_left] { pay_the_rest(who, tries_left - 1); });
    return;
  }
  open_other_payment(who, buyers_[who].command.channel, 3);
}

void Buyers::reveal(std::size_t who, int tries_left) {
  if (tries_left == 0) return;
  shop_.send(engine::Reveal{*buyers_[who].order},
             [this, who, tries_left](const std::optional<engine::Answer>& answer) {
               if (answer && answer->refusal == Refusal::none) return revealed(who, *answer->order);
               scene_.schedule.in(base::minutes(tries_left > 4 ? 1 : 30),
                                  [this, who, tries_left] { reveal(who, tries_left - 1); });
             });
}

// The same secrets every time, also when the first answer was lost on its way (F43).
void Buyers::revealed(std::size_t who, const domain::Order& order) {
  std::vector<domain::ItemKey> shown;
  for (const auto& unit : order.units)
    if (unit.hold == domain::HoldState::consumed) shown.push_back(unit.item());
  auto& seen = buyers_[who].seen;
  if (!seen.empty() && seen != shown)
    scene_.record.violated("S21", "a second reveal showed other secrets", order.key());
  if (seen.empty() && scene_.faults.strikes(FaultKind::reveal_cut_off))
    scene_.schedule.in(draw_patience(), [this, who] { reveal(who, 3); });
  seen = std::move(shown);
}

}  // namespace daozhang::sim
