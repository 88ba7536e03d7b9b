#include "storage/sqlite/order_rows.h"

namespace daozhang::storage::sqlite {
namespace {

const std::string of_order = "WHERE partition = ?1 AND order_id = ?2";

void bind_key(Statement& statement, domain::OrderKey key) {
  statement.bind(1, std::int64_t{key.partition.value});
  statement.bind(2, key.order_id.value);
}

template <domain::Record T>
void load_list(Statement& select, domain::OrderKey key, std::vector<T>& list) {
  bind_key(select, key);
  while (select.row()) read_record(select, list.emplace_back());
}

}  // namespace

OrderRows::OrderRows(Database& database)
    : select_order_(database, select_sql<domain::OrderHeader>("orders", of_order)),
      select_units_(database, select_sql<domain::Unit>("units", of_order + " ORDER BY unit_no")),
      select_intents_(database, select_sql<domain::Intent>("payment_intents",
                                                           of_order + " ORDER BY intent_no")),
      select_payments_(database,
                       select_sql<domain::Payment>("payments", of_order + " ORDER BY payment_no")),
      select_attempts_(database,
                       select_sql<domain::Attempt>("attempts", of_order + " ORDER BY attempt_no")),
      select_refunds_(database,
                      select_sql<domain::Refund>("refunds", of_order + " ORDER BY refund_no")),
      select_chargebacks_(database, select_sql<domain::Chargeback>(
                                        "chargebacks", of_order + " ORDER BY chargeback_no")) {}

std::optional<domain::Order> OrderRows::load(domain::OrderKey key) {
  bind_key(select_order_, key);
  if (!select_order_.row()) return std::nullopt;
  std::optional<domain::Order> order(std::in_place);
  read_record(select_order_, order->header);
  select_order_.reset();
  load_children(*order);
  return order;
}

void OrderRows::load_children(domain::Order& order) {
  const auto key = order.key();
  load_list(select_units_, key, order.units);
  load_list(select_intents_, key, order.intents);
  load_list(select_payments_, key, order.payments);
  load_list(select_attempts_, key, order.attempts);
  load_list(select_refunds_, key, order.refunds);
  load_list(select_chargebacks_, key, order.chargebacks);
}

}  // namespace daozhang::storage::sqlite
