#include "api/catalog/catalog.h"

#include <set>

namespace daozhang::api {
namespace {

std::string_view in(Language language, const std::string& zh, const std::string& en) {
  return language == Language::en && !en.empty() ? en : zh;
}

void write_choice(json::Writer& json, const domain::TargetField& field, Language language) {
  if (field.depends_on.empty()) {
    json.key("enum").begin_array();
    for (const auto& option : field.options) json.text(option.value);
    json.end_array();
  } else {
    json.key("x-options-by").begin_object().member("field", field.depends_on);
    json.key("options").begin_object();
    std::set<std::string> done;
    for (const auto& option : field.options) {
      if (!done.insert(option.only_if).second) continue;
      json.key(option.only_if).begin_array();
      for (const auto& other : field.options)
        if (other.only_if == option.only_if) json.text(other.value);
      json.end_array();
    }
    json.end_object().end_object();
  }
  json.key("x-labels").begin_object();
  std::set<std::string> labeled;
  for (const auto& option : field.options)
    if (labeled.insert(option.value).second)
      json.member(option.value, in(language, option.label_zh, option.label_en));
  json.end_object();
}

}  // namespace

Catalog::Catalog(std::vector<domain::Product> products) : products_(std::move(products)) {
  for (std::size_t i = 0; i < products_.size(); ++i) by_sku_[products_[i].sku] = i;
}

const domain::Product* Catalog::find(std::string_view sku) const {
  const auto it = by_sku_.find(sku);
  return it == by_sku_.end() ? nullptr : &products_[it->second];
}

std::string_view product_name(const domain::Product& product, Language language) {
  return in(language, product.name_zh, product.name_en);
}

void write_target_schema(json::Writer& json, const domain::Product& product, Language language) {
  json.begin_object().member("type", "object");
  json.key("required").begin_array();
  for (const auto& field : product.target) json.text(field.name);
  json.end_array().key("properties").begin_object();
  for (const auto& field : product.target) {
    json.key(field.name).begin_object().member("type", "string");
    json.member("title", in(language, field.title_zh, field.title_en));
    switch (field.kind) {
      case domain::TargetFieldKind::phone:
        json.member("format", "phone").member("x-region", field.phone_region);
        break;
      case domain::TargetFieldKind::account:
        json.member("minLength", field.length_min).member("maxLength", field.length_max);
        if (!field.pattern.empty()) json.member("pattern", field.pattern);
        break;
      case domain::TargetFieldKind::choice:
        write_choice(json, field, language);
        break;
    }
    json.end_object();
  }
  json.end_object().end_object();
}

}  // namespace daozhang::api
