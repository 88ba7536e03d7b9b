// The catalogue file: what is taken is on sale exactly as it is written, and its form can be shown.
#include <set>

#include "api/catalog/catalog.h"
#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

using api::Language;

// The number as the file has it; `fallback` where the file has none.
void check_number(const json::Value& file, std::string_view name, std::int64_t read,
                  std::int64_t fallback) {
  const json::Value* value = file.find(name);
  const std::int64_t* written = value == nullptr ? &fallback : value->integer();
  CHECK(written != nullptr && read == *written);
}

void check_field(const domain::Product& product, const domain::TargetField& field,
                 const json::Value& file) {
  CHECK(!field.name.empty());
  check_number(file, "length_min", field.length_min, 1);
  check_number(file, "length_max", field.length_max, 64);
  CHECK(field.length_min >= 0 && field.length_min <= field.length_max);
  if (field.kind == domain::TargetFieldKind::choice) CHECK(!field.options.empty());
  if (field.depends_on.empty()) return;
  CHECK(std::ranges::any_of(product.target, [&](const domain::TargetField& other) {
    return other.name == field.depends_on && &other != &field;
  }));
}

void check_product(const domain::Product& product, const json::Value& file) {
  CHECK(product.price_minor > 0 && product.price_minor <= domain::amount_minor_max);
  CHECK(product.quantity_max > 0 && product.promise_seconds > 0 && product.product_version > 0);
  CHECK(product.face_minor >= 0 && product.cost_minor_max >= 0);
  check_number(file, "price_minor", product.price_minor, 0);
  check_number(file, "quantity_max", product.quantity_max, 0);
  check_number(file, "promise_seconds", product.promise_seconds, 0);
  check_number(file, "version", product.product_version, 1);
  check_number(file, "face_minor", product.face_minor, 0);
  check_number(file, "cost_minor_max", product.cost_minor_max, 0);
  // The price of the most units of one order does not overflow.
  CHECK(product.price_minor <= INT64_MAX / product.quantity_max);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < product.target.size(); ++i) {
    CHECK(names.insert(product.target[i].name).second);
    check_field(product, product.target[i], (*file.find("target")->array())[i]);
  }
  for (const Language language : {Language::zh, Language::en}) {
    std::string schema;
    json::Writer writer(schema);
    api::write_target_schema(writer, product, language);
    CHECK(json::read(schema).has_value());
  }
}

}  // namespace

void catalog_file(std::string_view bytes) {
  const auto catalog = api::read_catalog(bytes);
  if (!catalog) {
    CHECK(!catalog.error().empty());
    return;
  }
  const auto document = json::read(bytes);
  const json::Array& list = *document->find("products")->array();
  CHECK(catalog->products().size() == list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const domain::Product& product = catalog->products()[i];
    check_product(product, list[i]);
    CHECK(catalog->find(product.sku) == &product);
  }
}

}  // namespace daozhang::fuzz
