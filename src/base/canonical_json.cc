#include "base/canonical_json.h"

#include <charconv>
#include <cstring>

namespace daozhang::base {
namespace {

// Two digits as the writer puts them.
std::optional<unsigned> lower_hex(std::string_view two) {
  unsigned code = 0;
  const auto [end, error] = std::from_chars(two.data(), two.data() + two.size(), code, 16);
  const bool is_whole = two.size() == 2 && error == std::errc{} && end == two.data() + 2;
  if (!is_whole || two.find_first_of("ABCDEF") != std::string_view::npos) return std::nullopt;
  return code;
}

constexpr std::uint64_t each_byte(std::uint64_t byte) { return byte * 0x0101'0101'0101'0101; }

// Whether one of eight bytes is below `limit`, which is at most 128; exact.
constexpr bool has_byte_below(std::uint64_t bytes, std::uint64_t limit) {
  return ((bytes - each_byte(limit)) & ~bytes & each_byte(0x80)) != 0;
}

constexpr bool has_escaped(std::uint64_t bytes) {
  return has_byte_below(bytes, 0x20) || has_byte_below(bytes ^ each_byte('"'), 1) ||
         has_byte_below(bytes ^ each_byte('\\'), 1);
}

// How many characters stand before the first that is written with a backslash.
std::size_t plain_size(std::string_view text) {
  std::size_t size = 0;
  for (std::uint64_t bytes = 0; text.size() - size >= sizeof bytes; size += sizeof bytes) {
    std::memcpy(&bytes, text.data() + size, sizeof bytes);
    if (has_escaped(bytes)) break;
  }
  while (size < text.size()) {
    const auto byte = static_cast<unsigned char>(text[size]);
    if (byte < 0x20 || byte == '"' || byte == '\\') break;
    ++size;
  }
  return size;
}

}  // namespace

void CanonicalWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) text_ += ',';
  first_ = false;
}

void CanonicalWriter::open(char bracket) {
  separate();
  text_ += bracket;
  first_ = true;
}

void CanonicalWriter::close(char bracket) {
  text_ += bracket;
  first_ = false;
}

void CanonicalWriter::key(std::string_view name) {
  value(name);
  text_ += ':';
  after_key_ = true;
}

void CanonicalWriter::value(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  separate();
  text_ += '"';
  for (std::size_t i = plain_size(text); i < text.size(); i = plain_size(text)) {
    const auto byte = static_cast<unsigned char>(text[i]);
    text_.append(text, 0, i);
    text.remove_prefix(i + 1);
    text_ += '\\';
    if (byte >= 0x20) {
      text_ += static_cast<char>(byte);
    } else {
      text_ += "u00";
      text_ += digits[byte >> 4];
      text_ += digits[byte & 15];
    }
  }
  text_ += text;
  text_ += '"';
}

void CanonicalWriter::value(std::int64_t number) {
  separate();
  char buffer[24];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  text_.append(buffer, end);
}

void CanonicalWriter::value(bool truth) {
  separate();
  text_ += truth ? "true" : "false";
}

bool CanonicalReader::take(char expected) {
  if (failed_ || rest_.empty() || rest_.front() != expected) {
    fail();
    return false;
  }
  rest_.remove_prefix(1);
  return true;
}

bool CanonicalReader::open(char bracket) {
  first_ = true;
  return take(bracket);
}

std::optional<std::string_view> CanonicalReader::next_key() {
  if (failed_ || rest_.empty()) {
    fail();
    return std::nullopt;
  }
  if (rest_.front() == '}') {
    rest_.remove_prefix(1);
    first_ = false;
    return std::nullopt;
  }
  if (!first_ && !take(',')) return std::nullopt;
  first_ = false;
  if (!take('"')) return std::nullopt;
  const std::string_view name = take_text();
  if (!take('"') || !take(':')) return std::nullopt;
  return name;
}

bool CanonicalReader::next_element() {
  if (failed_ || rest_.empty()) {
    fail();
    return false;
  }
  if (rest_.front() == ']') {
    rest_.remove_prefix(1);
    first_ = false;
    return false;
  }
  if (!first_ && !take(',')) return false;
  first_ = false;
  return true;
}

std::string_view CanonicalReader::text_view() {
  if (!take('"')) return {};
  const std::string_view result = take_text();
  take('"');
  return result;
}

std::string_view CanonicalReader::take_plain() {
  const auto plain = rest_.substr(0, plain_size(rest_));
  rest_.remove_prefix(plain.size());
  return plain;
}

std::string_view CanonicalReader::take_text() {
  const auto plain = take_plain();
  if (rest_.starts_with('"')) return plain;
  escaped_.assign(plain);
  while (!failed_ && rest_.starts_with('\\')) {
    rest_.remove_prefix(1);
    const auto meant = escaped();
    if (!meant) return {};
    escaped_ += *meant;
    escaped_ += take_plain();
  }
  return escaped_;
}

std::optional<char> CanonicalReader::escaped() {
  if (rest_.starts_with('"') || rest_.starts_with('\\')) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  const std::string_view escape = rest_.substr(0, 5);  // u001f
  const auto code = escape.starts_with("u00") ? lower_hex(escape.substr(3)) : std::nullopt;
  if (!code || *code >= 0x20) {
    fail();
    return std::nullopt;
  }
  rest_.remove_prefix(escape.size());
  return static_cast<char>(*code);
}

std::int64_t CanonicalReader::number() {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
  const auto size = static_cast<std::size_t>(end - rest_.data());
  // No leading zero and no minus before zero: the writer puts none there.
  const std::string_view digits = rest_.substr(rest_.starts_with('-') ? 1 : 0, size);
  const bool padded = digits.starts_with('0') && size > 1;
  if (failed_ || error != std::errc{} || padded) {
    fail();
    return 0;
  }
  rest_.remove_prefix(size);
  return value;
}

bool CanonicalReader::truth() {
  if (!failed_ && rest_.starts_with("true")) {
    rest_.remove_prefix(4);
    return true;
  }
  if (failed_ || !rest_.starts_with("false")) {
    fail();
    return false;
  }
  rest_.remove_prefix(5);
  return false;
}

void CanonicalReader::skip(std::size_t depth_left) {
  if (failed_ || rest_.empty()) return fail();
  const bool is_bracket = rest_.front() == '{' || rest_.front() == '[';
  if (is_bracket && depth_left == 0) return fail();
  switch (rest_.front()) {
    case '{':
      open_object();
      while (next_key()) skip(depth_left - 1);
      return;
    case '[':
      open_array();
      while (next_element()) skip(depth_left - 1);
      return;
    case '"':
      text_view();
      return;
    case 't':
    case 'f':
      truth();
      return;
    default:
      number();
      return;
  }
}

}  // namespace daozhang::base
