// The members of a request's body: a value comes out only as the type that stands in the text, and
// no error means that nothing was missing, of another type or unknown.
#include "json/fields.h"

#include <algorithm>
#include <array>

#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

bool is_known(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names{"sku",    "quantity", "gift",
                                                         "target", "tags",     "note"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_whole(const json::Value& body, const json::Fields& fields) {
  bool all_known = true;
  for (const json::Member& member : *body.object()) all_known = all_known && is_known(member.name);
  const auto has = [&body](std::string_view name, auto held) {
    const json::Value* value = body.find(name);
    return value != nullptr && (value->*held)() != nullptr;
  };
  const json::Value* note = body.find("note");
  const bool is_whole =
      all_known && has("sku", &json::Value::text) && has("quantity", &json::Value::integer) &&
      has("gift", &json::Value::boolean) && has("target", &json::Value::object) &&
      has("tags", &json::Value::array) && (note == nullptr || note->text() != nullptr);
  CHECK(is_whole == !fields.error());
}

}  // namespace

void json_fields(std::string_view bytes) {
  const auto body = json::read(bytes);
  if (!body) return;
  json::Fields fields(*body, {"sku", "quantity", "gift", "target", "tags", "note"}, "order");
  const std::string_view sku = fields.text("sku");
  const std::int64_t quantity = fields.integer("quantity");
  const bool gift = fields.boolean("gift");
  const json::Value& target = fields.object("target");
  const json::Array& tags = fields.array("tags");
  const auto note = fields.optional_text("note");
  CHECK(target.object() != nullptr && tags.size() <= bytes.size());
  if (fields.error()) {
    CHECK(!json::sentence(*fields.error()).empty());
    CHECK(fields.error()->field.starts_with("order"));
  }
  if (body->object() == nullptr) {
    CHECK(fields.error()->refusal == json::FieldRefusal::not_an_object);
    CHECK(sku.empty() && quantity == 0 && !gift && tags.empty() && !note);
    return;
  }
  check_whole(*body, fields);
  if (!sku.empty()) CHECK(*body->find("sku")->text() == sku);
  if (quantity != 0) CHECK(*body->find("quantity")->integer() == quantity);
}

}  // namespace daozhang::fuzz
