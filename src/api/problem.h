// Refusals as RFC 9457 problems: the name for programs, a sentence in the buyer's language that
// says what to do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/language.h"
#include "engine/refusal.h"
#include "net/http_message.h"

namespace daozhang::api {

struct FieldProblem {
  std::string field;  // A path, such as `target.phone`.
  std::string code;
};

// `code` must have a sentence in problem.cc; one without is shown by its name only.
net::Response problem(int status, std::string_view code, Language language,
                      const std::vector<FieldProblem>& fields = {});

// What the engine refused.
net::Response problem_of(engine::Refusal refusal, Language language);

// The one answer for a wrong code, a missing order and another's order.
net::Response order_not_found(Language language);

}  // namespace daozhang::api
