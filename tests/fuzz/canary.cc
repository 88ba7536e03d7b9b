// A bug that was planted, in steps as parsers have them: `./dev fuzz` fails when it is not found.
// Only a sanitizer sees it, so it also proves that the fuzzers have one.
#include <array>
#include <cstring>

#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

void canary(std::string_view bytes) {
  if (bytes.size() < 5 || bytes[0] != 'c' || bytes[1] != 'o' || bytes[2] != 'a') return;
  if (bytes[3] != 'l') return;
  const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[4]));
  std::array<char, 256> copy{};
  // The length is believed, as it must never be.
  std::memcpy(copy.data(), bytes.data() + 4, length);
  CHECK(length == 0 || copy[0] == bytes[4]);
}

}  // namespace daozhang::fuzz
