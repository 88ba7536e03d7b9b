#include "storage/sqlite/order_writer.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "domain/ledger/balances.h"

namespace daozhang::storage::sqlite {
namespace {

using domain::ItemState;
using ports::CommitRefusal;

// The columns of an order that change after it was placed; the others are frozen (FAULTS S23) and
// cost time to bind again.
constexpr bool is_mutable(std::string_view column) {
  constexpr auto columns = base::words(
      "version", "state", "target", "target_display", "paid_at", "fulfill_by", "expired_at",
      "closed_at", "quarantined", "quarantine_reason", "transfer_count", "effect_count", "due_at");
  return std::ranges::find(columns, column) != columns.end();
}

constexpr bool any_column(std::string_view) { return true; }

// Whether the column of each field is mutable, by the field's place; words are not compared again
// for each row.
const std::vector<bool>& mutable_places() {
  static const std::vector<bool> places = [] {
    std::vector<bool> found;
    const domain::OrderHeader sample;
    domain::OrderHeader::visit_fields(
        sample, [&](std::string_view name, const auto&) { found.push_back(is_mutable(name)); });
    return found;
  }();
  return places;
}

bool frozen_part_is_equal(const domain::OrderHeader& before, const domain::OrderHeader& after) {
  bool equal = true;
  std::size_t index = 0;
  const auto& is_mutable_at = mutable_places();
  domain::OrderHeader::visit_fields(after, [&](std::string_view, const auto& field) {
    const bool is_frozen = !is_mutable_at[index++];
    if (equal && is_frozen) equal = domain::same_field(before, after, field) == field;
  });
  return equal;
}

void bind_mutable(Statement& statement, const domain::OrderHeader& header) {
  int parameter = 0;
  const auto& is_mutable_at = mutable_places();
  domain::OrderHeader::visit_fields(header, [&](std::string_view name, const auto& field) {
    const std::size_t at = static_cast<std::size_t>(parameter++);
    if (parameter <= 2 || is_mutable_at[at])
      bind_field<domain::OrderHeader>(statement, parameter, name, field);
  });
}

// A row that must go in, or there is a bug.
MaybeRefusal must(Outcome outcome) {
  if (outcome == Outcome::full || outcome == Outcome::busy) return CommitRefusal::unavailable;
  CHECK(outcome == Outcome::done);
  return std::nullopt;
}

// A row that may be refused by what is stored.
MaybeRefusal may(Outcome outcome, CommitRefusal refusal) {
  if (outcome == Outcome::exists) return refusal;
  return must(outcome);
}

template <domain::Record T>
MaybeRefusal write_list(Statement& insert, Statement& update, const std::vector<T>* before,
                        const std::vector<T>& after) {
  const std::size_t known = before ? before->size() : 0;
  CHECK(after.size() >= known);
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (i < known && after[i] == (*before)[i]) continue;
    Statement& statement = i < known ? update : insert;
    bind_record(statement, after[i]);
    if (auto refusal = must(statement.execute())) return refusal;
  }
  return std::nullopt;
}

void check_sound(const ports::OrderChange& change) {
  CHECK(change.after != nullptr);
  const auto& header = change.after->header;
  CHECK(!change.before || change.before->key() == change.after->key());
  CHECK(header.version == (change.before ? change.before->header.version : 0) + 1);
  CHECK(change.event.version == header.version);
  CHECK(change.event.partition == header.partition && change.event.order_id == header.order_id);
}

const std::string item_is = "WHERE partition = ?1 AND item_id = ?2 AND state = ?3";
const std::string set_item =
    "UPDATE stock_items SET state = ?4, version = version + 1, order_partition = ?5, "
    "order_id = ?6, unit_no = ?7, hold_expires_at = ?8 ";

}  // namespace

OrderWriter::OrderWriter(Database& database)
    : database_(database),
      insert_order_(database, insert_sql<domain::OrderHeader>("orders")),
      update_order_(database, update_sql<domain::OrderHeader>("orders", 2, is_mutable,
                                                              " AND version = ?3 - 1")),
      update_whole_order_(database, update_sql<domain::OrderHeader>("orders", 2, any_column,
                                                                    " AND version = ?3 - 1")),
      insert_unit_(database, insert_sql<domain::Unit>("units")),
      update_unit_(database, update_sql<domain::Unit>("units", 3, any_column)),
      insert_intent_(database, insert_sql<domain::Intent>("payment_intents")),
      update_intent_(database, update_sql<domain::Intent>("payment_intents", 3, any_column)),
      insert_payment_(database, insert_sql<domain::Payment>("payments")),
      update_payment_(database, update_sql<domain::Payment>("payments", 3, any_column)),
      insert_attempt_(database, insert_sql<domain::Attempt>("attempts")),
      update_attempt_(database, update_sql<domain::Attempt>("attempts", 3, any_column)),
      insert_refund_(database, insert_sql<domain::Refund>("refunds")),
      update_refund_(database, update_sql<domain::Refund>("refunds", 3, any_column)),
      insert_chargeback_(database, insert_sql<domain::Chargeback>("chargebacks")),
      update_chargeback_(database, update_sql<domain::Chargeback>("chargebacks", 3, any_column)),
      insert_event_(database, insert_sql<domain::Event>("events")),
      insert_claim_(database, insert_sql<domain::Claim>("claims")),
      take_item_(database, set_item + item_is),
      move_item_(database, set_item + item_is +
                               " AND order_partition = ?9 AND order_id = ?10 AND unit_no = ?11"),
      insert_transfer_(database, insert_sql<domain::Transfer>("transfers")),
      add_to_balance_(database, insert_sql<domain::Balance>("balances") +
                                    " ON CONFLICT (partition, account, currency) DO UPDATE SET "
                                    "debit_minor = debit_minor + excluded.debit_minor, "
                                    "credit_minor = credit_minor + excluded.credit_minor"),
      insert_effect_(database, insert_sql<domain::Effect>("effects")),
      delete_effect_(
          database,
          "DELETE FROM effects WHERE partition = ?1 AND order_id = ?2 AND effect_no = ?3"),
      note_message_(database, insert_sql<domain::InboxEntry>("inbox") +
                                  " ON CONFLICT (order_id, digest, partition) DO UPDATE SET "
                                  "seen_count = seen_count + excluded.seen_count, "
                                  "last_seen_at = excluded.last_seen_at") {}

MaybeRefusal OrderWriter::write(const ports::Commit& changes) {
  for (const auto& change : changes.orders)
    if (auto refusal = write_order(change)) return refusal;
  for (const auto& claim : changes.claims)
    if (auto refusal = write_claim(claim)) return refusal;
  for (const auto& change : changes.items)
    if (auto refusal = write_item(change)) return refusal;
  if (auto refusal = write_ledger(changes.transfers)) return refusal;
  if (auto refusal = write_effects(changes)) return refusal;
  for (const auto& entry : changes.inbox)
    if (auto refusal = write_inbox(entry)) return refusal;
  return std::nullopt;
}

MaybeRefusal OrderWriter::write_order(const ports::OrderChange& change) {
  check_sound(change);
  if (auto refusal = write_header(change)) return refusal;
  const auto& after = *change.after;
  const auto* before = change.before;
  MaybeRefusal refusal;
  const auto lists = [&](Statement& insert, Statement& update, auto member) {
    if (!refusal)
      refusal = write_list(insert, update, before ? &(before->*member) : nullptr, after.*member);
  };
  lists(insert_unit_, update_unit_, &domain::Order::units);
  lists(insert_intent_, update_intent_, &domain::Order::intents);
  lists(insert_payment_, update_payment_, &domain::Order::payments);
  lists(insert_attempt_, update_attempt_, &domain::Order::attempts);
  lists(insert_refund_, update_refund_, &domain::Order::refunds);
  lists(insert_chargeback_, update_chargeback_, &domain::Order::chargebacks);
  if (refusal) return refusal;
  bind_record(insert_event_, change.event);
  return must(insert_event_.execute());
}

MaybeRefusal OrderWriter::write_header(const ports::OrderChange& change) {
  const auto& header = change.after->header;
  if (change.before == nullptr) {
    bind_record(insert_order_, header);
    return may(insert_order_.execute(), CommitRefusal::version_moved);
  }
  Outcome outcome = Outcome::done;
  if (frozen_part_is_equal(change.before->header, header)) {
    bind_mutable(update_order_, header);
    outcome = update_order_.execute();
  } else {
    bind_record(update_whole_order_, header);
    outcome = update_whole_order_.execute();
  }
  if (auto refusal = must(outcome)) return refusal;
  if (database_.changed() != 1) return CommitRefusal::version_moved;
  return std::nullopt;
}

MaybeRefusal OrderWriter::write_claim(const domain::Claim& claim) {
  bind_record(insert_claim_, claim);
  return may(insert_claim_.execute(), CommitRefusal::claim_taken);
}

MaybeRefusal OrderWriter::write_item(const ports::ItemChange& change) {
  CHECK(domain::item_machine.allows(change.from, change.to));
  const bool is_owned = change.to != ItemState::available;
  Statement& statement = change.from == ItemState::available ? take_item_ : move_item_;
  statement.bind(1, std::int64_t{change.item.partition.value});
  statement.bind(2, change.item.item_id.value);
  statement.bind(3, base::name_of(change.from));
  statement.bind(4, base::name_of(change.to));
  statement.bind(5, is_owned ? std::int64_t{change.order.partition.value} : 0);
  statement.bind(6, is_owned ? change.order.order_id.value : 0);
  statement.bind(7, is_owned ? std::int64_t{change.unit_no} : 0);
  statement.bind(8, change.to == ItemState::held ? change.hold_expires_at.micros : 0);
  if (change.from != ItemState::available) {
    statement.bind(9, std::int64_t{change.order.partition.value});
    statement.bind(10, change.order.order_id.value);
    statement.bind(11, std::int64_t{change.unit_no});
  }
  if (auto refusal = must(statement.execute())) return refusal;
  if (database_.changed() != 1) return CommitRefusal::item_moved;
  return std::nullopt;
}

MaybeRefusal OrderWriter::write_ledger(const std::vector<domain::Transfer>& transfers) {
  for (const auto& transfer : transfers) {
    bind_record(insert_transfer_, transfer);
    if (auto refusal = must(insert_transfer_.execute())) return refusal;
  }
  for (const auto& balance : domain::balance_changes(transfers)) {
    bind_record(add_to_balance_, balance);
    if (auto refusal = must(add_to_balance_.execute())) return refusal;
  }
  return std::nullopt;
}

MaybeRefusal OrderWriter::write_effects(const ports::Commit& changes) {
  for (const auto& effect : changes.effects_added) {
    bind_record(insert_effect_, effect);
    if (auto refusal = must(insert_effect_.execute())) return refusal;
  }
  for (const auto& effect : changes.effects_ended) {
    delete_effect_.bind(1, std::int64_t{effect.partition.value});
    delete_effect_.bind(2, effect.order_id.value);
    delete_effect_.bind(3, std::int64_t{effect.effect_no});
    if (auto refusal = must(delete_effect_.execute())) return refusal;
    if (database_.changed() != 1) return CommitRefusal::effect_gone;
  }
  return std::nullopt;
}

MaybeRefusal OrderWriter::write_inbox(const domain::InboxEntry& entry) {
  bind_record(note_message_, entry);
  return must(note_message_.execute());
}

}  // namespace daozhang::storage::sqlite
