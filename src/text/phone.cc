#include "text/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "text/utf8.h"

namespace daozhang::text {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// Longer input is no number in any plan; libphonenumber would look at up to 250 characters.
constexpr std::size_t input_length_max = 64;

const PhoneNumberUtil& plans() { return *PhoneNumberUtil::GetInstance(); }

// libphonenumber also reads letters ("1800 FLOWERS"), extensions and `tel:` forms and forgives what
// follows the number; a top-up goes to exactly what was typed or nowhere.
bool has_number_characters_only(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view one = first_code_points(text.substr(at), 1);
    at += one.size();
    if (one.size() == 1) {
      if (std::string_view("0123456789+-.() ").find(one.front()) == std::string_view::npos) {
        return false;
      }
    } else if (const bool full_width_digit = one >= "０" && one <= "９";
               !full_width_digit && one != "＋" && one != "－" && one != "（" && one != "）" &&
               one != "\u3000" && one != "\u00A0" && one != "\u2010" && one != "\u2011" &&
               one != "\u2012" && one != "\u2013") {
      return false;
    }
  }
  return true;
}

PhoneRefusal refusal_of(PhoneNumberUtil::ErrorType error) {
  switch (error) {
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
      return PhoneRefusal::too_short;
    case PhoneNumberUtil::TOO_LONG_NSN:
      return PhoneRefusal::too_long;
    case PhoneNumberUtil::NO_PARSING_ERROR:
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
    case PhoneNumberUtil::NOT_A_NUMBER:
      return PhoneRefusal::not_a_number;
  }
  UNREACHABLE();
}

// Against the lengths of mobile numbers: a landline may be longer or shorter.
PhoneRefusal refusal_of_length(const PhoneNumber& number) {
  switch (plans().IsPossibleNumberForTypeWithReason(number, PhoneNumberUtil::MOBILE)) {
    case PhoneNumberUtil::TOO_SHORT:
      return PhoneRefusal::too_short;
    case PhoneNumberUtil::TOO_LONG:
      return PhoneRefusal::too_long;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE:
      return PhoneRefusal::not_a_number;
    case PhoneNumberUtil::IS_POSSIBLE:
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
    case PhoneNumberUtil::INVALID_LENGTH:
      return PhoneRefusal::not_in_plan;
  }
  UNREACHABLE();
}

bool is_mobile(const PhoneNumber& number) {
  const auto type = plans().GetNumberType(number);
  return type == PhoneNumberUtil::MOBILE || type == PhoneNumberUtil::FIXED_LINE_OR_MOBILE;
}

MobileNumber presented(const PhoneNumber& number) {
  MobileNumber mobile;
  plans().Format(number, PhoneNumberUtil::E164, &mobile.e164);
  plans().Format(number, PhoneNumberUtil::NATIONAL, &mobile.national);
  plans().GetNationalSignificantNumber(number, &mobile.national_digits);
  mobile.masked = masked_digits(mobile.national_digits);
  return mobile;
}

}  // namespace

base::Result<MobileNumber, PhoneRefusal> parse_mobile(std::string_view input,
                                                      std::string_view region) {
  const std::string region_code(region);
  const int country = plans().GetCountryCodeForRegion(region_code);
  if (country == 0) return base::refuse(PhoneRefusal::unknown_region);
  const std::string_view text = trimmed(input);
  if (text.empty() || !is_valid_utf8(text) || !has_number_characters_only(text)) {
    return base::refuse(PhoneRefusal::not_a_number);
  }
  if (text.size() > input_length_max) return base::refuse(PhoneRefusal::too_long);
  PhoneNumber number;
  const auto error = plans().Parse(std::string(text), region_code, &number);
  if (error != PhoneNumberUtil::NO_PARSING_ERROR) return base::refuse(refusal_of(error));
  if (!plans().IsValidNumberForRegion(number, region_code)) {
    const bool valid_elsewhere = plans().IsValidNumber(number);
    if (valid_elsewhere || number.country_code() != country) {
      return base::refuse(PhoneRefusal::wrong_region);
    }
    return base::refuse(refusal_of_length(number));
  }
  if (!is_mobile(number)) return base::refuse(PhoneRefusal::not_mobile);
  return presented(number);
}

std::string masked_digits(std::string_view digits) {
  std::size_t head = 1;
  std::size_t tail = 1;
  if (digits.size() >= 10) {
    head = 3;
    tail = 4;
  } else if (digits.size() >= 8) {
    head = tail = 2;
  } else if (digits.size() < 4) {
    head = tail = 0;
  }
  std::string masked(digits);
  std::fill(masked.begin() + static_cast<std::ptrdiff_t>(head),
            masked.end() - static_cast<std::ptrdiff_t>(tail), '*');
  return masked;
}

}  // namespace daozhang::text
