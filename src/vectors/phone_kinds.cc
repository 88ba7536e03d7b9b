#include <array>

#include "text/phone.h"
#include "vectors/family.h"

namespace daozhang::vectors {
namespace {

Difference as_expected(const json::Value& vector, std::string_view input) {
  const json::Value* expect = vector.find("expect");
  const auto valid = expect == nullptr ? std::nullopt : truth_of(*expect, "valid");
  if (!valid) return "the vector expects nothing";
  const auto number = text::parse_mobile(input, vector.text_of("region"));
  const std::string got = number ? number->e164 : std::string(base::name_of(number.error()));
  if (*valid) return differs(expect->text_of("e164"), got);
  if (!number) return std::nullopt;
  return differs("a refusal", got);
}

Difference mobile_example(const json::Value& vector) {
  return as_expected(vector, vector.text_of("national_number"));
}

Difference mobile_input(const json::Value& vector) {
  return as_expected(vector, vector.text_of("input"));
}

}  // namespace

std::span<const Kind> phone_kinds() {
  static constexpr auto kinds = std::to_array<Kind>({
      {"mobile-example", mobile_example},
      {"mobile-input", mobile_input},
  });
  return kinds;
}

}  // namespace daozhang::vectors
