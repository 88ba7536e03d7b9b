#include "bench/storage_story.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "domain/order/change.h"

namespace daozhang::bench {
namespace {

std::string hash_of(std::string_view text) { return base::to_hex(base::view(base::sha256(text))); }

domain::Partition partition_of(std::string_view text) {
  return {static_cast<std::int32_t>(base::sha256(text)[0] % domain::partition_count)};
}

void transfer(domain::Order& order, ports::Commit& commit, domain::TransferReason reason,
              const std::string& debit, const std::string& credit, base::Instant now) {
  domain::Transfer row;
  row.partition = order.header.partition;
  row.order_id = order.header.order_id;
  row.transfer_no = ++order.header.transfer_count;
  row.reason = reason;
  row.subject_no = 1;
  row.debit = debit;
  row.credit = credit;
  row.amount_minor = order.header.unit_price_minor;
  row.at = now;
  commit.transfers.push_back(row);
}

}  // namespace

void finish(Batch& batch, const std::string& actor, const std::vector<std::string>& what) {
  const domain::Cause cause{actor, what};
  for (std::size_t i = 0; i < batch.after.size(); ++i) {
    auto& after = batch.after[i];
    const auto* before = batch.before.empty() ? nullptr : &batch.before[i];
    after.header.version = before ? before->header.version + 1 : 1;
    ports::OrderChange change;
    change.before = before;
    change.after = &after;
    change.event.partition = after.header.partition;
    change.event.order_id = after.header.order_id;
    change.event.version = after.header.version;
    change.event.at = batch.commit.now;
    change.event.salt = std::string(16, 's');
    change.event.body = domain::change_body(before, after, cause);
    change.event.leaf = domain::leaf_hash(change.event.salt, change.event.body);
    batch.commit.orders.push_back(std::move(change));
  }
}

ports::StockImport stock(std::int64_t batch_id, std::int64_t first_item, std::int64_t count) {
  ports::StockImport import;
  import.batch.batch_id.value = batch_id;
  import.batch.sku = story_sku;
  import.batch.wrapped_key = std::string(60, 'k');
  import.batch.imported_at.micros = 1;
  for (std::int64_t id = first_item; id < first_item + count; ++id) {
    domain::StockItem item;
    item.fingerprint = hash_of("item" + std::to_string(id));
    item.partition = partition_of("item" + std::to_string(id));
    item.item_id.value = id;
    item.sku = story_sku;
    item.batch_id.value = batch_id;
    item.sealed = std::string(60, 'x');
    item.imported_at.micros = 1;
    import.items.push_back(std::move(item));
  }
  return import;
}

domain::Order placed(std::int64_t order_id, domain::ItemKey item, base::Instant now) {
  const std::string key = "key" + std::to_string(order_id);
  domain::Order order;
  auto& header = order.header;
  header.partition = partition_of(key);
  header.order_id.value = order_id;
  header.order_no = "DZ" + std::to_string(1000000000000000 + order_id * 7919);
  header.sku = story_sku;
  header.product_name = "Steam 50 yuan card";
  header.unit_price_minor = 5000;
  header.contact_email = "buyer" + std::to_string(order_id) + "@example.com";
  header.access_hash = hash_of("access" + key);
  header.request_hash = hash_of("request" + key);
  header.placed_at = now;
  header.pay_by = now + base::minutes(15);
  header.deadline = header.pay_by + base::seconds(60);
  header.target = "{}";
  header.due_at = header.pay_by;
  domain::Unit unit;
  unit.partition = header.partition;
  unit.order_id = header.order_id;
  unit.unit_no = 1;
  unit.hold = domain::HoldState::held;
  unit.item_partition = item.partition;
  unit.item_id = item.item_id;
  order.units.push_back(unit);
  domain::Intent intent;
  intent.partition = header.partition;
  intent.order_id = header.order_id;
  intent.intent_no = 1;
  intent.channel = "alipay";
  intent.amount_minor = order.price_minor();
  intent.opened_at = now;
  intent.expires_at = header.pay_by;
  order.intents.push_back(intent);
  return order;
}

domain::Claim claim(domain::ClaimKind kind, std::string_view what, const domain::Order& order,
                    base::Instant now) {
  domain::Claim row;
  row.partition = partition_of(what);
  row.kind = kind;
  row.name = hash_of(what);
  row.order_partition = order.header.partition;
  row.order_id = order.header.order_id;
  row.claimed_at = now;
  return row;
}

void pay(domain::Order& order, ports::Commit& commit, base::Instant now) {
  const std::string trade_no = "2026112222001" + std::to_string(order.header.order_id.value);
  domain::Payment payment;
  payment.partition = order.header.partition;
  payment.order_id = order.header.order_id;
  payment.payment_no = 1;
  payment.intent_no = 1;
  payment.channel = "alipay";
  payment.trade_no = trade_no;
  payment.amount_minor = payment.applied_minor = order.price_minor();
  payment.paid_at = payment.learned_at = now;
  order.payments.push_back(payment);
  order.intents[0].state = domain::IntentState::paid;
  order.intents[0].settled_at = now;
  order.header.state = domain::OrderState::paid;
  order.header.paid_at = now;
  order.header.fulfill_by = order.header.due_at = now + base::seconds(60);
  transfer(order, commit, domain::TransferReason::payment_received,
           domain::account::channel_clearing("alipay"), domain::account::escrow, now);
  commit.claims.push_back(claim(domain::ClaimKind::trade_no, "alipay/" + trade_no, order, now));
  domain::InboxEntry entry;
  entry.digest = hash_of("notify" + trade_no);
  entry.partition = partition_of("notify" + trade_no);
  entry.channel = "alipay";
  entry.verdict = domain::InboxVerdict::applied;
  entry.order_partition = order.header.partition;
  entry.order_id = order.header.order_id;
  entry.body = std::string(900, 'b');
  entry.first_seen_at = entry.last_seen_at = now;
  commit.inbox.push_back(std::move(entry));
}

void deliver(domain::Order& order, ports::Commit& commit, base::Instant now) {
  auto& unit = order.units[0];
  unit.state = domain::UnitState::delivered;
  unit.hold = domain::HoldState::consumed;
  unit.began_at = unit.delivered_at = now;
  order.header.state = domain::OrderState::delivered;
  order.header.closed_at = now;
  order.header.due_at = {};
  transfer(order, commit, domain::TransferReason::unit_delivered, domain::account::escrow,
           domain::account::revenue, now);
  ports::ItemChange change;
  change.item = unit.item();
  change.from = domain::ItemState::held;
  change.to = domain::ItemState::issued;
  change.order = order.key();
  change.unit_no = 1;
  commit.items.push_back(change);
}

}  // namespace daozhang::bench
