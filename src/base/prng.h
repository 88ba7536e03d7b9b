// A seeded stream of random numbers, the same on every compiler: splitmix64 seeds xoshiro256**
// (Blackman and Vigna, public domain algorithm). For the simulator and tests, never for keys or
// codes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/check.h"

namespace daozhang::base {

// One thread. Two streams with different names are independent for the same seed.
class Prng {
 public:
  explicit Prng(std::uint64_t seed, std::string_view stream = "") {
    std::uint64_t mixed = seed;
    for (const char c : stream) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    for (auto& word : state_) word = splitmix(mixed);
  }

  std::uint64_t next() {
    const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate_left(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound). `bound` > 0.
  std::uint64_t below(std::uint64_t bound) {
    CHECK(bound > 0);
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t draw = next();
    while (draw >= limit) draw = next();
    return draw % bound;
  }

  // Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high) {
    CHECK(low <= high);
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }

  // True `numerator` times in `denominator`.
  bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    return below(denominator) < numerator;
  }

 private:
  static constexpr std::uint64_t rotate_left(std::uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
  }
  static std::uint64_t splitmix(std::uint64_t& x) {
    std::uint64_t z = (x += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace daozhang::base
