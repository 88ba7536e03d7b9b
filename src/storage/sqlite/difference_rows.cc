#include "storage/sqlite/difference_rows.h"

#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {
namespace {

using ports::ReconcileRefusal;
using Refused = std::optional<ReconcileRefusal>;

Refused add_entry(Database& database, domain::DifferenceEntry entry) {
  Statement last(database, "SELECT max(entry_no) FROM journal WHERE difference_id = ?1");
  last.bind(1, std::string_view(entry.difference_id));
  if (last.row()) entry.entry_no = last.integer(0) + 1;
  last.reset();
  Statement insert(database, insert_sql<domain::DifferenceEntry>("journal"));
  bind_record(insert, entry);
  if (insert.execute() != Outcome::done) return ReconcileRefusal::unavailable;
  return std::nullopt;
}

// What a change that found no open row has met.
ReconcileRefusal why_not(Database& database, const std::string& difference_id) {
  return read_difference(database, difference_id) ? ReconcileRefusal::already_closed
                                                  : ReconcileRefusal::unknown_item;
}

}  // namespace

Refused open_differences(Database& database, std::span<const domain::Difference> opened) {
  if (opened.empty()) return std::nullopt;
  Statement replace(database,
                    insert_sql<domain::Difference>("differences").replace(0, 6, "REPLACE"));
  for (const auto& difference : opened) {
    auto known = read_difference(database, difference.difference_id);
    auto step = known ? domain::said_again(*known, difference) : domain::opened_now(difference);
    if (!step) continue;
    bind_record(replace, known ? *known : difference);
    if (replace.execute() != Outcome::done) return ReconcileRefusal::unavailable;
    if (auto refused = add_entry(database, std::move(*step))) return refused;
  }
  return std::nullopt;
}

Refused close_difference(Database& database, const ports::ClosedDifference& closed) {
  Statement update(database,
                   "UPDATE differences SET state = 'closed', closed_at = ?2, closed_by = ?3, "
                   "reason = ?4, evidence = ?5 WHERE difference_id = ?1 AND state = 'open'");
  update.bind(1, std::string_view(closed.difference_id));
  update.bind(2, closed.at.micros);
  update.bind(3, std::string_view(closed.by));
  update.bind(4, std::string_view(closed.reason));
  update.bind(5, std::string_view(closed.evidence));
  if (update.execute() != Outcome::done) return ReconcileRefusal::unavailable;
  if (database.changed() == 0) return why_not(database, closed.difference_id);
  return add_entry(
      database,
      {closed.difference_id, 0, domain::DifferenceStep::closed, closed.at, closed.by,
       closed.evidence.empty() ? closed.reason : closed.reason + " (" + closed.evidence + ")"});
}

Refused assign_difference(Database& database, const std::string& difference_id,
                          const std::string& owner, const std::string& by, base::Instant at) {
  Statement update(database,
                   "UPDATE differences SET owner = ?2 WHERE difference_id = ?1 AND state = 'open'");
  update.bind(1, std::string_view(difference_id));
  update.bind(2, std::string_view(owner));
  if (update.execute() != Outcome::done) return ReconcileRefusal::unavailable;
  if (database.changed() == 0) return why_not(database, difference_id);
  return add_entry(database, {difference_id, 0, domain::DifferenceStep::assigned, at, by, owner});
}

std::optional<domain::Difference> read_difference(Database& database,
                                                  const std::string& difference_id) {
  Statement select(database,
                   select_sql<domain::Difference>("differences", "WHERE difference_id = ?1"));
  select.bind(1, std::string_view(difference_id));
  std::optional<domain::Difference> found;
  if (select.row()) read_record(select, found.emplace());
  select.reset();
  return found;
}

std::vector<domain::Difference> find_differences(Database& database,
                                                 const ports::DifferenceFilter& filter) {
  Statement select(database,
                   select_sql<domain::Difference>(
                       "differences",
                       "WHERE (day, difference_id) > (?1, ?2) AND (?3 = '' OR account = ?3) AND "
                       "(?4 = '' OR day = ?4) AND (?5 = '' OR state = ?5) AND "
                       "(?6 = '' OR kind = ?6) ORDER BY day, difference_id LIMIT ?7"));
  select.bind(1, std::string_view(filter.after_day));
  select.bind(2, std::string_view(filter.after));
  select.bind(3, std::string_view(filter.account));
  select.bind(4, std::string_view(filter.day));
  select.bind(5, filter.state ? base::name_of(*filter.state) : std::string_view(""));
  select.bind(6, filter.kind ? base::name_of(*filter.kind) : std::string_view(""));
  select.bind(7, static_cast<std::int64_t>(filter.limit));
  std::vector<domain::Difference> found;
  while (select.row()) read_record(select, found.emplace_back());
  return found;
}

}  // namespace daozhang::storage::sqlite
