// Mobile numbers. The first line is the region, the rest what the buyer typed. A number that is
// taken is taken again in each of the ways in which it is shown.
#include "text/phone.h"

#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

void text_phone(std::string_view bytes) {
  Input input(bytes);
  const std::string_view region = input.line();
  const std::string_view typed = input.rest();
  const std::string masked = text::masked_digits(typed);
  CHECK(masked.size() == typed.size());

  const auto number = text::parse_mobile(typed, region);
  if (!number) return;
  CHECK(number->e164.starts_with('+') && number->e164.size() <= 16);
  CHECK(number->e164.find_first_not_of("0123456789", 1) == std::string::npos);
  CHECK(number->e164.ends_with(number->national_digits));
  CHECK(number->masked == text::masked_digits(number->national_digits));
  CHECK(number->masked != number->national_digits);
  for (const std::string& shown : {number->e164, number->national}) {
    const auto again = text::parse_mobile(shown, region);
    CHECK(again && again->e164 == number->e164);
  }
}

}  // namespace daozhang::fuzz
