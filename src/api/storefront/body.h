// Reading a JSON body strictly: one reader, named problems, nothing half understood (SETTLED 28).
#pragma once

#include <optional>

#include "api/language.h"
#include "api/problem.h"
#include "base/result.h"
#include "json/fields.h"
#include "json/reader.h"
#include "net/http_message.h"

namespace daozhang::api {

Language language_of(const net::Request& request);

// The document, or the 4xx problem that says what is wrong with it.
base::Result<json::Value, net::Response> read_body(const net::Request& request, Language language);

// The problem for the first wrong field; nothing if all are right.
std::optional<net::Response> field_problem(const json::Fields& fields, Language language);

}  // namespace daozhang::api
