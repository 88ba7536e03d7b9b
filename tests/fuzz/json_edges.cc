// Depth and numbers at their limits: the document is built from the input, so that what must come
// of it is known.
#include <string>

#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

constexpr std::size_t digit_count_max = 24;  // An int64 has 19.

struct Number {
  std::string text;
  bool is_whole = true;
  bool fits = true;  // In int64.
  std::int64_t value = 0;
};

// The same sum in wider arithmetic.
void add_digits(Number& number, bool is_negative, std::string_view digits) {
  __extension__ using Wide = __int128;
  Wide sum = 0;
  for (const char c : digits) sum = sum * 10 + (c - '0');
  if (is_negative) sum = -sum;
  number.fits = sum >= INT64_MIN && sum <= INT64_MAX;
  if (number.fits) number.value = static_cast<std::int64_t>(sum);
}

Number number_of(Input& input) {
  static constexpr std::string_view suffixes[] = {"", ".0", ".5", "e1", "E-3", "e+0", "", ""};
  static constexpr std::string_view edges[] = {"9223372036854775807", "9223372036854775808",
                                               "9223372036854775809", "18446744073709551615", "0"};
  const bool is_negative = input.choice(2) == 1;
  const std::string_view suffix = suffixes[input.choice(std::size(suffixes))];
  std::string digits;
  const std::size_t edge = input.choice(10);
  if (edge < std::size(edges)) {
    digits = edges[edge];
  } else {
    const std::size_t count = 1 + input.choice(digit_count_max);
    digits += static_cast<char>('1' + input.choice(9));
    while (digits.size() < count) digits += static_cast<char>('0' + input.choice(10));
  }
  Number number;
  number.is_whole = suffix.empty();
  add_digits(number, is_negative, digits);
  number.text = (is_negative ? "-" : "") + digits + std::string(suffix);
  return number;
}

// The number inside `depth` arrays and objects.
std::string nested(const Number& number, std::size_t depth, std::uint8_t kinds) {
  std::string text;
  std::string closing;
  for (std::size_t i = 0; i < depth; ++i) {
    const bool is_array = (kinds >> (i % 8) & 1) == 0;
    text += is_array ? "[" : "{\"a\":";
    closing.insert(closing.begin(), is_array ? ']' : '}');
  }
  return text + number.text + closing;
}

const json::Value& innermost(const json::Value& value) {
  if (const auto* array = value.array()) return innermost(array->front());
  if (const auto* object = value.object()) return innermost(object->front().value);
  return value;
}

}  // namespace

void json_edges(std::string_view bytes) {
  Input input(bytes);
  const std::size_t depth = input.byte() % (json::depth_max + 8);
  const std::uint8_t kinds = input.byte();
  const Number number = number_of(input);
  const std::string text = nested(number, depth, kinds);
  const auto strict = json::read(text);
  const auto any = json::read(text, json::Numbers::as_text);
  if (depth > json::depth_max) {
    CHECK(!strict && strict.error().refusal == json::ReadRefusal::too_deep);
    CHECK(!any && any.error().refusal == json::ReadRefusal::too_deep);
    return;
  }
  CHECK(any.has_value());
  const json::Value& read = innermost(*any);
  if (number.is_whole && number.fits) {
    CHECK(strict.has_value());
    CHECK(*innermost(*strict).integer() == number.value);
    CHECK(*read.integer() == number.value);
    return;
  }
  CHECK(read.number() != nullptr && read.number()->text == number.text);
  CHECK(!strict &&
        strict.error().refusal == (number.is_whole ? json::ReadRefusal::number_out_of_range
                                                   : json::ReadRefusal::fraction));
}

}  // namespace daozhang::fuzz
