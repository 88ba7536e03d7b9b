// A record describes its own fields once: `static void visit_fields(Self& self, Visitor&& visit)`
// calls `visit("name", self.name)` for each, in a fixed order. From that one list come the SQL
// columns of the stores, the canonical event that a commit writes, and its replay, so a word is
// spelled one way everywhere.
//
// Field types: bool, std::int32_t, std::int64_t, std::string, base::Instant, StrongId, and enums
// with names.
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

namespace daozhang::domain {

namespace record_detail {
struct AnyVisitor {
  template <class Field>
  void operator()(std::string_view, Field&) const {}
};
}  // namespace record_detail

template <class T>
concept Record = requires(T& record) { T::visit_fields(record, record_detail::AnyVisitor{}); };

// What `field`, one of `record`'s, is in another record of its type.
template <Record T, class Field>
const Field& same_field(const T& other, const T& record, const Field& field) {
  const auto place =
      reinterpret_cast<const std::byte*>(&field) - reinterpret_cast<const std::byte*>(&record);
  return *reinterpret_cast<const Field*>(reinterpret_cast<const std::byte*>(&other) + place);
}

// Number of fields.
template <Record T>
int field_count() {
  T sample{};
  int count = 0;
  T::visit_fields(sample, [&](std::string_view, auto&) { ++count; });
  return count;
}

}  // namespace daozhang::domain
