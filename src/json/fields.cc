#include "json/fields.h"

#include <algorithm>

#include "base/check.h"

namespace daozhang::json {
namespace {

const Value empty_object{Object{}};
const Array empty_array{};

template <class T>
std::optional<T> copied(const T* held) {
  return held == nullptr ? std::nullopt : std::optional<T>(*held);
}

}  // namespace

Fields::Fields(const Value& value, std::initializer_list<std::string_view> known, std::string path)
    : value_(value), path_(std::move(path)) {
  if (value.object() == nullptr) {
    error_ = FieldError{FieldRefusal::not_an_object, path_};
    return;
  }
  for (const Member& member : *value.object()) {
    if (std::find(known.begin(), known.end(), member.name) == known.end()) {
      fail(FieldRefusal::unknown_field, member.name);
    }
  }
}

void Fields::fail(FieldRefusal refusal, std::string_view name) {
  if (error_) return;
  error_ = FieldError{refusal, path_.empty() ? std::string(name) : path_ + "." + std::string(name)};
}

const Value* Fields::required(std::string_view name) {
  const Value* value = value_.find(name);
  if (value == nullptr) fail(FieldRefusal::missing_field, name);
  return value;
}

template <class T>
const T* Fields::typed(const Value* value, const T* held, std::string_view name) {
  if (value != nullptr && held == nullptr) fail(FieldRefusal::wrong_type, name);
  return held;
}

std::string_view Fields::text(std::string_view name) {
  required(name);
  return optional_text(name).value_or(std::string_view{});
}
std::int64_t Fields::integer(std::string_view name) {
  required(name);
  return optional_integer(name).value_or(0);
}
bool Fields::boolean(std::string_view name) {
  required(name);
  return optional_boolean(name).value_or(false);
}
const Value& Fields::object(std::string_view name) {
  required(name);
  const Value* value = optional_object(name);
  return value == nullptr ? empty_object : *value;
}
const Array& Fields::array(std::string_view name) {
  required(name);
  const Array* held = optional_array(name);
  return held == nullptr ? empty_array : *held;
}

std::optional<std::string_view> Fields::optional_text(std::string_view name) {
  const Value* value = value_.find(name);
  const std::string* held = typed(value, value == nullptr ? nullptr : value->text(), name);
  return held == nullptr ? std::nullopt : std::optional<std::string_view>(*held);
}
std::optional<std::int64_t> Fields::optional_integer(std::string_view name) {
  const Value* value = value_.find(name);
  return copied(typed(value, value == nullptr ? nullptr : value->integer(), name));
}
std::optional<bool> Fields::optional_boolean(std::string_view name) {
  const Value* value = value_.find(name);
  return copied(typed(value, value == nullptr ? nullptr : value->boolean(), name));
}
const Value* Fields::optional_object(std::string_view name) {
  const Value* value = value_.find(name);
  const Object* held = typed(value, value == nullptr ? nullptr : value->object(), name);
  return held == nullptr ? nullptr : value;
}
const Array* Fields::optional_array(std::string_view name) {
  const Value* value = value_.find(name);
  return typed(value, value == nullptr ? nullptr : value->array(), name);
}

std::string_view name(FieldRefusal refusal) {
  switch (refusal) {
    case FieldRefusal::not_an_object:
      return "not_an_object";
    case FieldRefusal::unknown_field:
      return "unknown_field";
    case FieldRefusal::missing_field:
      return "missing_field";
    case FieldRefusal::wrong_type:
      return "wrong_type";
  }
  UNREACHABLE();
}

std::string sentence(const FieldError& error) {
  switch (error.refusal) {
    case FieldRefusal::not_an_object:
      return error.field.empty() ? "the body is not an object" : error.field + " is not an object";
    case FieldRefusal::unknown_field:
      return "unknown field " + error.field;
    case FieldRefusal::missing_field:
      return "missing field " + error.field;
    case FieldRefusal::wrong_type:
      return "wrong type for " + error.field;
  }
  UNREACHABLE();
}

}  // namespace daozhang::json
