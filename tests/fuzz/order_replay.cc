// Events of one order, one body a line: what they leave is written as an event that leaves the
// same, and no number changes on the way.
#include "domain/order/change.h"
#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

bool replayed(domain::Order& order, std::string_view body) {
  domain::Event event;
  event.body = body;
  return domain::replay(order, event);
}

template <class Field>
void check_number(const Field& field, std::int64_t written) {
  if constexpr (std::is_same_v<Field, base::Instant>) {
    CHECK(field.micros == written);
  } else if constexpr (std::is_integral_v<Field> && !std::is_same_v<Field, bool>) {
    CHECK(std::int64_t{field} == written);
  } else if constexpr (!std::is_enum_v<Field> && !std::is_same_v<Field, std::string> &&
                       !std::is_same_v<Field, bool>) {
    CHECK(std::int64_t{field.value} == written);
  }
}

void check_numbers(const domain::Order& order, std::string_view body) {
  const auto document = json::read(body);
  const json::Value* header = document ? document->find("order") : nullptr;
  if (header == nullptr) return;
  domain::OrderHeader::visit_fields(order.header, [&](std::string_view name, const auto& field) {
    const json::Value* value = header->find(name);
    if (value != nullptr && value->integer() != nullptr) check_number(field, *value->integer());
  });
}

}  // namespace

void order_replay(std::string_view bytes) {
  Input input(bytes);
  domain::Order order;
  while (!input.rest().empty()) {
    const std::string_view body = input.line();
    const domain::Order before = order;
    if (!replayed(order, body)) return;
    check_numbers(order, body);
    domain::Order step = before;
    CHECK(replayed(step, domain::change_body(&before, order, {"timer", {}})));
    CHECK(step == order);
  }
  domain::Order again;
  CHECK(replayed(again, domain::change_body(nullptr, order, {"timer", {"looked"}})));
  CHECK(again == order);
}

}  // namespace daozhang::fuzz
