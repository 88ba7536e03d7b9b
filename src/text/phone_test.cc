#include "text/phone.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

namespace daozhang::text {
namespace {

PhoneRefusal refusal(std::string_view input, std::string_view region = "CN") {
  const auto parsed = parse_mobile(input, region);
  EXPECT_FALSE(parsed) << input << " was taken";
  return parsed ? PhoneRefusal::unknown_region : parsed.error();
}

TEST(Phone, OneNumberHasOneFormHoweverItIsTyped) {
  for (const char* input :
       {"13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "+86 138 1234 5678",
        "008613812345678", " 13812345678 ", "(+86)13812345678", "１３８１２３４５６７８",
        "＋８６ １３８１２３４５６７８", "\u00A013812345678\u3000"}) {
    const auto parsed = parse_mobile(input, "CN");
    ASSERT_TRUE(parsed) << input << ": " << base::name_of(parsed.error());
    EXPECT_EQ(parsed->e164, "+8613812345678") << input;
  }
}

TEST(Phone, FormsForTheConfirmPageTheLogAndTheSupplier) {
  const auto parsed = parse_mobile("+8613812345678", "CN");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->national, "138 1234 5678");
  EXPECT_EQ(parsed->national_digits, "13812345678");
  EXPECT_EQ(parsed->masked, "138****5678");
}

TEST(Phone, OtherRegionsHaveTheirOwnPlan) {
  for (const auto& [input, region, e164] : {std::tuple{"0803 123 4567", "NG", "+2348031234567"},
                                            std::tuple{"(201) 555-0123", "US", "+12015550123"},
                                            std::tuple{"5123 4567", "HK", "+85251234567"},
                                            std::tuple{"98765 43210", "IN", "+919876543210"}}) {
    const auto parsed = parse_mobile(input, region);
    ASSERT_TRUE(parsed) << input << ": " << base::name_of(parsed.error());
    EXPECT_EQ(parsed->e164, e164);
  }
}

TEST(Phone, WhatIsNoNumberIsRefusedAsSuch) {
  for (const char* input :
       {"", "   ", "abc", "1381234567x", "13812345678 ext 5", "tel:13812345678", "+", "+86",
        "13812345678;phone-context=+44", "138\n12345678", "13812345678,13812345679", "\xFF\xFE",
        "+99912345678", "一三八一二三四五六七八"}) {
    EXPECT_EQ(refusal(input), PhoneRefusal::not_a_number) << input;
  }
  EXPECT_EQ(refusal(std::string_view("138\0"
                                     "12345678",
                                     12)),
            PhoneRefusal::not_a_number);
}

TEST(Phone, EveryOtherRefusalHasItsName) {
  EXPECT_EQ(refusal("13812345678", "XX"), PhoneRefusal::unknown_region);
  EXPECT_EQ(refusal("13812345678", "cn"), PhoneRefusal::unknown_region);
  EXPECT_EQ(refusal("13812345678", ""), PhoneRefusal::unknown_region);
  EXPECT_EQ(refusal("138123"), PhoneRefusal::too_short);
  EXPECT_EQ(refusal("138123456789"), PhoneRefusal::too_long);
  EXPECT_EQ(refusal(std::string(300, '1')), PhoneRefusal::too_long);
  EXPECT_EQ(refusal("+85251234567"), PhoneRefusal::wrong_region);
  EXPECT_EQ(refusal("+442079460958"), PhoneRefusal::wrong_region);
  EXPECT_EQ(refusal("12812345678"), PhoneRefusal::not_in_plan);
  EXPECT_EQ(refusal("010 6552 9988"), PhoneRefusal::not_mobile);
  EXPECT_EQ(refusal("800 810 8888"), PhoneRefusal::not_mobile);
  EXPECT_EQ(base::name_of(PhoneRefusal::not_in_plan), "not_in_plan");
}

TEST(Phone, MaskHidesTheMiddleOfAnyLength) {
  EXPECT_EQ(masked_digits("13812341234"), "138****1234");
  EXPECT_EQ(masked_digits("2015550123"), "201***0123");
  EXPECT_EQ(masked_digits("51234567"), "51****67");
  EXPECT_EQ(masked_digits("40123"), "4***3");
  EXPECT_EQ(masked_digits("123"), "***");
  EXPECT_EQ(masked_digits(""), "");
}

// Numbering plans that changed after Debian's metadata (libphonenumber 8.12.57, October 2022):
// Benin went from 8 to 10 digits in November 2024.
const std::set<std::string> known_differences = {"mobile-BJ"};

std::filesystem::path phone_vectors() {
  const char* directory = std::getenv("DAOZHANG_VECTORS");
  return std::filesystem::path(directory != nullptr ? directory : "../shared/vectors") /
         "phone.json";
}

void check_vector(const boost::json::object& vector) {
  const std::string id(vector.at("id").as_string());
  const bool is_example = vector.at("kind").as_string() == "mobile-example";
  ASSERT_TRUE(is_example || vector.at("kind").as_string() == "mobile-input") << id;
  const std::string_view input = vector.at(is_example ? "national_number" : "input").as_string();
  const auto parsed = parse_mobile(input, std::string_view(vector.at("region").as_string()));
  const auto& expect = vector.at("expect").as_object();
  const bool as_expected = parsed.has_value() == expect.at("valid").as_bool() &&
                           (!parsed || parsed->e164 == expect.at("e164").as_string());
  EXPECT_NE(as_expected, known_differences.contains(id))
      << id << ": " << (parsed ? parsed->e164 : std::string(base::name_of(parsed.error())));
}

TEST(Phone, VectorsPassButForTheListedDifferences) {
  std::ifstream file(phone_vectors());
  if (!file) GTEST_SKIP() << "skipped: no " << phone_vectors();
  std::stringstream text;
  text << file.rdbuf();
  const auto document = boost::json::parse(text.str());
  const auto& vectors = document.at("vectors").as_array();
  EXPECT_FALSE(vectors.empty());
  for (const auto& vector : vectors) check_vector(vector.as_object());
}

}  // namespace
}  // namespace daozhang::text
