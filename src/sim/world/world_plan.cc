// What a run is made of: who takes part, what is in stock, and which bad day is planned.
#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "domain/order/references.h"
#include "sim/world/world.h"

namespace daozhang::sim {
namespace {

template <class T, std::size_t n>
T pick(base::Prng& prng, const T (&choices)[n]) {
  return choices[prng.below(n)];
}

}  // namespace

void World::build_peers() {
  const auto add_product = [&](std::string sku, domain::ProductKind kind, std::int64_t price,
                               std::string supplier, std::int32_t promise_seconds) {
    domain::Product product;
    product.sku = std::move(sku);
    product.kind = kind;
    product.price_minor = price;
    product.supplier = std::move(supplier);
    product.promise_seconds = promise_seconds;
    if (!product.supplier.empty()) {
      product.supplier_sku = product.sku;
      product.face_minor = price;
      product.cost_minor_max = prng_.chance(1, 5) ? 0 : price - 1;
    }
    products_.push_back(std::move(product));
  };
  if (scene_.stream("supplier wire").chance(1, 64))
    supplier_wire_ = std::make_unique<SupplierWire>([this] { return scene_.now(); });
  const std::int32_t promises[] = {60, 300, 1800, 7200};
  add_product("card", domain::ProductKind::secret, 990, "", 60);
  for (const char* name : {"telco", "games"}) {
    const auto promise = pick(prng_, promises);
    domain::SupplierTerms terms;
    terms.idempotent = prng_.chance(2, 3) || supplier_wire_;
    terms.cancel = prng_.chance(1, 2);
    const base::Duration horizons[] = {base::minutes(1), base::minutes(5), base::minutes(10)};
    terms.in_flight_horizon = pick(prng_, horizons);
    owned_suppliers_.push_back(std::make_unique<SupplierModel>(
        scene_, *this, name, terms, base::seconds(promise), supplier_wire_.get()));
    suppliers_[name] = owned_suppliers_.back().get();
    settings_.suppliers[name] = terms;
    const auto kind = *name == 't' ? domain::ProductKind::topup : domain::ProductKind::membership;
    add_product(std::string(name) + "_goods", kind, *name == 't' ? 5000 : 1500, name, promise);
  }
  const std::int64_t confirm_from[] = {2'000, 1'000'000};
  settings_.policy.confirm_from_minor = pick(prng_, confirm_from);
  // Some shops give up soon, so that the last attempt often fails while others are asked about.
  if (scene_.stream("attempts").chance(1, 4)) settings_.policy.attempts_max = 2;
  for (const char* name : {"page", "code"}) {
    const auto way = *name == 'p' && wire_->has_links() ? ports::Way::page : ports::Way::qr;
    if (const auto spoken = wire_->terms()) {
      settings_.policy.channels[name] = *spoken;
    } else if (scene_.faults.strikes(FaultKind::channel_lacks_much)) {
      auto& terms = settings_.policy.channels[name];
      terms.close = terms.refund_query = terms.idempotent_refund = false;
      terms.confirm_by_query = true;
    }
    const base::Duration windows[] = {base::minutes(5), base::hours(1), base::hours(6)};
    if (scene_.faults.strikes(FaultKind::refund_window_short))
      settings_.policy.channels[name].refund_window = pick(prng_, windows);
    owned_channels_.push_back(
        std::make_unique<ChannelModel>(scene_, *this, *wire_, settings_.policy, name, way));
    channels_[name] = owned_channels_.back().get();
  }
  channels_["page"]->set_sibling("code");
  channels_["code"]->set_sibling("page");
  const std::size_t batches[] = {1, 2, 16, 256};
  settings_.batch_max = pick(prng_, batches);
  const std::size_t caches[] = {0, 1, 8, 20'000};
  settings_.cache_orders = pick(prng_, caches);
  BuyersConfig buyers;
  if (scenario_.buyers) buyers.count = *scenario_.buyers;
  for (const auto& product : products_)
    if (!scenario_.kind || product.kind == *scenario_.kind) buyers.products.push_back(product);
  buyers.channels = {"page", "code"};
  buyers.intents_max = settings_.policy.intents_max;
  buyers.last_open_before_expiry = settings_.policy.last_open_before_expiry;
  buyers_ = std::make_unique<Buyers>(scene_, *this, channels_, payers_, buyers);
  staff_ = std::make_unique<Staff>(scene_, *this, channels_, settings_.policy, checks_.orders());
}

// A file has one process; over a store that is shared there are up to five.
void World::build_nodes() {
  std::size_t count = 1;
  if (scenario_.store == StoreKind::memory)
    count = prng_.chance(1, 2) ? 1 : static_cast<std::size_t>(prng_.between(2, 5));
  if (scenario_.nodes && scenario_.store == StoreKind::memory)
    count = static_cast<std::size_t>(*scenario_.nodes);
  settings_.shares_store = count > 1;
  for (std::size_t i = 0; i < count; ++i) {
    Node& node = *nodes_.emplace_back(std::make_unique<Node>());
    node.number = i;
    node.watched = std::make_unique<WatchedStore>(
        scene_, *store_, [this, &node](const ports::Commit& commit) { witness(node, commit); },
        [this, &node] { pause_in_commit(node); },
        count == 1 ? WatchedStore::WitnessLate()
                   : [this, &node](const ports::Commit& commit,
                                   bool in_its_step) { witness_late(node, commit, in_its_step); });
  }
}

void World::import_stock() {
  auto& batch = stock_.batch;
  batch.batch_id = {1};
  batch.sku = "card";
  batch.wrapped_key = "a key under a key";
  batch.imported_at = scene_.now();
  auto count = prng_.between(5, 60);
  if (scene_.faults.strikes(FaultKind::stock_scarce)) count = scene_.stream("stock").between(1, 3);
  for (std::int64_t i = 1; i <= count; ++i) {
    domain::StockItem item;
    item.item_id = {i};
    item.partition = {static_cast<std::int32_t>(prng_.below(domain::partition_count))};
    item.sku = "card";
    item.batch_id = {1};
    item.fingerprint = std::to_string(i);
    item.sealed = entropy_->bytes(40);
    item.imported_at = scene_.now();
    stock_.items.push_back(std::move(item));
  }
  CHECK(store_->lane().import_stock(stock_));
  shadow_.imported(stock_);
}

// Somebody sets the wall clock and somebody explains it later (SETTLED 11).
void World::plan_doubts() {
  for (int chance = 0; chance < 3; ++chance) {
    const auto at = draw_duration(prng_, {}, base::minutes(60));
    const auto length = draw_duration(prng_, base::seconds(10), base::hours(1));
    scene_.schedule.in(at, [this, length] {
      if (doubtful_since_.is_set() || !scene_.faults.strikes(FaultKind::time_doubted)) return;
      doubtful_since_ = scene_.now();
      scene_.schedule.in(length, [this] { trust_again(); });
    });
  }
}

void World::trust_again() {
  if (!doubtful_since_.is_set()) return;
  const auto length = scene_.now() - doubtful_since_;
  out_of_service_ = out_of_service_ + length + settings_.policy.doubtful_look_again;
  doubtful_since_ = {};
}

void World::plan_family(base::Instant heal_at) {
  auto& faults = scene_.faults;
  switch (scene_.family) {
    case Family::plain:
    case Family::deadline_edge:
    case Family::pause:
      return;
    case Family::double_everything:
      for (const auto kind : {FaultKind::notice_doubled, FaultKind::callback_doubled,
                              FaultKind::place_repeated, FaultKind::reveal_cut_off})
        faults.always(kind);
      return;
    case Family::swizzle:
      return plan_swizzle();
    case Family::storm:
      break;
  }
  const auto begin = scene_.now() + draw_duration(prng_, base::minutes(1), base::minutes(40));
  const auto end = begin + draw_duration(prng_, base::minutes(5), base::minutes(90));
  scene_.schedule.at(begin, [this] {
    if (scene_.faults.healed()) return;
    for (const auto& name : peer_names()) scene_.silent.insert(name);
  });
  scene_.schedule.at(std::min(end, heal_at), [this] { scene_.silent.clear(); });
}

// One after the other they fall silent, and come back in another order.
void World::plan_swizzle() {
  for (int round = 0; round < 3; ++round) {
    const auto begin = draw_duration(prng_, {}, base::minutes(50));
    for (const auto& name : peer_names()) {
      const auto off = begin + draw_duration(prng_, {}, base::minutes(5));
      const auto on = off + draw_duration(prng_, base::minutes(1), base::minutes(20));
      scene_.schedule.in(off, [this, name] {
        if (!scene_.faults.healed()) scene_.silent.insert(name);
      });
      scene_.schedule.in(on, [this, name] { scene_.silent.erase(name); });
    }
  }
}

std::vector<std::string> World::peer_names() const {
  std::vector<std::string> names;
  for (const auto& [name, channel] : channels_) names.push_back(name);
  for (const auto& [name, supplier] : suppliers_) names.push_back(name);
  return names;
}

// What was drawn for this run beside its faults; whoever reads a failure has to know it.
std::string World::settings_text() const {
  auto text = fmt::format(
      "family={} nodes={} store={} disk={} wire={} batch_max={} cache={} "
      "confirm_from={} attempts={} model={}",
      base::name_of(scene_.family), nodes_.size(), base::name_of(scenario_.store),
      store_->may_lie() ? "lies" : "honest", wire_->name(), settings_.batch_max,
      settings_.cache_orders, settings_.policy.confirm_from_minor, settings_.policy.attempts_max,
      scenario_.without_model ? "silent" : "heard");
  for (const auto& [name, supplier] : suppliers_) {
    const auto& terms = supplier->terms();
    text += fmt::format(" {}={},{},horizon:{}s", name, terms.idempotent ? "repeats" : "sent_once",
                        terms.cancel ? "cancels" : "never_cancels",
                        terms.in_flight_horizon.micros / 1'000'000);
  }
  for (const auto& product : products_)
    text += fmt::format(" {}=promise:{}s", product.sku, product.promise_seconds);
  for (const auto& [name, channel] : channels_)
    text += fmt::format(" {}={}", name,
                        settings_.policy.terms_of(name).confirm_by_query ? "lacks_much" : "plain");
  return text;
}

// F63: money for a number of ours, of which the store knows nothing.
void World::plan_lost_order() {
  scene_.schedule.in(draw_duration(prng_, {}, base::minutes(50)), [this] {
    const auto partition = static_cast<std::int32_t>(prng_.below(domain::partition_count));
    const domain::OrderKey lost{{partition}, {1}};
    const auto first = static_cast<std::int32_t>(prng_.between(1, 3));
    const auto second = first % 4 + 1;  // On another channel, perhaps, and with a lower number.
    const auto pay = [this, number = numbers_.number_of(lost)](std::int32_t no) {
      auto& channel = *channels_.at(prng_.chance(1, 2) ? "page" : "code");
      // Of a weak one a person looks.
      if (!settings_.policy.terms_of(channel.name()).confirm_by_query)
        channel.pay_lost(domain::trade_ref(number, no), prng_.between(1, 9'000));
    };
    pay(first);
    if (prng_.chance(1, 2)) return;
    scene_.schedule.in(draw_duration(prng_, {}, base::hours(1)), [pay, second] { pay(second); });
  });
}

// One channel, or both, from some time on for longer than the shop goes without a person (L2).
void World::plan_silent_channel() {
  auto prng = scene_.stream("long silence");
  const auto begin = draw_duration(prng, base::minutes(5), base::hours(1));
  const auto length =
      settings_.policy.silent_channel_after + draw_duration(prng, base::hours(1), base::hours(12));
  const auto both = prng.chance(1, 4);
  const char* names[] = {"page", "code"};
  const std::string one = pick(prng, names);
  for (const auto& [name, channel] : channels_) {
    if (!both && name != one) continue;
    scene_.schedule.in(begin, [this, name = name] { scene_.silent_for_days.insert(name); });
    scene_.schedule.in(begin + length, [this, name = name] { scene_.silent_for_days.erase(name); });
  }
}

// The same, of any channel, and its notification need not be enough: people see it in the bill.
void World::plan_settled_order() {
  auto prng = scene_.stream("settled orders");
  const auto partition = static_cast<std::int32_t>(prng.below(domain::partition_count));
  const domain::OrderKey lost{{partition}, {3}};
  const Staff::LostMoney money{lost, static_cast<std::int32_t>(prng.between(1, 3)),
                               prng.chance(1, 2) ? "page" : "code", prng.between(1, 9'000)};
  scene_.schedule.in(draw_duration(prng, {}, base::minutes(50)), [this, money] {
    const auto trade_ref = domain::trade_ref(numbers_.number_of(money.order), money.intent_no);
    channels_.at(money.channel)->pay_lost(trade_ref, money.amount_minor);
    staff_->find_in_bill(money);
  });
}

// F35, to its end: given back for long ago, and still nobody knows. It begins late in the run, so
// that not all of it is about this.
void World::plan_silent_suppliers() {
  auto prng = scene_.stream("long silence");
  for (auto& [name, supplier] : suppliers_) {
    if (!scene_.faults.strikes(FaultKind::supplier_silent_long)) continue;
    const auto from = scene_.now() + draw_duration(prng, base::minutes(45), base::minutes(60));
    const auto length = draw_duration(prng, base::hours(73), base::hours(100));
    supplier->fall_silent(from, from + length, prng.chance(1, 2));
  }
}

// F42: the same file again under another batch. Nothing of it may become stock.
void World::plan_second_import() {
  auto again = stock_;
  again.batch.batch_id = {2};
  for (auto& item : again.items) {
    item.item_id.value += 1'000'000;
    item.batch_id = {2};
  }
  scene_.schedule.in(draw_duration(prng_, {}, base::minutes(50)),
                     [this, again = std::move(again)] { import_again(again); });
}

// Whatever is under way just then: calls, answers on their way, orders that wait.
void World::plan_crash() {
  scene_.schedule.in(draw_duration(prng_, {}, base::minutes(5)), [this] {
    if (scene_.faults.healed()) return;
    Node* node = some_node();
    if (node != nullptr && !node->is_stepping && scene_.faults.strikes(FaultKind::crash_anywhere))
      crash(*node);
    plan_crash();
  });
}

// Until somebody says that it is there.
void World::import_again(const ports::StockImport& again) {
  send(engine::ImportStock{again}, [this, again](const std::optional<engine::Answer>& answer) {
    if (!answer || answer->refusal != engine::Refusal::none)
      return scene_.schedule.in(base::minutes(1), [this, again] { import_again(again); });
    if (std::ranges::find(answer->are_new, true) != answer->are_new.end())
      scene_.record.violated("S22", "a secret that the shop has was imported again");
    if (answer->are_new.size() != again.items.size())
      scene_.record.violated("S22", "an import does not tell of each of its secrets");
  });
}

}  // namespace daozhang::sim
