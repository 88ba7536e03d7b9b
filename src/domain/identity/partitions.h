// A set of partitions: what one node looks after.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "domain/identity/ids.h"

namespace daozhang::domain {

class Partitions {
 public:
  constexpr Partitions() = default;  // None.
  constexpr Partitions(std::initializer_list<Partition> list) {
    for (const Partition each : list) bits_ |= bit(each);
  }
  static constexpr Partitions all() {
    Partitions every;
    every.bits_ = ~std::uint64_t{0};
    return every;
  }

  [[nodiscard]] constexpr bool contains(Partition each) const { return (bits_ & bit(each)) != 0; }
  [[nodiscard]] constexpr Partitions with(Partitions more) const {
    more.bits_ |= bits_;
    return more;
  }
  [[nodiscard]] constexpr Partitions without(Partitions less) const {
    less.bits_ = bits_ & ~less.bits_;
    return less;
  }
  // Bit n stands for partition n.
  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  friend constexpr bool operator==(Partitions, Partitions) = default;

 private:
  static constexpr std::uint64_t bit(Partition each) { return std::uint64_t{1} << each.value; }

  std::uint64_t bits_ = 0;
};
static_assert(partition_count == 64);

}  // namespace daozhang::domain
