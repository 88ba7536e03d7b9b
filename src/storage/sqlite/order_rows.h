// Reads whole orders. Thread: that of its database.
#pragma once

#include <optional>

#include "domain/order/order.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {

class OrderRows {
 public:
  explicit OrderRows(Database& database);

  std::optional<domain::Order> load(domain::OrderKey key);

  // Reads the children of an order whose header is there.
  void load_children(domain::Order& order);

 private:
  Statement select_order_;
  Statement select_units_;
  Statement select_intents_;
  Statement select_payments_;
  Statement select_attempts_;
  Statement select_refunds_;
  Statement select_chargebacks_;
};

}  // namespace daozhang::storage::sqlite
