#include "storage/sqlite/sqlite_audit.h"

#include "base/check.h"
#include "storage/sqlite/order_rows.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/tally.h"

namespace daozhang::storage::sqlite {
namespace {

const std::string of_order = "WHERE partition = ?1 AND order_id = ?2 ";

template <domain::Record T>
void read_list(Statement& select, domain::OrderKey key, std::vector<T>& list) {
  select.bind(1, std::int64_t{key.partition.value});
  select.bind(2, key.order_id.value);
  while (select.row()) read_record(select, list.emplace_back());
}

template <domain::Record T>
void each_row(Database& database, const std::string& table, const std::string& order,
              const std::function<void(const T&)>& visit) {
  Statement select(database, select_sql<T>(table, "ORDER BY " + order));
  while (select.row()) {
    T record;
    read_record(select, record);
    visit(record);
  }
}

}  // namespace

struct SqliteAudit::Parts {
  Database database;
};

base::Result<std::unique_ptr<SqliteAudit>, OpenProblem> SqliteAudit::open(const std::string& path,
                                                                          const FileSystem& files) {
  auto parts = std::make_unique<Parts>();
  auto& database = parts->database;
  if (!database.open(path, Access::read_only, files))
    return base::refuse(
        OpenProblem{database.is_damaged() ? OpenRefusal::damaged : OpenRefusal::cannot_open,
                    path + " can not be opened: " + database.problem() + "."});
  if (auto problem = check_schema(database, path, embedded_migrations()))
    return base::refuse(std::move(*problem));
  // The snapshot is taken by the first read.
  database.run("BEGIN");
  CHECK(database.number("SELECT count(*) FROM meta") > 0);
  return std::unique_ptr<SqliteAudit>(new SqliteAudit(std::move(parts)));
}

SqliteAudit::SqliteAudit(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

SqliteAudit::~SqliteAudit() = default;

void SqliteAudit::each_order(const std::function<void(const OrderStory&)>& visit) {
  auto& database = parts_->database;
  OrderRows rows(database);
  Statement keys(database, "SELECT partition, order_id FROM orders ORDER BY partition, order_id");
  Statement events(database, select_sql<domain::Event>("events", of_order + "ORDER BY version"));
  Statement transfers(database,
                      select_sql<domain::Transfer>("transfers", of_order + "ORDER BY transfer_no"));
  Statement effects(database,
                    select_sql<domain::Effect>("effects", of_order + "ORDER BY effect_no"));
  while (keys.row()) {
    auto order = rows.load({{static_cast<std::int32_t>(keys.integer(0))}, {keys.integer(1)}});
    CHECK(order);
    OrderStory story;
    story.order = std::move(*order);
    read_list(events, story.order.key(), story.events);
    read_list(transfers, story.order.key(), story.transfers);
    read_list(effects, story.order.key(), story.effects);
    visit(story);
  }
}

void SqliteAudit::each_item(const std::function<void(const domain::StockItem&)>& visit) {
  each_row<domain::StockItem>(parts_->database, "stock_items", "partition, item_id", visit);
}

void SqliteAudit::each_batch(const std::function<void(const domain::ImportBatch&)>& visit) {
  each_row<domain::ImportBatch>(parts_->database, "import_batches", "batch_id", visit);
}

void SqliteAudit::each_claim(const std::function<void(const domain::Claim&)>& visit) {
  each_row<domain::Claim>(parts_->database, "claims", "partition, kind, name", visit);
}

void SqliteAudit::each_balance(const std::function<void(const domain::Balance&)>& visit) {
  each_row<domain::Balance>(parts_->database, "balances", "partition, account, currency", visit);
}

void SqliteAudit::each_inbox_entry(const std::function<void(const domain::InboxEntry&)>& visit) {
  each_row<domain::InboxEntry>(parts_->database, "inbox", "partition, digest, order_id", visit);
}

void SqliteAudit::each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) {
  each_row<domain::FeePosting>(parts_->database, "fee_postings", "channel, day, posting_no", visit);
}

std::map<std::string, std::int64_t> SqliteAudit::orphan_rows() {
  std::map<std::string, std::int64_t> orphans;
  for (const std::string table : {"units", "payment_intents", "payments", "attempts", "refunds",
                                  "chargebacks", "events", "transfers", "effects"}) {
    const std::string count =
        "SELECT count(*) FROM " + table +
        " AS child WHERE NOT EXISTS (SELECT 1 FROM orders WHERE partition = child.partition "
        "AND order_id = child.order_id)";
    const std::int64_t found = parts_->database.number(count.c_str());
    if (found > 0) orphans[table] = found;
  }
  return orphans;
}

std::vector<std::string> SqliteAudit::integrity_problems() {
  std::vector<std::string> problems;
  for (const char* pragma : {"PRAGMA integrity_check(100)", "PRAGMA foreign_key_check"}) {
    Statement check(parts_->database, pragma);
    while (check.row())
      if (check.text(0) != "ok") problems.emplace_back(check.text(0));
  }
  for (auto& difference : Tally::differences(parts_->database))
    problems.push_back(std::move(difference));
  return problems;
}

}  // namespace daozhang::storage::sqlite
