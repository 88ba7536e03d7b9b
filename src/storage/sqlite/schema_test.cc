#include "storage/sqlite/schema.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "ports/order_store.h"
#include "storage/sqlite/peer_rows.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {
namespace {

class Schema : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = std::filesystem::temp_directory_path() / "daozhang_schema_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    ASSERT_TRUE(database_.open(path(), Access::read_write));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return folder_ / "shop.db"; }
  std::optional<OpenProblem> migrate_to(const std::vector<Migration>& migrations) {
    return migrate(database_, path(), migrations);
  }
  OpenRefusal refusal_of(const std::vector<Migration>& migrations) {
    const auto problem = migrate_to(migrations);
    EXPECT_TRUE(problem);
    return problem ? problem->refusal : OpenRefusal::cannot_open;
  }

  std::filesystem::path folder_;
  Database database_;
};

const Migration first{1, "0001_first", "CREATE TABLE a (x INTEGER) STRICT;"};
const Migration second{2, "0002_second", "CREATE TABLE b (x INTEGER) STRICT;"};

TEST_F(Schema, TheMigrationsOfThisBinaryAreNumberedWithoutGaps) {
  const auto migrations = embedded_migrations();
  ASSERT_FALSE(migrations.empty());
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    EXPECT_EQ(migrations[i].number, static_cast<int>(i) + 1);
    EXPECT_FALSE(migrations[i].sql.empty());
  }
}

TEST_F(Schema, AMigrationRunsOnce) {
  EXPECT_FALSE(migrate_to({first}));
  EXPECT_FALSE(migrate_to({first}));
  EXPECT_EQ(database_.number("SELECT count(*) FROM schema_migrations"), 1);
}

TEST_F(Schema, ALaterMigrationLeavesACopyOfTheFileBefore) {
  EXPECT_FALSE(migrate_to({first}));
  database_.run("INSERT INTO a VALUES (42)");
  EXPECT_FALSE(migrate_to({first, second}));
  Database copy;
  ASSERT_TRUE(copy.open(path() + ".before_0002_second", Access::read_only));
  EXPECT_EQ(copy.number("SELECT x FROM a"), 42);
  EXPECT_EQ(copy.number("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
  EXPECT_EQ(database_.number("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 1);
}

// A store was put back from such a copy, or the process ended between the copy and the migration.
TEST_F(Schema, ACopyThatIsThereIsKeptAndStopsNoMigration) {
  EXPECT_FALSE(migrate_to({first}));
  database_.run("INSERT INTO a VALUES (42)");
  const std::string known = path() + ".before_0002_second";
  std::ofstream(known) << "the copy of an earlier attempt";
  EXPECT_FALSE(migrate_to({first, second}));
  std::ifstream kept(known);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}),
            "the copy of an earlier attempt");
  Database copy;
  ASSERT_TRUE(copy.open(known + ".2", Access::read_only));
  EXPECT_EQ(copy.number("SELECT x FROM a"), 42);
}

// A start that is ended between its copy and its migration again and again fills the disk.
TEST_F(Schema, CopiesOfManyStartsThatDidNotEndAreAPersons) {
  EXPECT_FALSE(migrate_to({first}));
  const std::string known = path() + ".before_0002_second";
  std::ofstream(known) << "1";
  for (int no = 2; no <= 9; ++no) std::ofstream(known + "." + std::to_string(no)) << "more";
  EXPECT_EQ(refusal_of({first, second}), OpenRefusal::cannot_open);
  std::filesystem::remove(known + ".9");
  EXPECT_FALSE(migrate_to({first, second}));
}

// Else each try takes of the space that it lacks.
TEST_F(Schema, AMigrationThatFindsNoSpaceLeavesNoCopy) {
  EXPECT_FALSE(migrate_to({first}));
  const auto pages = database_.number("PRAGMA page_count");
  database_.run(("PRAGMA max_page_count=" + std::to_string(pages)).c_str());
  EXPECT_EQ(refusal_of({first, second}), OpenRefusal::no_space);
  EXPECT_FALSE(std::filesystem::exists(path() + ".before_0002_second"));
  database_.run("PRAGMA max_page_count=1000000");
  EXPECT_FALSE(migrate_to({first, second}));
  EXPECT_TRUE(std::filesystem::exists(path() + ".before_0002_second"));
}

TEST_F(Schema, ANewFileIsNotCopied) {
  EXPECT_FALSE(migrate_to({first, second}));
  EXPECT_FALSE(std::filesystem::exists(path() + ".before_0002_second"));
}

TEST_F(Schema, AFileOfANewerBinaryIsRefused) {
  EXPECT_FALSE(migrate_to({first, second}));
  EXPECT_EQ(refusal_of({first}), OpenRefusal::schema_newer);
}

TEST_F(Schema, AMigrationWhoseTextChangedIsRefused) {
  EXPECT_FALSE(migrate_to({first}));
  auto changed = first;
  changed.sql += "\n-- later";
  EXPECT_EQ(refusal_of({changed}), OpenRefusal::schema_differs);
}

TEST_F(Schema, AFileOfAnotherProgramIsRefused) {
  database_.run("CREATE TABLE notes (text TEXT)");
  EXPECT_EQ(refusal_of({first}), OpenRefusal::not_a_store);
}

TEST_F(Schema, AReaderDoesNotMigrate) {
  EXPECT_FALSE(migrate_to({first}));
  const std::vector both{first, second};
  const auto problem = check_schema(database_, path(), both);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->refusal, OpenRefusal::schema_older);
}

class Tables : public Schema {
 protected:
  void SetUp() override {
    Schema::SetUp();
    ASSERT_FALSE(migrate_to(embedded_migrations()));
  }
  std::string text_of(const std::string& table) {
    Statement select(database_, "SELECT sql FROM sqlite_schema WHERE name = ?1");
    select.bind(1, std::string_view(table));
    return select.row() ? std::string(select.text(0)) : "";
  }

  std::string plan_of(const std::string& sql) {
    Statement explain(database_, "EXPLAIN QUERY PLAN " + sql);
    std::string plan;
    while (explain.row()) plan += std::string(explain.text(3)) + "\n";
    return plan;
  }

  // The columns are the record's fields in their order, and every word of an enum is allowed.
  template <domain::Record T>
  void expect_fits(const std::string& table) {
    SCOPED_TRACE(table);
    std::string columns;
    Statement info(database_, "SELECT name FROM pragma_table_info(?1) ORDER BY cid");
    info.bind(1, std::string_view(table));
    while (info.row()) columns += (columns.empty() ? "" : ", ") + std::string(info.text(0));
    EXPECT_EQ(columns, columns_of<T>());
    const std::string text = text_of(table);
    const T sample{};
    T::visit_fields(sample, [&](std::string_view name, const auto& field) {
      using Field = std::remove_cvref_t<decltype(field)>;
      if constexpr (std::is_enum_v<Field>)
        for (const auto& word : names_of(std::type_identity<Field>{})) {
          const std::string allowed = std::string(name) + " = '" + std::string(word) + "'";
          EXPECT_NE(text.find(allowed), std::string::npos) << allowed;
        }
    });
  }
};

TEST_F(Tables, ColumnsAreTheFieldsOfTheRecords) {
  expect_fits<domain::OrderHeader>("orders");
  expect_fits<domain::Unit>("units");
  expect_fits<domain::Intent>("payment_intents");
  expect_fits<domain::Payment>("payments");
  expect_fits<domain::Attempt>("attempts");
  expect_fits<domain::Refund>("refunds");
  expect_fits<domain::Chargeback>("chargebacks");
  expect_fits<domain::Event>("events");
  expect_fits<domain::Transfer>("transfers");
  expect_fits<domain::Balance>("balances");
  expect_fits<domain::Effect>("effects");
  expect_fits<domain::Claim>("claims");
  expect_fits<domain::InboxEntry>("inbox");
  expect_fits<domain::ImportBatch>("import_batches");
  expect_fits<domain::StockItem>("stock_items");
  expect_fits<domain::FeePosting>("fee_postings");
}

// The rows of an order lie by its id, which rises with time: neighbors in time share a page.
TEST_F(Tables, EveryKeyHoldsThePartitionAndThoseOfOrdersRiseWithTime) {
  const auto key_of = [&](const std::string& table) {
    Statement info(database_, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk");
    info.bind(1, std::string_view(table));
    std::string key;
    while (info.row()) key += std::string(info.text(0)) + " ";
    return key;
  };
  for (const std::string table : {"orders", "units", "payment_intents", "payments", "attempts",
                                  "refunds", "chargebacks", "events", "transfers", "effects"})
    EXPECT_TRUE(key_of(table).starts_with("order_id partition ")) << table;
  for (const std::string table : {"balances", "claims", "inbox", "stock_items", "fee_postings"})
    EXPECT_NE(key_of(table).find("partition "), std::string::npos) << table;
}

// A query of the hot path that reads a whole table would only show with a million rows.
TEST_F(Tables, DueOrdersAndTheShelfAreReadFromTheirIndexes) {
  const auto due = plan_of(
      "SELECT partition, order_id FROM orders WHERE due_at <> 0 AND due_at <= 5 "
      "AND ((-1 >> partition) & 1) ORDER BY due_at, partition, order_id LIMIT 10");
  EXPECT_NE(due.find("COVERING INDEX orders_due"), std::string::npos) << due;
  EXPECT_EQ(due.find("TEMP B-TREE"), std::string::npos) << due;
  const auto earliest = plan_of(
      "SELECT due_at FROM orders WHERE due_at <> 0 AND ((-1 >> partition) & 1) "
      "ORDER BY due_at LIMIT 1");
  EXPECT_NE(earliest.find("COVERING INDEX orders_due"), std::string::npos) << earliest;
  EXPECT_EQ(earliest.find("TEMP B-TREE"), std::string::npos) << earliest;
  const auto shelf = plan_of(
      "SELECT partition, item_id FROM stock_items WHERE state = 'available' AND shop_id = 1 "
      "AND sku = 'a' ORDER BY item_id, partition LIMIT 10");
  EXPECT_NE(shelf.find("COVERING INDEX stock_items_available"), std::string::npos) << shelf;
  EXPECT_EQ(shelf.find("TEMP B-TREE"), std::string::npos) << shelf;
}

TEST_F(Tables, OldRefusedMessagesAreFoundWithoutReadingWhatCounted) {
  const auto plan = plan_of(
      "SELECT order_id, digest, partition, seen_count FROM inbox INDEXED BY inbox_not_counted "
      "WHERE (verdict = 'refused' OR verdict = 'asked') AND verdict = 'refused' "
      "AND order_id = 0 AND reason <> 'order_lost' AND reason <> 'payment_unknown' "
      "AND first_seen_at < 5 AND last_seen_at < 5 ORDER BY first_seen_at LIMIT 10");
  EXPECT_NE(plan.find("INDEX inbox_not_counted"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

TEST_F(Tables, OpenPeersAreFoundWithoutReadingWhatIsClosed) {
  const std::string plan = plan_of(select_open_peers());
  EXPECT_NE(plan.find("SCAN orders USING INDEX orders_due"), std::string::npos) << plan;
  EXPECT_NE(plan.find("SCAN orders USING INDEX orders_waiting"), std::string::npos) << plan;
  for (const char* table : {"payment_intents", "payments", "refunds", "attempts", "units"})
    EXPECT_EQ(plan.find(std::string("SCAN ") + table), std::string::npos) << table << "\n" << plan;
  EXPECT_EQ(plan.find("SCAN it"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("AUTOMATIC"), std::string::npos) << plan;
}

}  // namespace
}  // namespace daozhang::storage::sqlite
