// Questions about UTF-8 text. Pure; any thread. Overlong forms, surrogates and code points above
// U+10FFFF are invalid, as the Unicode standard says.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace daozhang::text {

[[nodiscard]] bool is_valid_utf8(std::string_view bytes);

// The offset in bytes of the first invalid sequence; nothing if all is valid.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view bytes);

// The length in bytes without a sequence that is still incomplete at the end, for text in pieces.
[[nodiscard]] std::size_t complete_utf8_prefix(std::string_view bytes);

// The number of code points; an invalid sequence counts as one.
[[nodiscard]] std::size_t count_code_points(std::string_view utf8);

// The first `count` code points, or all if there are fewer.
[[nodiscard]] std::string_view first_code_points(std::string_view utf8, std::size_t count);

// The offset in bytes of the first code point that is not for plain lines of text: control
// characters (also tab and line feed), line and paragraph separators, and the marks that change the
// direction of what follows and so can make a text look like another. Nothing if there is none.
[[nodiscard]] std::optional<std::size_t> first_control_character(std::string_view utf8);

// Without white space (Unicode's) and byte order marks at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view utf8);

}  // namespace daozhang::text
