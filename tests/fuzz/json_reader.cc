// The strict JSON reader: what it takes is well formed and written again it is the same document.
#include "json/reader.h"

#include <set>

#include "json/utf8.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/json_text.h"

namespace daozhang::fuzz {
namespace {

void check_text(std::string_view text) {
  CHECK(json::is_utf8(text));
  CHECK(text.find('\0') == std::string_view::npos);
}

void check_shape(const json::Value& value, std::size_t depth) {
  if (const auto* text = value.text()) check_text(*text);
  if (const auto* number = value.number()) {
    CHECK(number->text.find_first_not_of("0123456789+-.eE") == std::string::npos);
  }
  if (value.array() != nullptr || value.object() != nullptr) CHECK(depth < json::depth_max);
  if (const auto* array = value.array()) {
    for (const json::Value& element : *array) check_shape(element, depth + 1);
  }
  if (const auto* object = value.object()) {
    std::set<std::string_view> names;
    for (const json::Member& member : *object) {
      CHECK(names.insert(member.name).second);
      check_text(member.name);
      check_shape(member.value, depth + 1);
    }
  }
}

}  // namespace

void json_reader(std::string_view bytes) {
  const auto strict = json::read(bytes);
  const auto any = json::read(bytes, json::Numbers::as_text);
  if (!any) {
    CHECK(!strict);
    CHECK(any.error().position <= bytes.size());
    CHECK(any.error().refusal != json::ReadRefusal::fraction);
    CHECK(any.error().refusal != json::ReadRefusal::number_out_of_range);
    return;
  }
  CHECK(json::is_utf8(bytes));
  check_shape(*any, 0);
  const std::string text = json_text(*any);
  const auto again = json::read(text, json::Numbers::as_text);
  CHECK(again.has_value());
  CHECK(json_text(*again) == text);
  if (strict) {
    CHECK(json_text(*strict) == text);
  } else {
    CHECK(strict.error().refusal == json::ReadRefusal::fraction ||
          strict.error().refusal == json::ReadRefusal::number_out_of_range);
  }
}

}  // namespace daozhang::fuzz
