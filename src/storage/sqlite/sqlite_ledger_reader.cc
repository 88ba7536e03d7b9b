#include "storage/sqlite/sqlite_ledger_reader.h"

#include <algorithm>
#include <mutex>

#include "base/check.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {
namespace {

// The columns of LedgerFact in their order.
const std::string payment_columns =
    "SELECT 'payment', it.channel, it.trade_no, '', o.order_no, it.amount_minor, o.currency, "
    "it.learned_at, it.order_id, it.partition, it.payment_no, 1 FROM payments AS it ";

const std::string refund_columns =
    "SELECT 'refund', it.channel, p.trade_no, it.refund_ref, o.order_no, it.amount_minor, "
    "o.currency, it.accepted_at, it.order_id, it.partition, it.refund_no, it.accepted_at <> 0 ";

const std::string with_order =
    "CROSS JOIN orders AS o ON o.order_id = it.order_id AND o.partition = it.partition ";
const std::string with_payment =
    "CROSS JOIN payments AS p ON p.order_id = it.order_id AND p.partition = it.partition AND "
    "p.payment_no = it.payment_no ";

// `?8` at most, of those in the window that stand after a place.
std::string page_of(const std::string& time, const std::string& number) {
  const std::string place = time + ", it.order_id, it.partition, " + number;
  return "it.channel = ?1 AND " + time + " >= ?2 AND " + time + " < ?3 AND (" + place +
         ") > (?4, ?5, ?6, ?7) ORDER BY " + place + " LIMIT ?8";
}

std::string select_payments() {
  return payment_columns + "INDEXED BY payments_by_time " + with_order + "WHERE " +
         page_of("it.learned_at", "it.payment_no");
}

std::string select_refunds() {
  return refund_columns + "FROM refunds AS it INDEXED BY refunds_by_time " + with_order +
         with_payment + "WHERE it.accepted_at <> 0 AND " +
         page_of("it.accepted_at", "it.refund_no");
}

const std::string find_payment_sql =
    payment_columns + with_order + "WHERE it.channel = ?1 AND it.trade_no = ?2";

std::string find_refund_sql() {
  return refund_columns +
         "FROM payments AS p CROSS JOIN refunds AS it ON it.order_id = p.order_id AND "
         "it.partition = p.partition AND it.payment_no = p.payment_no " +
         with_order + "WHERE p.channel = ?1 AND p.trade_no = ?2 AND it.refund_ref = ?3";
}

// What is open is found as select_open_peers finds it; CROSS JOIN keeps the few in front.
const char* const select_escrow =
    "WITH open (order_id, partition, order_no, paid_at) AS MATERIALIZED ("
    "SELECT order_id, partition, order_no, paid_at FROM orders INDEXED BY orders_due "
    "WHERE due_at <> 0 AND closed_at = 0 UNION ALL "
    "SELECT order_id, partition, order_no, paid_at FROM orders INDEXED BY orders_waiting "
    "WHERE due_at = 0 AND closed_at = 0) "
    "SELECT open.order_no, it.currency, "
    "sum(CASE it.credit WHEN 'escrow' THEN it.amount_minor ELSE -it.amount_minor END) AS held, "
    "CASE open.paid_at WHEN 0 THEN min(it.at) ELSE open.paid_at END "
    "FROM open CROSS JOIN transfers AS it ON it.order_id = open.order_id AND "
    "it.partition = open.partition WHERE it.credit = 'escrow' OR it.debit = 'escrow' "
    "GROUP BY open.order_id, open.partition, it.currency HAVING held <> 0";

}  // namespace

struct SqliteLedgerReader::Parts {
  std::mutex lock;
  Database database;
  std::unique_ptr<Statement> payments;
  std::unique_ptr<Statement> refunds;
  std::unique_ptr<Statement> payment;
  std::unique_ptr<Statement> refund;
};

base::Result<std::unique_ptr<SqliteLedgerReader>, OpenProblem> SqliteLedgerReader::open(
    const std::string& path, const FileSystem& files) {
  auto parts = std::make_unique<Parts>();
  Database& database = parts->database;
  if (!database.open(path, Access::read_only, files))
    return base::refuse(
        OpenProblem{database.is_damaged() ? OpenRefusal::damaged : OpenRefusal::cannot_open,
                    path + " can not be opened: " + database.problem() + "."});
  if (auto problem = check_schema(database, path, embedded_migrations()))
    return base::refuse(std::move(*problem));
  database.run("PRAGMA cache_size=-4096");
  parts->payments = std::make_unique<Statement>(database, select_payments());
  parts->refunds = std::make_unique<Statement>(database, select_refunds());
  parts->payment = std::make_unique<Statement>(database, find_payment_sql);
  parts->refund = std::make_unique<Statement>(database, find_refund_sql());
  return std::unique_ptr<SqliteLedgerReader>(new SqliteLedgerReader(std::move(parts)));
}

SqliteLedgerReader::SqliteLedgerReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

SqliteLedgerReader::~SqliteLedgerReader() = default;

std::vector<ports::LedgerFact> SqliteLedgerReader::facts(ports::BillLineKind kind,
                                                         const std::string& channel,
                                                         base::Instant from, base::Instant until,
                                                         const ports::FactPlace& after,
                                                         std::size_t limit) {
  const std::lock_guard guard(parts_->lock);
  Statement& select = kind == ports::BillLineKind::payment ? *parts_->payments : *parts_->refunds;
  select.bind(1, std::string_view(channel));
  select.bind(2, std::max(from, after.at).micros);
  select.bind(3, until.micros);
  select.bind(4, after.at.micros);
  select.bind(5, after.order_id.value);
  select.bind(6, std::int64_t{after.partition.value});
  select.bind(7, std::int64_t{after.number});
  select.bind(8, static_cast<std::int64_t>(limit));
  std::vector<ports::LedgerFact> page;
  while (select.row()) read_record(select, page.emplace_back());
  return page;
}

std::optional<ports::LedgerFact> SqliteLedgerReader::find_payment(const std::string& channel,
                                                                  const std::string& trade_no) {
  const std::lock_guard guard(parts_->lock);
  Statement& select = *parts_->payment;
  select.bind(1, std::string_view(channel));
  select.bind(2, std::string_view(trade_no));
  std::optional<ports::LedgerFact> fact;
  if (select.row()) read_record(select, fact.emplace());
  select.reset();
  return fact;
}

std::optional<ports::LedgerFact> SqliteLedgerReader::find_refund(const std::string& channel,
                                                                 const std::string& trade_no,
                                                                 const std::string& refund_ref) {
  const std::lock_guard guard(parts_->lock);
  Statement& select = *parts_->refund;
  select.bind(1, std::string_view(channel));
  select.bind(2, std::string_view(trade_no));
  select.bind(3, std::string_view(refund_ref));
  std::optional<ports::LedgerFact> fact;
  if (select.row()) read_record(select, fact.emplace());
  select.reset();
  return fact;
}

base::Instant SqliteLedgerReader::first_order_at() {
  const std::lock_guard guard(parts_->lock);
  return {parts_->database.number("SELECT placed_at FROM orders ORDER BY order_id LIMIT 1")};
}

void SqliteLedgerReader::read_money(const std::function<void(const domain::Balance&)>& balance,
                                    const std::function<void(const ports::HeldEscrow&)>& escrow) {
  const std::lock_guard guard(parts_->lock);
  parts_->database.run("BEGIN");
  {
    Statement balances(parts_->database,
                       select_sql<domain::Balance>("balances", "ORDER BY partition, account"));
    while (balances.row()) {
      domain::Balance row;
      read_record(balances, row);
      balance(row);
    }
    Statement held(parts_->database, select_escrow);
    while (held.row()) {
      ports::HeldEscrow row;
      row.order_no = held.text(0);
      read_field(held, 1, row.currency);
      row.held_minor = held.integer(2);
      row.since.micros = held.integer(3);
      escrow(row);
    }
  }
  parts_->database.run("COMMIT");
}

}  // namespace daozhang::storage::sqlite
