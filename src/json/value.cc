#include "json/value.h"

namespace daozhang::json {

const Value* Value::find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  for (const Member& member : *members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

std::string_view Value::text_of(std::string_view name) const {
  const Value* value = find(name);
  const std::string* held = value == nullptr ? nullptr : value->text();
  return held == nullptr ? std::string_view{} : std::string_view(*held);
}

}  // namespace daozhang::json
