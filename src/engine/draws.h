// Small numbers out of entropy, for choices that keep engines out of each other's way.
#pragma once

#include <cstdint>

#include "ports/entropy.h"

namespace daozhang::engine {

// From 0 to below `limit`, which is at least 1. Not quite even, which does not matter here.
inline std::int64_t draw_below(ports::Entropy& entropy, std::int64_t limit) {
  std::uint64_t number = 0;
  for (const char byte : entropy.bytes(7)) number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number) % limit;
}

}  // namespace daozhang::engine
