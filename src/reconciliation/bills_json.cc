#include "reconciliation/bills_json.h"

#include <type_traits>

#include "json/writer.h"

namespace daozhang::reconciliation {
namespace {

// Instants as RFC 3339; those that are not set are left out.
template <domain::Record T>
void write_fields(json::Writer& json, const T& record) {
  T::visit_fields(record, [&]<class Field>(std::string_view name, const Field& field) {
    if constexpr (std::is_same_v<Field, base::Instant>) {
      if (field.is_set()) json.member(name, base::to_rfc3339(field));
    } else if constexpr (std::is_enum_v<Field>) {
      json.member(name, base::name_of(field));
    } else if constexpr (std::is_integral_v<Field>) {
      json.member(name, std::int64_t{field});
    } else {
      json.member(name, field);
    }
  });
}

}  // namespace

std::string bills_json(std::span<const domain::BillDayView> days,
                       std::span<const domain::Difference> differences) {
  std::string text;
  json::Writer json(text);
  json.begin_object().key("days").begin_array();
  for (const auto& view : days) {
    json.begin_object().member("verdict", base::name_of(view.verdict()));
    write_fields(json, view.day);
    json.member("waiting_count", view.waiting_count)
        .member("open_count", view.open_count)
        .member("difference_count", view.difference_count)
        .end_object();
  }
  json.end_array().key("differences").begin_array();
  for (const auto& difference : differences) {
    json.begin_object();
    write_fields(json, difference);
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

std::string difference_json(const domain::Difference& difference,
                            std::span<const domain::DifferenceEntry> journal) {
  std::string text;
  json::Writer json(text);
  json.begin_object().key("difference").begin_object();
  write_fields(json, difference);
  json.end_object().key("journal").begin_array();
  for (const auto& entry : journal) {
    json.begin_object();
    write_fields(json, entry);
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

}  // namespace daozhang::reconciliation
