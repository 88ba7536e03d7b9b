// Writes what a commit says, inside a transaction that the caller has begun and ends. The first
// thing that does not hold is answered, and nothing after it is done; the caller rolls back.
//
// Thread: that of its database. Stops the process, as the memory store does, on a change that can
// only be a bug of the engine.
#pragma once

#include <optional>

#include "ports/order_store.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {

using MaybeRefusal = std::optional<ports::CommitRefusal>;

class OrderWriter {
 public:
  explicit OrderWriter(Database& database);

  MaybeRefusal write(const ports::Commit& changes);

 private:
  MaybeRefusal write_order(const ports::OrderChange& change);
  MaybeRefusal write_header(const ports::OrderChange& change);
  MaybeRefusal write_claim(const domain::Claim& claim);
  MaybeRefusal write_item(const ports::ItemChange& change);
  MaybeRefusal write_ledger(const std::vector<domain::Transfer>& transfers);
  MaybeRefusal write_effects(const ports::Commit& changes);
  MaybeRefusal write_inbox(const domain::InboxEntry& entry);

  Database& database_;
  Statement insert_order_;
  Statement update_order_;
  Statement update_whole_order_;
  Statement insert_unit_;
  Statement update_unit_;
  Statement insert_intent_;
  Statement update_intent_;
  Statement insert_payment_;
  Statement update_payment_;
  Statement insert_attempt_;
  Statement update_attempt_;
  Statement insert_refund_;
  Statement update_refund_;
  Statement insert_chargeback_;
  Statement update_chargeback_;
  Statement insert_event_;
  Statement insert_claim_;
  Statement take_item_;
  Statement move_item_;
  Statement insert_transfer_;
  Statement add_to_balance_;
  Statement insert_effect_;
  Statement delete_effect_;
  Statement note_message_;
};

}  // namespace daozhang::storage::sqlite
