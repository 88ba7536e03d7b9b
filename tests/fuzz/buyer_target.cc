// Where a buyer wants it to arrive. The first line chooses product and language, the rest is the
// `target` of an order. What is taken is taken again unchanged.
#include "api/catalog/catalog.h"
#include "api/target.h"
#include "base/canonical_json.h"
#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

constexpr std::string_view catalog_text = R"({"products":[
 {"sku":"phone","kind":"topup","name":{"zh-CN":"话费","en":"Top-up"},
  "description":{"zh-CN":"","en":""},"price_minor":4990,"currency":"CNY","quantity_max":1,
  "promise_seconds":1800,"supplier":"demo","face_minor":5000,"cost_minor_max":4960,
  "target":[{"name":"phone","kind":"phone","title":{"zh-CN":"手机号","en":"Mobile"},"region":"CN"}]},
 {"sku":"game","kind":"topup","name":{"zh-CN":"星石","en":"Stones"},
  "description":{"zh-CN":"","en":""},"price_minor":6000,"currency":"CNY","quantity_max":1,
  "promise_seconds":1800,"supplier":"demo","face_minor":6000,"cost_minor_max":5940,
  "target":[
   {"name":"account","kind":"account","title":{"zh-CN":"账号","en":"Account"},
    "pattern":"[A-Za-z0-9_]+(@[a-z.]+)?","length_min":4,"length_max":20},
   {"name":"region","kind":"choice","title":{"zh-CN":"大区","en":"Region"},"options":[
    {"value":"east","label":{"zh-CN":"东","en":"East"}},
    {"value":"south","label":{"zh-CN":"南","en":"South"}}]},
   {"name":"server","kind":"choice","title":{"zh-CN":"区","en":"Server"},"depends_on":"region",
    "options":[{"value":"e1","only_if":"east","label":{"zh-CN":"一","en":"One"}},
               {"value":"s1","only_if":"south","label":{"zh-CN":"二","en":"Two"}}]}]},
 {"sku":"free","kind":"membership","name":{"zh-CN":"会员","en":"Member"},
  "description":{"zh-CN":"","en":""},"price_minor":100,"currency":"CNY","quantity_max":1,
  "promise_seconds":60,"supplier":"demo","face_minor":1,"cost_minor_max":1,
  "target":[{"name":"name","kind":"account","title":{"zh-CN":"名","en":"Name"}}]}]})";

const api::Catalog& catalog() {
  static const api::Catalog read = [] {
    auto made = api::read_catalog(catalog_text);
    CHECK(made.has_value());
    return std::move(*made);
  }();
  return read;
}

void check_taken(const domain::Product& product, const api::CheckedTarget& taken,
                 api::Language language) {
  base::CanonicalReader reader(taken.canonical);
  reader.skip();
  CHECK(!reader.failed() && reader.at_end());
  const auto canonical = json::read(taken.canonical);
  CHECK(canonical && canonical->object()->size() == product.target.size());
  const auto again = api::check_target(product, *canonical, language);
  CHECK(again && again->canonical == taken.canonical && again->display == taken.display);
  const auto display = json::read(taken.display);
  CHECK(display && display->array()->size() == product.target.size());
  const auto other = language == api::Language::zh ? api::Language::en : api::Language::zh;
  const auto translated = api::check_target(product, *canonical, other);
  CHECK(translated && translated->canonical == taken.canonical);
}

}  // namespace

void buyer_target(std::string_view bytes) {
  Input input(bytes);
  const domain::Product& product = catalog().products()[input.choice(3)];
  const auto language = input.choice(2) == 0 ? api::Language::zh : api::Language::en;
  input.line();
  const auto target = json::read(input.rest());
  if (!target || target->object() == nullptr) return;
  const auto taken = api::check_target(product, *target, language);
  if (taken) return check_taken(product, *taken, language);
  CHECK(!taken.error().empty());
  for (const api::FieldProblem& problem : taken.error()) {
    CHECK(problem.field.starts_with("target.") && !problem.code.empty());
  }
}

}  // namespace daozhang::fuzz
