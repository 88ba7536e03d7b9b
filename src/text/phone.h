// Mobile numbers as buyers type them, for top-ups and contacts: with or without country code,
// blanks, hyphens, brackets, full-width digits. The numbering plans are libphonenumber's (Debian's
// metadata; a plan changed after that release is not known). Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/result.h"

namespace daozhang::text {

enum class PhoneRefusal {
  unknown_region,  // Not a two-letter region in capitals that has a numbering plan.
  not_a_number,    // A character no number has, or not even the shape of a number.
  too_short,
  too_long,
  wrong_region,  // A valid number of another region.
  not_in_plan,   // The length fits, but the region gave out no such number.
  not_mobile,    // A landline, service or pager number.
};

constexpr auto names_of(std::type_identity<PhoneRefusal>) {
  return base::words("unknown_region", "not_a_number", "too_short", "too_long", "wrong_region",
                     "not_in_plan", "not_mobile");
}

struct MobileNumber {
  std::string e164;             // "+8613812345678": what is stored and compared.
  std::string national;         // "138 1234 5678": what the confirm page repeats back.
  std::string masked;           // "138****5678": for pages and logs.
  std::string national_digits;  // "13812345678": what suppliers in the region take.
};

// `region` is ISO 3166-1 alpha-2, for example "CN". In a region whose plan does not tell mobile
// from fixed numbers (the United States), both are taken. The rungs are tried in the enumerators'
// order.
[[nodiscard]] base::Result<MobileNumber, PhoneRefusal> parse_mobile(std::string_view input,
                                                                    std::string_view region);

// The digits with the middle hidden, the same number of characters as before; 11 digits keep 3 at
// the front and 4 at the end, shorter ones less.
[[nodiscard]] std::string masked_digits(std::string_view digits);

}  // namespace daozhang::text
