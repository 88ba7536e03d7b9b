// The one JSON reader: strict RFC 8259 (over Boost.JSON's parser) that also refuses what two
// readers might understand differently. Pure; any thread; the text is not kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace daozhang::json {

enum class ReadRefusal {
  byte_order_mark,
  syntax,  // Also an empty or cut text.
  invalid_utf8,
  too_deep,             // More than depth_max arrays and objects inside each other.
  duplicate_name,       // One object has a member twice.
  fraction,             // A number with fraction or exponent, where only integers are read.
  number_out_of_range,  // Not within int64.
  nul_character,        // U+0000 in a text or name.
  trailing_bytes,
};
std::string_view name(ReadRefusal refusal);

struct ReadError {
  ReadRefusal refusal = ReadRefusal::syntax;
  std::size_t position = 0;  // Bytes from the start of the text, where reading stopped.
  // The path of the member that was refused, such as `target.phone`; empty where none is to blame.
  std::string member;
};

enum class Numbers {
  integers,  // int64 or a refusal.
  as_text,   // int64 if it is an exact one, else NumberText; for replies of third parties.
};

inline constexpr std::size_t depth_max = 32;

base::Result<Value, ReadError> read(std::string_view text, Numbers numbers = Numbers::integers);

}  // namespace daozhang::json
