// What is on sale, read from the catalogue file at start. Immutable afterwards; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/language.h"
#include "base/result.h"
#include "domain/catalog/product.h"
#include "json/writer.h"

namespace daozhang::api {

class Catalog {
 public:
  explicit Catalog(std::vector<domain::Product> products);

  // Null if there is no such product.
  [[nodiscard]] const domain::Product* find(std::string_view sku) const;
  // In the order of the file.
  [[nodiscard]] const std::vector<domain::Product>& products() const { return products_; }

 private:
  std::vector<domain::Product> products_;
  std::map<std::string, std::size_t, std::less<>> by_sku_;
};

// Reads `{"products":[…]}` as docs/operating/catalogue.md describes it. Refuses with a sentence
// that names the product and field.
base::Result<Catalog, std::string> read_catalog(std::string_view json_text);

// The JSON Schema of what a buyer must say, with labels in their language.
void write_target_schema(json::Writer& json, const domain::Product& product, Language language);

std::string_view product_name(const domain::Product& product, Language language);

}  // namespace daozhang::api
