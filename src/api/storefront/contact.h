// Where a buyer can be reached, and by which an order is found again.
#pragma once

#include <string>
#include <vector>

#include "api/problem.h"
#include "base/result.h"
#include "json/value.h"

namespace daozhang::api {

// In the one form in which it is stored and compared. Either may be empty.
struct Contact {
  std::string email;
  std::string phone;  // E.164.
};

// `value` must be a JSON object. Refuses with every wrong field, as a path below `contact`.
base::Result<Contact, std::vector<FieldProblem>> read_contact(const json::Value& value);

}  // namespace daozhang::api
