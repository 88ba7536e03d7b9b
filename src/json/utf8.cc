#include "json/utf8.h"

namespace daozhang::json {
namespace {

bool within(std::string_view bytes, std::size_t at, unsigned char low, unsigned char high) {
  if (at >= bytes.size()) return false;
  const auto byte = static_cast<unsigned char>(bytes[at]);
  return byte >= low && byte <= high;
}

bool continues(std::string_view bytes, std::size_t at) { return within(bytes, at, 0x80, 0xbf); }

}  // namespace

std::size_t utf8_length_at(std::string_view bytes, std::size_t at) {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return continues(bytes, at + 1) ? 2 : 0;
  if (lead < 0xf0) {
    // No overlong forms, no surrogates.
    const unsigned char low = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned char high = lead == 0xed ? 0x9f : 0xbf;
    return within(bytes, at + 1, low, high) && continues(bytes, at + 2) ? 3 : 0;
  }
  const unsigned char low = lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xf4 ? 0x8f : 0xbf;
  return within(bytes, at + 1, low, high) && continues(bytes, at + 2) && continues(bytes, at + 3)
             ? 4
             : 0;
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length_at(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace daozhang::json
