// Reads an object whose every member is known. The first thing wrong is kept and names the member,
// so that a handler asks for all and looks once:
//
//   json::Fields fields(body, {"sku", "quantity", "note"});
//   const std::string_view sku = fields.text("sku");
//   const std::int64_t quantity = fields.integer("quantity");
//   const auto note = fields.optional_text("note");
//   if (fields.error()) return refuse(*fields.error());
//
// The value must outlive this object and the views that it gives out. One thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace daozhang::json {

enum class FieldRefusal { not_an_object, unknown_field, missing_field, wrong_type };
std::string_view name(FieldRefusal refusal);

struct FieldError {
  FieldRefusal refusal = FieldRefusal::not_an_object;
  std::string field;  // With the path before it: `target.account`.
};
// English, for a problem's detail: `unknown field target.paid`.
std::string sentence(const FieldError& error);

class Fields {
 public:
  // `path` is put before each name in errors; empty for the document itself.
  Fields(const Value& value, std::initializer_list<std::string_view> known, std::string path = "");

  // After an error these give "", 0, false or an empty value. `null` is a wrong type everywhere.
  std::string_view text(std::string_view name);
  std::int64_t integer(std::string_view name);
  bool boolean(std::string_view name);
  const Value& object(std::string_view name);
  const Array& array(std::string_view name);

  // Nothing if the member is absent; an error if it is there with another type.
  std::optional<std::string_view> optional_text(std::string_view name);
  std::optional<std::int64_t> optional_integer(std::string_view name);
  std::optional<bool> optional_boolean(std::string_view name);
  const Value* optional_object(std::string_view name);
  const Array* optional_array(std::string_view name);

  [[nodiscard]] const std::optional<FieldError>& error() const { return error_; }

 private:
  const Value* required(std::string_view name);
  void fail(FieldRefusal refusal, std::string_view name);
  template <class T>
  const T* typed(const Value* value, const T* held, std::string_view name);

  const Value& value_;
  std::string path_;
  std::optional<FieldError> error_;
};

}  // namespace daozhang::json
