#include "tests/contract/stories.h"

#include "domain/order/change.h"

namespace daozhang::contract {

domain::OrderKey order_key(std::int64_t order_id) {
  return {{static_cast<std::int32_t>(order_id * 7 % domain::partition_count)}, {order_id}};
}

domain::ItemKey item_key(std::int64_t item_id) {
  return {{static_cast<std::int32_t>(item_id * 5 % domain::partition_count)}, {item_id}};
}

domain::Order new_order(std::int64_t order_id) {
  const auto key = order_key(order_id);
  domain::Order order;
  auto& header = order.header;
  header.partition = key.partition;
  header.order_id = key.order_id;
  header.version = 1;
  header.order_no = "DZ" + std::to_string(order_id);
  header.sku = card;
  header.product_name = "点卡";
  header.unit_price_minor = 990;
  header.access_hash = "aa";
  header.request_hash = "bb";
  header.placed_at = start;
  header.pay_by = at(900);
  header.deadline = at(960);
  header.target = "{}";
  header.due_at = header.pay_by;
  domain::Unit unit;
  unit.partition = key.partition;
  unit.order_id = key.order_id;
  unit.unit_no = 1;
  order.units.push_back(unit);
  domain::Intent intent;
  intent.partition = key.partition;
  intent.order_id = key.order_id;
  intent.intent_no = 1;
  intent.channel = "alipay";
  intent.amount_minor = 990;
  intent.opened_at = start;
  intent.expires_at = at(900);
  order.intents.push_back(intent);
  return order;
}

domain::Claim claim(const std::string& name, const domain::Order& owner, domain::ClaimKind kind) {
  domain::Claim row;
  row.partition.value = static_cast<std::int32_t>(name.size() % domain::partition_count);
  row.kind = kind;
  row.name = name;
  row.order_partition = owner.header.partition;
  row.order_id = owner.header.order_id;
  row.claimed_at = start;
  return row;
}

namespace {

ports::ItemChange item_change(std::int64_t item_id, const domain::Order& order,
                              domain::ItemState from, domain::ItemState to) {
  ports::ItemChange change;
  change.item = item_key(item_id);
  change.from = from;
  change.to = to;
  change.order = order.key();
  change.unit_no = 1;
  change.hold_expires_at = order.header.pay_by;
  return change;
}

}  // namespace

ports::ItemChange hold(std::int64_t item_id, const domain::Order& order) {
  return item_change(item_id, order, domain::ItemState::available, domain::ItemState::held);
}

ports::ItemChange issue(std::int64_t item_id, const domain::Order& order) {
  return item_change(item_id, order, domain::ItemState::held, domain::ItemState::issued);
}

ports::ItemChange release(std::int64_t item_id, const domain::Order& order) {
  return item_change(item_id, order, domain::ItemState::held, domain::ItemState::available);
}

domain::Transfer transfer(const domain::Order& order, std::int32_t transfer_no,
                          std::int64_t amount_minor) {
  domain::Transfer row;
  row.partition = order.header.partition;
  row.order_id = order.header.order_id;
  row.transfer_no = transfer_no;
  row.subject_no = 1;
  row.debit = domain::account::channel_clearing("alipay");
  row.credit = domain::account::escrow;
  row.amount_minor = amount_minor;
  row.at = start;
  return row;
}

domain::Effect effect(const domain::Order& order, std::int32_t effect_no) {
  domain::Effect row;
  row.partition = order.header.partition;
  row.order_id = order.header.order_id;
  row.effect_no = effect_no;
  row.subject_no = 1;
  row.decided_at = start;
  return row;
}

domain::InboxEntry message(const std::string& digest) {
  domain::InboxEntry entry;
  entry.partition.value = static_cast<std::int32_t>(digest.size());
  entry.digest = digest;
  entry.channel = "alipay";
  entry.verdict = domain::InboxVerdict::applied;
  entry.reason = "first";
  entry.body = std::string("a=1\0\xff&b=2", 10);
  entry.first_seen_at = entry.last_seen_at = start;
  return entry;
}

ports::StockImport stock(std::int64_t batch_id, std::int64_t first_item, std::int64_t count,
                         const std::string& sku) {
  ports::StockImport import;
  import.batch.batch_id.value = batch_id;
  import.batch.sku = sku;
  import.batch.wrapped_key = std::string("\0key\xfe", 5);
  import.batch.imported_at = start;
  for (std::int64_t id = first_item; id < first_item + count; ++id) {
    domain::StockItem item;
    item.partition = item_key(id).partition;
    item.item_id.value = id;
    item.sku = sku;
    item.batch_id.value = batch_id;
    item.fingerprint = "print" + std::to_string(id);
    item.sealed = std::string("nonce\0 sealed", 13) + std::to_string(id);
    item.imported_at = start;
    import.items.push_back(item);
  }
  return import;
}

Draft& Draft::add(const domain::Order& order) {
  push(nullptr, order);
  return *this;
}

Draft& Draft::change(const domain::Order& before, domain::Order after) {
  const auto& kept = orders_.emplace_back(before);
  after.header.version = before.header.version + 1;
  push(&kept, std::move(after));
  return *this;
}

void Draft::push(const domain::Order* before, domain::Order after) {
  const auto& kept = orders_.emplace_back(std::move(after));
  ports::OrderChange change;
  change.before = before;
  change.after = &kept;
  change.event.partition = kept.header.partition;
  change.event.order_id = kept.header.order_id;
  change.event.version = kept.header.version;
  change.event.at = commit.now;
  change.event.body = domain::change_body(before, kept, {"buyer", {"changed"}});
  change.event.salt = std::string("\0salt\xff", 6);
  change.event.leaf = domain::leaf_hash(change.event.salt, change.event.body);
  commit.orders.push_back(std::move(change));
}

domain::Order moved(domain::Order before, domain::OrderState state) {
  before.header.version += 1;
  before.header.state = state;
  return before;
}

}  // namespace daozhang::contract
