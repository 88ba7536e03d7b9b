// A prepared statement, and the templates that make statements from a record's own list of fields
// (domain/identity/record.h): one parameter a field, numbered as visited, so that the same bind
// serves an insert and an update.
//
// Thread: that of its database, which must outlive it. Text and blobs are bound without a copy:
// what is bound must live until the next reset.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/record.h"
#include "domain/payment/inbox.h"
#include "storage/sqlite/database.h"

struct sqlite3_stmt;

namespace daozhang::storage::sqlite {

class Statement {
 public:
  // It is prepared when it is first used: a store is opened for less than all that may be asked of
  // it. That ends the process if the schema can not be read or the statement does not fit it.
  Statement(Database& database, std::string sql) : database_(database), sql_(std::move(sql)) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::string_view text);
  void bind_blob(int parameter, std::string_view bytes);

  // Executes a statement without rows.
  [[nodiscard]] Outcome execute();
  // True while there is a row; resets itself after the last.
  [[nodiscard]] bool row();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // Until the next row or reset.

 private:
  sqlite3_stmt* handle() {
    if (handle_ == nullptr) prepare();
    return handle_;
  }
  void prepare();

  Database& database_;
  std::string sql_;
  sqlite3_stmt* handle_ = nullptr;
};

// Fields that hold bytes rather than words.
template <domain::Record T>
constexpr bool is_blob(std::string_view field) {
  if constexpr (std::is_same_v<T, domain::InboxEntry>) return field == "body";
  return field == "salt" || field == "sealed" || field == "wrapped_key";
}

template <domain::Record T, class Field>
void bind_field(Statement& statement, int parameter, std::string_view name, const Field& field) {
  if constexpr (std::is_same_v<Field, std::string>) {
    if (is_blob<T>(name))
      statement.bind_blob(parameter, field);
    else
      statement.bind(parameter, std::string_view(field));
  } else if constexpr (std::is_enum_v<Field>) {
    statement.bind(parameter, base::name_of(field));
  } else if constexpr (std::is_same_v<Field, base::Instant>) {
    statement.bind(parameter, field.micros);
  } else if constexpr (std::is_integral_v<Field>) {
    statement.bind(parameter, std::int64_t{field});
  } else {
    statement.bind(parameter, std::int64_t{field.value});
  }
}

// A word that the binary does not know stops the process: the schema's CHECK lets none in.
template <class Field>
void read_field(const Statement& statement, int column, Field& field) {
  if constexpr (std::is_same_v<Field, std::string>) {
    field = statement.text(column);
  } else if constexpr (std::is_same_v<Field, bool>) {
    field = statement.integer(column) != 0;
  } else if constexpr (std::is_enum_v<Field>) {
    const auto value = base::enum_named<Field>(statement.text(column));
    CHECK(value);
    field = *value;
  } else if constexpr (std::is_same_v<Field, base::Instant>) {
    field.micros = statement.integer(column);
  } else if constexpr (std::is_integral_v<Field>) {
    field = static_cast<Field>(statement.integer(column));
  } else {
    field.value = static_cast<decltype(field.value)>(statement.integer(column));
  }
}

template <domain::Record T>
void bind_record(Statement& statement, const T& record) {
  int parameter = 0;
  T::visit_fields(record, [&](std::string_view name, const auto& field) {
    bind_field<T>(statement, ++parameter, name, field);
  });
}

template <domain::Record T>
void read_record(const Statement& statement, T& record) {
  int column = 0;
  T::visit_fields(record,
                  [&](std::string_view, auto& field) { read_field(statement, column++, field); });
}

// "a, b, c"
template <domain::Record T>
std::string columns_of() {
  std::string list;
  const T sample{};
  T::visit_fields(sample, [&](std::string_view name, const auto&) {
    if (!list.empty()) list += ", ";
    list += name;
  });
  return list;
}

template <domain::Record T>
std::string insert_sql(const std::string& table) {
  std::string values;
  for (int i = 1; i <= domain::field_count<T>(); ++i)
    values += (i > 1 ? ", ?" : "?") + std::to_string(i);
  return "INSERT INTO " + table + " (" + columns_of<T>() + ") VALUES (" + values + ")";
}

// Updates every column but the first `key_size`, which are the key. `changes` picks the columns to
// set; `extra` is added to the condition.
template <domain::Record T, class Changes>
std::string update_sql(const std::string& table, int key_size, Changes changes,
                       const std::string& extra = "") {
  std::string set;
  std::string where;
  int parameter = 0;
  const T sample{};
  T::visit_fields(sample, [&](std::string_view name, const auto&) {
    ++parameter;
    const std::string pair = std::string(name) + " = ?" + std::to_string(parameter);
    if (parameter <= key_size)
      where += (where.empty() ? "" : " AND ") + pair;
    else if (changes(name))
      set += (set.empty() ? "" : ", ") + pair;
  });
  return "UPDATE " + table + " SET " + set + " WHERE " + where + extra;
}

template <domain::Record T>
std::string select_sql(const std::string& table, const std::string& rest) {
  return "SELECT " + columns_of<T>() + " FROM " + table + " " + rest;
}

}  // namespace daozhang::storage::sqlite
