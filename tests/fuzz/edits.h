// Changes to a genuine message, chosen by the input. Any thread.
#pragma once

#include <string>

#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

// Four bytes of the input: what to do, where (two bytes) and the byte that comes in.
inline void edit(Input& input, std::string& text) {
  const std::size_t what = input.choice(4);
  const std::size_t place = std::size_t{input.byte()} * 256 + input.byte();
  const auto byte = static_cast<char>(input.byte());
  const std::size_t at = place % (text.size() + 1);
  if (what == 0) {
    text.insert(at, 1, byte);
  } else if (what == 1) {
    text.erase(at, 1);
  } else if (what == 2 && at < text.size()) {
    text[at] = byte;
  } else {
    text.resize(at);
  }
}

}  // namespace daozhang::fuzz
