#include "base/canonical_json.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <utility>

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

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::uint64_t each_byte(std::uint64_t byte) { return byte * 0x0101'0101'0101'0101; }

// Of eight bytes: the high bit of each that is below `limit`, which is at most 128. Exact up to the
// first such byte, counted from the lowest.
constexpr std::uint64_t bytes_below(std::uint64_t bytes, std::uint64_t limit) {
  return (bytes - each_byte(limit)) & ~bytes & each_byte(0x80);
}

constexpr std::uint64_t escaped_bytes(std::uint64_t bytes) {
  return bytes_below(bytes, 0x20) | bytes_below(bytes ^ each_byte('"'), 1) |
         bytes_below(bytes ^ each_byte('\\'), 1);
}

template <class Word>
Word load(const char* from) {
  Word word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// The number that eight characters write, if all are digits: pairs of neighbors become one number,
// then pairs of these, then the two that are left.
std::optional<std::int64_t> eight_digits(const char* text) {
  if constexpr (std::endian::native != std::endian::little) return std::nullopt;
  const auto bytes = load<std::uint64_t>(text);
  constexpr std::uint64_t high = each_byte(0xf0);
  if ((bytes & high) != each_byte(0x30) || ((bytes + each_byte(6)) & high) != each_byte(0x30))
    return std::nullopt;
  std::uint64_t value = (bytes & each_byte(0x0f)) * (1 + (10 << 8)) >> 8;
  value = (value & 0x00ff'00ff'00ff'00ff) * (1 + (100ULL << 16)) >> 16;
  value = (value & 0x0000'ffff'0000'ffff) * (1 + (10'000ULL << 32)) >> 32;
  return static_cast<std::int64_t>(value);
}

// How many characters stand before the first that is written with a backslash.
std::size_t plain_size(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if constexpr (std::endian::native == std::endian::little) {
    for (; end - at >= 8; at += 8) {
      const auto escaped = escaped_bytes(load<std::uint64_t>(at));
      if (escaped != 0)
        return static_cast<std::size_t>(at - text.data() + std::countr_zero(escaped) / 8);
    }
  }
  for (; at != end; ++at) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte < 0x20 || byte == '"' || byte == '\\') break;
  }
  return static_cast<std::size_t>(at - text.data());
}

// Whether no character is written with a backslash. The last word may overlap the one before.
bool is_plain(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (text.size() < sizeof(std::uint32_t)) return plain_size(text) == text.size();
  if (text.size() < sizeof(std::uint64_t)) {
    const std::uint64_t last = load<std::uint32_t>(end - sizeof(std::uint32_t));
    return escaped_bytes(last << 32 | load<std::uint32_t>(begin)) == 0;
  }
  std::uint64_t escaped = escaped_bytes(load<std::uint64_t>(end - sizeof(std::uint64_t)));
  for (const char* at = begin; end - at >= 8; at += 8)
    escaped |= escaped_bytes(load<std::uint64_t>(at));
  return escaped == 0;
}

}  // namespace

void CanonicalWriter::grow(std::size_t size) {
  constexpr std::size_t more_at_least = 256;
  text_.resize(std::max(text_.size() * 2, size_ + size + more_at_least));
}

std::string CanonicalWriter::take() {
  text_.resize(size_);
  std::string written = std::move(text_);
  *this = {};
  return written;
}

void CanonicalWriter::put(std::string_view text) {
  if (text.empty()) return;
  std::memcpy(room(text.size()), text.data(), text.size());
  size_ += text.size();
}

void CanonicalWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) put(',');
  first_ = false;
}

void CanonicalWriter::open(char bracket) {
  separate();
  put(bracket);
  first_ = true;
}

void CanonicalWriter::close(char bracket) {
  put(bracket);
  first_ = false;
}

void CanonicalWriter::key(std::string_view name) {
  separate();
  put_quoted(name);
  put(':');
  after_key_ = true;
}

void CanonicalWriter::value(std::string_view text) {
  separate();
  put_quoted(text);
}

void CanonicalWriter::put_quoted(std::string_view text) {
  if (!is_plain(text)) return put_escaped(text);
  char* to = room(text.size() + 2);
  *to++ = '"';
  to = std::copy(text.begin(), text.end(), to);
  *to = '"';
  size_ += text.size() + 2;
}

void CanonicalWriter::put_escaped(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  put('"');
  for (std::size_t i = plain_size(text); i < text.size(); i = plain_size(text)) {
    const auto byte = static_cast<unsigned char>(text[i]);
    put(text.substr(0, i));
    text.remove_prefix(i + 1);
    put('\\');
    if (byte >= 0x20) {
      put(static_cast<char>(byte));
    } else {
      put("u00");
      put(digits[byte >> 4]);
      put(digits[byte & 15]);
    }
  }
  put(text);
  put('"');
}

void CanonicalWriter::value(std::int64_t number) {
  separate();
  constexpr std::size_t size_max = 20;
  char* const begin = room(size_max);
  const auto [end, error] = std::to_chars(begin, begin + size_max, number);
  size_ += static_cast<std::size_t>(end - begin);
}

void CanonicalWriter::value(bool truth) {
  separate();
  put(truth ? "true" : "false");
}

bool CanonicalReader::open(char bracket) {
  first_ = true;
  return take(bracket);
}

bool CanonicalReader::take_separator() {
  if (!std::exchange(first_, false)) return take(',');
  return true;
}

std::optional<std::string_view> CanonicalReader::next_key() {
  if (!failed_ && is_next('}')) {
    ++at_;
    first_ = false;
    return std::nullopt;
  }
  if (!take_separator() || !take('"')) return std::nullopt;
  const std::string_view name = take_text();
  if (!take('"') || !take(':')) return std::nullopt;
  return name;
}

bool CanonicalReader::next_element() {
  if (failed_ || at_ == end_) return fail();
  if (*at_ == ']') {
    ++at_;
    first_ = false;
    return false;
  }
  return take_separator();
}

std::string_view CanonicalReader::text_view() {
  if (!take('"')) return {};
  const std::string_view result = take_text();
  return take('"') ? result : std::string_view();
}

std::string_view CanonicalReader::take_plain() {
  const char* const begin = at_;
  at_ += plain_size({at_, end_});
  return {begin, at_};
}

std::string_view CanonicalReader::take_escaped(std::string_view plain) {
  escaped_.assign(plain);
  while (!failed_ && is_next('\\')) {
    ++at_;
    const auto meant = escaped();
    if (!meant) return {};
    escaped_ += *meant;
    escaped_ += take_plain();
  }
  return escaped_;
}

std::optional<char> CanonicalReader::escaped() {
  if (is_next('"') || is_next('\\')) return *at_++;
  const std::string_view escape = std::string_view(at_, end_).substr(0, 5);  // u001f
  const auto code = escape.starts_with("u00") ? lower_hex(escape.substr(3)) : std::nullopt;
  if (!code || *code >= 0x20) {
    fail();
    return std::nullopt;
  }
  at_ += escape.size();
  return static_cast<char>(*code);
}

std::int64_t CanonicalReader::number() {
  constexpr std::ptrdiff_t digits_that_fit = 18;
  const bool is_negative = is_next('-');
  const char* const digits = at_ + (is_negative ? 1 : 0);
  const char* at = digits;
  std::int64_t value = 0;
  for (; end_ - at >= 8 && at - digits <= digits_that_fit - 8; at += 8) {
    const auto eight = eight_digits(at);
    if (!eight) break;
    value = value * 100'000'000 + *eight;
  }
  for (; at != end_ && is_digit(*at) && at - digits < digits_that_fit; ++at)
    value = value * 10 + (*at - '0');
  if (is_negative) value = -value;
  bool is_number = at != digits;
  if (at != end_ && is_digit(*at)) {
    const auto [last, error] = std::from_chars(at_, end_, value);
    is_number = error == std::errc{};
    at = last;
  }
  // No leading zero and no minus before zero: the writer puts none there.
  const bool padded = is_number && *digits == '0' && at - at_ > 1;
  if (failed_ || !is_number || padded) {
    fail();
    return 0;
  }
  at_ = at;
  return value;
}

bool CanonicalReader::truth() {
  const std::string_view rest(at_, end_);
  if (!failed_ && rest.starts_with("true")) {
    at_ += 4;
    return true;
  }
  if (failed_ || !rest.starts_with("false")) return fail();
  at_ += 5;
  return false;
}

void CanonicalReader::skip(std::size_t depth_left) {
  const bool is_bracket = is_next('{') || is_next('[');
  if (failed_ || at_ == end_ || (is_bracket && depth_left == 0)) {
    fail();
    return;
  }
  switch (*at_) {
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
