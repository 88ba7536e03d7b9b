// Where it shall arrive, checked before anybody pays (A5): phone numbers by libphonenumber,
// accounts by form, choices by list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/language.h"
#include "api/problem.h"
#include "base/result.h"
#include "domain/catalog/product.h"
#include "json/value.h"

namespace daozhang::api {

struct CheckedTarget {
  std::string canonical;  // Canonical JSON object, normalized, in the product's order.
  std::string display;    // JSON array of {name, title, value}, what the confirm page repeats.
};

// `target` must be a JSON object. Refuses with every wrong field: unknown_field, missing_field,
// wrong_type, and by kind not_mobile, wrong_region, …, bad_form, too_short, too_long, not_offered.
base::Result<CheckedTarget, std::vector<FieldProblem>> check_target(const domain::Product& product,
                                                                    const json::Value& target,
                                                                    Language language);

}  // namespace daozhang::api
