#include "audit/synthetic_store.h"

#include <algorithm>

#include "base/check.h"
#include "domain/ledger/balances.h"
#include "domain/order/change.h"

namespace daozhang::audit {
namespace {

constexpr base::Instant start{1'700'000'000'000'000};
constexpr std::int64_t price = 1000;

// Gives the items on the shelf in their order.
class ItemShelf final : public domain::Shelf {
 public:
  explicit ItemShelf(const std::vector<domain::StockItem>& items) {
    for (const auto& item : items)
      if (item.state == domain::ItemState::available) free_.push_back(item.key());
  }
  domain::ItemKey take() override {
    if (next_ == free_.size()) return {};
    return free_[next_++];
  }

 private:
  std::vector<domain::ItemKey> free_;
  std::size_t next_ = 0;
};

void add_event(ports::AuditSource::OrderStory& story, const domain::Order* before,
               const domain::Cause& cause, base::Instant at) {
  auto& header = story.order.header;
  domain::Event event;
  event.partition = header.partition;
  event.order_id = header.order_id;
  event.version = header.version;
  event.at = at;
  event.body = domain::change_body(before, story.order, cause);
  event.salt = "salt";
  event.leaf = domain::leaf_hash(event.salt, event.body);
  story.events.push_back(event);
}

}  // namespace

SyntheticStore SyntheticStore::healthy() {
  SyntheticStore store;
  store.stock(6);
  using domain::Decider;
  using domain::ProductKind;

  store.place(ProductKind::secret, 2);
  store.pay(card, 10, 2 * price + 50);
  store.step(card, 11, [](Decider& decider) { decider.refund_accepted(1, true); });
  store.step(card, 12, [](Decider& decider) { CHECK(decider.reveal()); });

  store.place(ProductKind::topup, 1);
  store.pay(topup, 10, price);
  store.step(topup, 11, [](Decider& d) { d.attempt_failed(1, "balance", true); });
  store.step(topup, 30, [](Decider&) {});
  store.step(topup, 31, [](Decider& d) { d.attempt_done(2, "S2", "proof", 900); });

  store.place(ProductKind::topup, 1);
  store.pay(given_back, 10, price);
  store.step(given_back, 11, [](Decider& d) { d.attempt_unknown(1, "timeout"); });
  store.step(given_back, 2000, [](Decider&) {});
  store.step(given_back, 2001, [](Decider& d) { d.refund_unknown(1, "timeout"); });
  store.step(given_back, 2050, [](Decider& d) { d.refund_accepted(1, true); });
  store.step(given_back, 2060, [](Decider& d) { d.attempt_done(1, "S1", "late", 900); });

  store.place(ProductKind::secret, 1);
  store.step(waiting, 61, [](Decider&) {});

  store.place(ProductKind::secret, 1);
  store.step(expired, 901, [](Decider&) {});
  store.step(expired, 902, [](Decider& d) { d.intent_closed(1); });

  store.place(ProductKind::topup, 1);
  store.pay(reversed, 10, price);
  store.step(reversed, 11, [](Decider& d) { d.attempt_done(1, "S1", "proof", 900); });
  store.step(reversed, 20, [](Decider& d) { d.attempt_reversed(1, "taken back"); });
  store.step(reversed, 21, [](Decider& d) { d.refund_accepted(1, true); });

  store.place(ProductKind::topup, 1);
  store.pay(in_progress, 10, price);
  store.step(in_progress, 12, [](Decider& d) { d.attempt_accepted(1, "S1"); });
  store.fees.push_back(
      *domain::next_posting({}, "alipay", "2026-11-22", 6, domain::Currency::CNY, start));
  store.add_up();
  return store;
}

void SyntheticStore::stock(std::int64_t count) {
  domain::ImportBatch batch;
  batch.batch_id.value = 1;
  batch.sku = "sku";
  batch.wrapped_key = "wrapped";
  batch.item_count = count;
  batches.push_back(batch);
  for (std::int64_t id = 1; id <= count; ++id) {
    domain::StockItem item;
    item.partition.value = static_cast<std::int32_t>(id);
    item.item_id.value = id;
    item.sku = "sku";
    item.batch_id.value = 1;
    item.fingerprint = "print" + std::to_string(id);
    const std::string number = std::to_string(id);
    item.sealed = "1-key-id-" + std::string(12 - number.size(), '0') + number + "ciphertext";
    items.push_back(item);
  }
}

std::size_t SyntheticStore::place(domain::ProductKind kind, std::int32_t quantity) {
  const std::size_t at = stories.size();
  auto& story = stories.emplace_back();
  auto& header = story.order.header;
  header.partition.value = static_cast<std::int32_t>(at);
  header.order_id.value = static_cast<std::int64_t>(at) + 1;
  header.order_no = "DZ" + std::to_string(at);
  header.sku = "sku";
  header.kind = kind;
  header.quantity = quantity;
  header.unit_price_minor = price;
  header.promise_seconds = 1800;
  if (kind != domain::ProductKind::secret) header.supplier = "supplier";
  domain::Claim claim;
  claim.name = "key" + std::to_string(at);
  claim.order_partition = header.partition;
  claim.order_id = header.order_id;
  claims.push_back(claim);
  step(at, 0, [](domain::Decider& decider) {
    CHECK(decider.place());
    CHECK(decider.open_intent("alipay", false));
  });
  return at;
}

void SyntheticStore::step(std::size_t at, std::int64_t seconds, const Verb& verb) {
  auto& story = stories[at];
  const domain::Order before = story.order;
  const bool is_new = story.events.empty();
  ItemShelf shelf(items);
  const domain::Policy policy;
  const domain::SupplierTerms terms;
  const base::Instant now = start + base::seconds(seconds);
  domain::Decider decider(story.order, policy, terms, shelf, now, "test");
  verb(decider);
  decider.progress();
  auto decision = decider.take();
  if (decision.cause.what.empty()) decision.cause.what.emplace_back("looked");
  story.order.header.version += 1;
  add_event(story, is_new ? nullptr : &before, decision.cause, now);
  move_items(story, decision.items);
  story.transfers.insert(story.transfers.end(), decision.transfers.begin(),
                         decision.transfers.end());
  story.effects.insert(story.effects.end(), decision.effects.begin(), decision.effects.end());
}

void SyntheticStore::pay(std::size_t at, std::int64_t seconds, std::int64_t amount_minor) {
  const std::string trade_no = "trade" + std::to_string(at);
  step(at, seconds, [&](domain::Decider& decider) {
    domain::PaymentFact fact;
    fact.intent_no = 1;
    fact.trade_no = trade_no;
    fact.amount_minor = amount_minor;
    decider.apply_payment(fact);
  });
  domain::Claim claim = claims[at];
  for (const auto& each : claims)
    if (each.order_id == stories[at].order.header.order_id) claim = each;
  claim.kind = domain::ClaimKind::trade_no;
  claim.name = trade_no;
  claims.push_back(claim);
}

void SyntheticStore::move_items(const OrderStory& story,
                                const std::vector<domain::ItemMove>& moves) {
  for (const auto& move : moves) {
    const auto item = std::ranges::find_if(
        items, [&](const domain::StockItem& each) { return each.key() == move.item; });
    CHECK(item != items.end() && item->state == move.from);
    const bool is_owned = move.to != domain::ItemState::available;
    item->state = move.to;
    item->order_partition = is_owned ? story.order.header.partition : domain::Partition{};
    item->order_id = is_owned ? story.order.header.order_id : domain::OrderId{};
    item->unit_no = is_owned ? move.unit_no : 0;
  }
}

void SyntheticStore::change(std::size_t at, const std::function<void(domain::Order&)>& edit) {
  auto& story = stories[at];
  const domain::Order before = story.order;
  edit(story.order);
  story.order.header.version += 1;
  add_event(story, &before, {"test", {"changed"}}, start);
}

void SyntheticStore::add_up() {
  std::vector<domain::Transfer> all;
  for (const auto& story : stories)
    all.insert(all.end(), story.transfers.begin(), story.transfers.end());
  for (const auto& posting : fees) {
    auto& fee = all.emplace_back();
    fee.partition = posting.partition;
    fee.debit = posting.debit;
    fee.credit = posting.credit;
    fee.amount_minor = posting.amount_minor;
    fee.currency = posting.currency;
  }
  balances = domain::balance_changes(all);
}

std::vector<std::string> SyntheticStore::violated() { return audit(*this).violated_rules(); }

void SyntheticStore::each_order(const std::function<void(const OrderStory&)>& visit) {
  for (const auto& story : stories) visit(story);
}
void SyntheticStore::each_item(const std::function<void(const domain::StockItem&)>& visit) {
  for (const auto& item : items) visit(item);
}
void SyntheticStore::each_batch(const std::function<void(const domain::ImportBatch&)>& visit) {
  for (const auto& batch : batches) visit(batch);
}
void SyntheticStore::each_claim(const std::function<void(const domain::Claim&)>& visit) {
  for (const auto& claim : claims) visit(claim);
}
void SyntheticStore::each_balance(const std::function<void(const domain::Balance&)>& visit) {
  for (const auto& balance : balances) visit(balance);
}
void SyntheticStore::each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) {
  for (const auto& posting : fees) visit(posting);
}
void SyntheticStore::each_inbox_entry(const std::function<void(const domain::InboxEntry&)>&) {}

}  // namespace daozhang::audit
