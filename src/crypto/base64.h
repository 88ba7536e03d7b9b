// Base64 (RFC 4648 section 4: with padding, one line). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace daozhang::crypto {

std::string to_base64(std::string_view bytes);
// Strict: nothing for a foreign character, white space, missing padding or padding bits that are
// not zero, so that every byte string has exactly one spelling.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace daozhang::crypto
