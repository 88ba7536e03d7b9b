#include "api/target.h"

#include <algorithm>
#include <regex>

#include "base/canonical_json.h"
#include "json/writer.h"
#include "text/phone.h"
#include "text/utf8.h"

namespace daozhang::api {
namespace {

using domain::TargetField;
using domain::TargetFieldKind;

struct Checked {
  std::string value;    // Normalized.
  std::string shown;    // In the buyer's language.
  std::string problem;  // Empty if it is right.
};

Checked wrong(std::string_view code) { return {"", "", std::string(code)}; }

Checked check_phone(const TargetField& field, std::string_view input) {
  const auto number = text::parse_mobile(input, field.phone_region);
  if (!number) return wrong(base::name_of(number.error()));
  return {number->e164, number->national, ""};
}

Checked check_account(const TargetField& field, std::string_view input) {
  const auto value = text::trimmed(input);
  if (text::first_control_character(value)) return wrong("bad_form");
  const auto length = static_cast<std::int32_t>(text::count_code_points(value));
  if (length < field.length_min) return wrong("too_short");
  if (length > field.length_max) return wrong("too_long");
  // The length is bounded above, so the expression's cost is too.
  const std::string owned(value);
  if (!field.pattern.empty() && !std::regex_match(owned, std::regex(field.pattern)))
    return wrong("bad_form");
  return {owned, owned, ""};
}

Checked check_choice(const domain::Product& product, const TargetField& field,
                     std::string_view input, const json::Value& target, Language language) {
  std::string_view condition;
  for (const auto& other : product.target)
    if (other.name == field.depends_on) condition = target.text_of(other.name);
  for (const auto& option : field.options)
    if (option.value == input && (field.depends_on.empty() || option.only_if == condition))
      return {option.value, language == Language::zh ? option.label_zh : option.label_en, ""};
  return wrong("not_offered");
}

Checked check_field(const domain::Product& product, const TargetField& field,
                    const json::Value& target, Language language) {
  const json::Value* member = target.find(field.name);
  if (member == nullptr) return wrong("missing_field");
  if (member->text() == nullptr) return wrong("wrong_type");
  switch (field.kind) {
    case TargetFieldKind::phone:
      return check_phone(field, *member->text());
    case TargetFieldKind::account:
      return check_account(field, *member->text());
    case TargetFieldKind::choice:
      return check_choice(product, field, *member->text(), target, language);
  }
  UNREACHABLE();
}

}  // namespace

base::Result<CheckedTarget, std::vector<FieldProblem>> check_target(const domain::Product& product,
                                                                    const json::Value& target,
                                                                    Language language) {
  std::vector<FieldProblem> problems;
  if (const auto* members = target.object())
    for (const auto& member : *members)
      if (std::none_of(product.target.begin(), product.target.end(),
                       [&](const TargetField& field) { return field.name == member.name; }))
        problems.push_back({"target." + member.name, "unknown_field"});
  CheckedTarget checked;
  base::CanonicalWriter canonical;
  json::Writer display(checked.display);
  canonical.open_object();
  display.begin_array();
  for (const auto& field : product.target) {
    Checked result = check_field(product, field, target, language);
    if (!result.problem.empty()) {
      problems.push_back({"target." + field.name, std::move(result.problem)});
      continue;
    }
    canonical.key(field.name);
    canonical.value(std::string_view(result.value));
    display.begin_object()
        .member("name", field.name)
        .member("title", language == Language::zh ? field.title_zh : field.title_en)
        .member("value", result.shown)
        .end_object();
  }
  canonical.close_object();
  display.end_array();
  if (!problems.empty()) return base::refuse(std::move(problems));
  checked.canonical = canonical.take();
  return checked;
}

}  // namespace daozhang::api
