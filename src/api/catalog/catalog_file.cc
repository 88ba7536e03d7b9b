// The catalogue file: strict JSON, so that a typing error is told and not sold.
#include <algorithm>
#include <optional>
#include <regex>
#include <set>

#include <fmt/format.h>

#include "api/catalog/catalog.h"
#include "json/fields.h"
#include "json/reader.h"

namespace daozhang::api {
namespace {

using Refusal = std::optional<std::string>;

// std::regex calls itself for every character, of the expression and of the text.
constexpr std::int32_t target_length_max = 256;
constexpr std::size_t pattern_bytes_max = 256;
constexpr std::int32_t version_max = 1'000'000'000;
constexpr std::int32_t promise_seconds_max = 365 * 24 * 3600;

Refusal sentence_of(const json::Fields& fields) {
  if (!fields.error()) return std::nullopt;
  return json::sentence(*fields.error());
}

// What does not fit stays out of every range below.
std::int32_t narrowed(std::int64_t number) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(number, INT32_MIN, INT32_MAX));
}

struct Both {
  std::string zh, en;
};

// `{"zh-CN":"…","en":"…"}`
Refusal read_both(const json::Value& value, const std::string& path, Both& both) {
  json::Fields fields(value, {"zh-CN", "en"}, path);
  both.zh = fields.text("zh-CN");
  both.en = fields.text("en");
  return sentence_of(fields);
}

Refusal read_option(const json::Value& value, const std::string& path,
                    domain::TargetOption& option) {
  json::Fields fields(value, {"value", "label", "only_if"}, path);
  option.value = fields.text("value");
  option.only_if = fields.optional_text("only_if").value_or("");
  Both label;
  const json::Value& label_value = fields.object("label");
  if (auto refusal = sentence_of(fields)) return refusal;
  if (auto refusal = read_both(label_value, path + ".label", label)) return refusal;
  option.label_zh = label.zh;
  option.label_en = label.en;
  return std::nullopt;
}

Refusal check_field(const domain::TargetField& field, const std::string& path) {
  if (field.name.empty() || field.name.size() > 64)
    return path + ".name must have 1 to 64 characters";
  if (field.length_min < 0 || field.length_max < field.length_min ||
      field.length_max > target_length_max)
    return fmt::format("{}: length_min and length_max must rise and be within 0 to {}", path,
                       target_length_max);
  if (field.kind == domain::TargetFieldKind::phone && field.phone_region.size() != 2)
    return path + ".region must be a two-letter region";
  if (field.kind == domain::TargetFieldKind::choice && field.options.empty())
    return path + ".options must not be empty";
  if (field.pattern.size() > pattern_bytes_max)
    return fmt::format("{}.pattern is longer than {} bytes", path, pattern_bytes_max);
  if (!field.pattern.empty()) try {
      const std::regex compiled(field.pattern);
    } catch (const std::regex_error&) {
      return path + ".pattern is no regular expression";
    }
  return std::nullopt;
}

Refusal read_field(const json::Value& value, const std::string& path, domain::TargetField& field) {
  json::Fields fields(value,
                      {"name", "kind", "title", "region", "pattern", "length_min", "length_max",
                       "depends_on", "options"},
                      path);
  field.name = fields.text("name");
  const auto kind = base::enum_named<domain::TargetFieldKind>(fields.text("kind"));
  const json::Value& title_value = fields.object("title");
  field.phone_region = fields.optional_text("region").value_or("");
  field.pattern = fields.optional_text("pattern").value_or("");
  field.length_min = narrowed(fields.optional_integer("length_min").value_or(1));
  field.length_max = narrowed(fields.optional_integer("length_max").value_or(64));
  field.depends_on = fields.optional_text("depends_on").value_or("");
  const json::Array* options = fields.optional_array("options");
  if (auto refusal = sentence_of(fields)) return refusal;
  if (!kind) return path + ".kind is none of phone, account, choice";
  field.kind = *kind;
  Both title;
  if (auto refusal = read_both(title_value, path + ".title", title)) return refusal;
  field.title_zh = title.zh;
  field.title_en = title.en;
  for (std::size_t i = 0; options != nullptr && i < options->size(); ++i) {
    domain::TargetOption option;
    if (auto refusal = read_option((*options)[i], fmt::format("{}.options.{}", path, i), option))
      return refusal;
    field.options.push_back(std::move(option));
  }
  return check_field(field, path);
}

Refusal check_fields(const std::vector<domain::TargetField>& fields, const std::string& path) {
  std::set<std::string_view> names;
  for (const auto& field : fields)
    if (!names.insert(field.name).second)
      return fmt::format("{}.target has the field {} twice", path, field.name);
  for (const auto& field : fields)
    if (!field.depends_on.empty() &&
        (field.depends_on == field.name || !names.contains(field.depends_on)))
      return fmt::format("{}.target: {} depends on {}, which is no other field of it", path,
                         field.name, field.depends_on);
  return std::nullopt;
}

Refusal check_product(const domain::Product& product, const std::string& path) {
  if (product.sku.empty() || product.sku.size() > 64)
    return path + ".sku must have 1 to 64 characters";
  if (product.price_minor <= 0 || product.price_minor > domain::amount_minor_max)
    return path + ".price_minor is out of range";
  if (product.quantity_max < 1 || product.quantity_max > 1000)
    return path + ".quantity_max must be 1 to 1000";
  if (product.price_minor > domain::amount_minor_max / product.quantity_max)
    return fmt::format("{}: price_minor times quantity_max must be at most {}", path,
                       domain::amount_minor_max);
  if (product.product_version < 1 || product.product_version > version_max)
    return fmt::format("{}.version must be 1 to {}", path, version_max);
  if (product.promise_seconds < 1 || product.promise_seconds > promise_seconds_max)
    return fmt::format("{}.promise_seconds must be 1 to {}", path, promise_seconds_max);
  if (product.kind == domain::ProductKind::secret ? !product.supplier.empty()
                                                  : product.supplier.empty())
    return path + ".supplier: a secret has none, everything else needs one";
  if (product.kind != domain::ProductKind::secret &&
      (product.cost_minor_max <= 0 || product.face_minor <= 0))
    return path + " needs cost_minor_max and face_minor";
  for (const std::int64_t sum : {product.cost_minor_max, product.face_minor})
    if (sum < 0 || sum > domain::amount_minor_max)
      return path + ": cost_minor_max or face_minor is out of range";
  return check_fields(product.target, path);
}

Refusal read_product(const json::Value& value, const std::string& path, domain::Product& product) {
  json::Fields fields(
      value,
      {"sku", "version", "kind", "name", "description", "price_minor", "currency", "quantity_max",
       "promise_seconds", "supplier", "supplier_sku", "face_minor", "cost_minor_max", "target"},
      path);
  product.sku = fields.text("sku");
  product.product_version = narrowed(fields.optional_integer("version").value_or(1));
  const auto kind = base::enum_named<domain::ProductKind>(fields.text("kind"));
  const auto currency = base::enum_named<domain::Currency>(fields.text("currency"));
  product.price_minor = fields.integer("price_minor");
  product.quantity_max = narrowed(fields.integer("quantity_max"));
  product.promise_seconds = narrowed(fields.integer("promise_seconds"));
  product.supplier = fields.optional_text("supplier").value_or("");
  product.supplier_sku = fields.optional_text("supplier_sku").value_or("");
  product.face_minor = fields.optional_integer("face_minor").value_or(0);
  product.cost_minor_max = fields.optional_integer("cost_minor_max").value_or(0);
  const json::Value& name_value = fields.object("name");
  const json::Value& description_value = fields.object("description");
  const json::Array* target = fields.optional_array("target");
  if (auto refusal = sentence_of(fields)) return refusal;
  if (!kind) return path + ".kind is none of secret, topup, membership";
  if (!currency) return path + ".currency is unknown";
  product.kind = *kind;
  product.currency = *currency;
  Both name, description;
  if (auto refusal = read_both(name_value, path + ".name", name)) return refusal;
  if (auto refusal = read_both(description_value, path + ".description", description))
    return refusal;
  product.name_zh = name.zh;
  product.name_en = name.en;
  product.description_zh = description.zh;
  product.description_en = description.en;
  for (std::size_t i = 0; target != nullptr && i < target->size(); ++i) {
    domain::TargetField field;
    if (auto refusal = read_field((*target)[i], fmt::format("{}.target.{}", path, i), field))
      return refusal;
    product.target.push_back(std::move(field));
  }
  return check_product(product, path);
}

}  // namespace

base::Result<Catalog, std::string> read_catalog(std::string_view json_text) {
  const auto document = json::read(json_text);
  if (!document)
    return base::refuse(fmt::format("not valid JSON: {} at byte {}",
                                    json::name(document.error().refusal),
                                    document.error().position));
  json::Fields fields(*document, {"products"});
  const json::Array& list = fields.array("products");
  if (auto refusal = sentence_of(fields)) return base::refuse(*refusal);
  std::vector<domain::Product> products;
  for (std::size_t i = 0; i < list.size(); ++i) {
    domain::Product product;
    if (auto refusal = read_product(list[i], fmt::format("products.{}", i), product))
      return base::refuse(*refusal);
    for (const auto& other : products)
      if (other.sku == product.sku)
        return base::refuse(fmt::format("sku {} stands twice", product.sku));
    products.push_back(std::move(product));
  }
  return Catalog(std::move(products));
}

}  // namespace daozhang::api
