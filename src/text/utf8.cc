#include "text/utf8.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace daozhang::text {
namespace {

// ICU counts in int32; longer input is looked at in a 64-bit loop of our own, which its macros
// allow.
struct Step {
  std::size_t begin = 0;
  std::size_t end = 0;
  UChar32 code_point = 0;  // Negative if the sequence is invalid.
};

Step next(std::string_view utf8, std::size_t at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  std::size_t position = at;
  const std::size_t size = utf8.size();
  UChar32 code_point = 0;
  U8_NEXT(bytes, position, size, code_point);
  return {at, position, code_point};
}

bool changes_direction(UChar32 c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
         c == 0x200F || c == 0x061C;
}

bool is_control(UChar32 c) {
  const auto kind = u_charType(c);
  return kind == U_CONTROL_CHAR || kind == U_LINE_SEPARATOR || kind == U_PARAGRAPH_SEPARATOR ||
         changes_direction(c);
}

bool is_blank(UChar32 c) { return c >= 0 && (u_isUWhiteSpace(c) != 0 || c == 0xFEFF); }

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const Step step = next(bytes, at);
    if (step.code_point < 0) return step.begin;
    at = step.end;
  }
  return std::nullopt;
}

bool is_valid_utf8(std::string_view bytes) { return !first_invalid_utf8(bytes).has_value(); }

std::size_t complete_utf8_prefix(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  // Signed: the macro subtracts before it compares, and an unsigned one would read before the text.
  auto length = static_cast<std::ptrdiff_t>(bytes.size());
  U8_TRUNCATE_IF_INCOMPLETE(data, 0, length);
  return static_cast<std::size_t>(length);
}

std::size_t count_code_points(std::string_view utf8) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < utf8.size(); at = next(utf8, at).end) ++count;
  return count;
}

std::string_view first_code_points(std::string_view utf8, std::size_t count) {
  std::size_t at = 0;
  for (; at < utf8.size() && count > 0; --count) at = next(utf8, at).end;
  return utf8.substr(0, at);
}

std::optional<std::size_t> first_control_character(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const Step step = next(utf8, at);
    if (step.code_point >= 0 && is_control(step.code_point)) return step.begin;
    at = step.end;
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view utf8) {
  std::size_t begin = utf8.size();
  std::size_t end = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const Step step = next(utf8, at);
    at = step.end;
    if (is_blank(step.code_point)) continue;
    if (begin > step.begin) begin = step.begin;
    end = step.end;
  }
  return end == 0 ? std::string_view{} : utf8.substr(begin, end - begin);
}

}  // namespace daozhang::text
