#include "base/hex.h"

#include <array>
#include <cstring>

namespace daozhang::base {
namespace {

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What each byte is written as.
constexpr auto pairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> made{};
  for (std::size_t byte = 0; byte < made.size(); ++byte)
    made[byte] = {digits[byte >> 4], digits[byte & 15]};
  return made;
}();

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.resize(bytes.size() * 2);
  char* to = text.data();
  for (const char c : bytes) {
    std::memcpy(to, pairs[static_cast<unsigned char>(c)].data(), 2);
    to += 2;
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = nibble(text[i]);
    const int low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

}  // namespace daozhang::base
