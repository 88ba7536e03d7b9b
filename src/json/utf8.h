// Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7). Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace daozhang::json {

// The length of the character that begins at `at`: 1 to 4, or 0 if none well-formed begins there.
std::size_t utf8_length_at(std::string_view bytes, std::size_t at);
bool is_utf8(std::string_view bytes);

}  // namespace daozhang::json
