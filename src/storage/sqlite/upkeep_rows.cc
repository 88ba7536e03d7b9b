#include "storage/sqlite/upkeep_rows.h"

#include "base/check.h"
#include "domain/ledger/balances.h"

namespace daozhang::storage::sqlite {
namespace {

using ports::CommitRefusal;

std::optional<CommitRefusal> must(Outcome outcome) {
  if (outcome == Outcome::full || outcome == Outcome::busy) return CommitRefusal::unavailable;
  CHECK(outcome == Outcome::done);
  return std::nullopt;
}

std::vector<domain::FeePosting> postings_of(Database& database, const ports::DayFees& fees) {
  Statement select(database,
                   select_sql<domain::FeePosting>(
                       "fee_postings", "WHERE channel = ?1 AND day = ?2 ORDER BY posting_no"));
  select.bind(1, std::string_view(fees.channel));
  select.bind(2, std::string_view(fees.day));
  std::vector<domain::FeePosting> found;
  while (select.row()) read_record(select, found.emplace_back());
  return found;
}

}  // namespace

std::optional<CommitRefusal> write_fees(Database& database, const ports::DayFees& fees,
                                        std::vector<domain::FeePosting>& postings) {
  postings = postings_of(database, fees);
  const auto missing = domain::next_posting(postings, fees.channel, fees.day, fees.fee_minor,
                                            fees.currency, fees.now);
  if (!missing) return std::nullopt;
  postings.push_back(*missing);
  Statement insert(database, insert_sql<domain::FeePosting>("fee_postings"));
  bind_record(insert, *missing);
  if (auto refusal = must(insert.execute())) return refusal;
  Statement add(database, insert_sql<domain::Balance>("balances") +
                              " ON CONFLICT (partition, account, currency) DO UPDATE SET "
                              "debit_minor = debit_minor + excluded.debit_minor, "
                              "credit_minor = credit_minor + excluded.credit_minor");
  for (const auto& balance : domain::balance_changes(*missing)) {
    bind_record(add, balance);
    if (auto refusal = must(add.execute())) return refusal;
  }
  return std::nullopt;
}

std::optional<CommitRefusal> forget_refused_rows(Database& database, base::Instant before,
                                                 std::int64_t limit, Forgotten& forgotten) {
  // The words of the index inbox_not_counted, so that only what did not count is looked at.
  Statement select(
      database,
      "SELECT order_id, digest, partition, seen_count FROM inbox INDEXED BY inbox_not_counted "
      "WHERE (verdict = 'refused' OR verdict = 'asked') AND verdict = 'refused' "
      "AND order_id = 0 AND reason <> 'order_lost' AND reason <> 'payment_unknown' "
      "AND first_seen_at < ?1 AND last_seen_at < ?1 ORDER BY first_seen_at LIMIT ?2");
  Statement forget(database,
                   "DELETE FROM inbox WHERE order_id = ?1 AND digest = ?2 AND partition = ?3");
  select.bind(1, before.micros);
  select.bind(2, limit);
  struct Row {
    std::int64_t order_id = 0;
    std::string digest;
    std::int64_t partition = 0;
    std::int64_t seen_count = 0;
  };
  std::vector<Row> rows;
  while (select.row())
    rows.push_back(
        {select.integer(0), std::string(select.text(1)), select.integer(2), select.integer(3)});
  for (const auto& row : rows) {
    forget.bind(1, row.order_id);
    forget.bind(2, std::string_view(row.digest));
    forget.bind(3, row.partition);
    if (auto refusal = must(forget.execute())) return refusal;
    forgotten.rows += 1;
    forgotten.messages += row.seen_count;
  }
  return std::nullopt;
}

}  // namespace daozhang::storage::sqlite
