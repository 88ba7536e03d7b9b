// A JSON document as read by json/reader.h: members in the order of the text, names unique.
// Plain data; one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace daozhang::json {

struct Member;
class Value;

using Array = std::vector<Value>;
using Object = std::vector<Member>;

// A number kept as it was written, for replies of others that carry fractions.
struct NumberText {
  std::string text;
};

class Value {
 public:
  using Alternatives =
      std::variant<std::monostate, bool, std::int64_t, NumberText, std::string, Array, Object>;

  Value() = default;
  template <class T>
  explicit Value(T alternative) : held_(std::move(alternative)) {}

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(held_); }
  // Null pointer if the value is of another type.
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&held_); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&held_); }
  [[nodiscard]] const NumberText* number() const { return std::get_if<NumberText>(&held_); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&held_); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&held_); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&held_); }

  // The member of an object; null pointer if there is none or this is no object.
  [[nodiscard]] const Value* find(std::string_view name) const;
  // The text member of an object; empty if absent or of another type.
  [[nodiscard]] std::string_view text_of(std::string_view name) const;

 private:
  Alternatives held_;
};

struct Member {
  std::string name;
  Value value;
};

}  // namespace daozhang::json
