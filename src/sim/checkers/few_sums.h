// Sums by key, for the few keys that one order has: found by looking at each.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace daozhang::sim {

// One thread. `Key` is compared with whatever it is asked for.
template <class Key>
class FewSums {
 public:
  void add(const auto& key, std::int64_t amount) {
    for (auto& [known, sum] : sums_) {
      if (known != key) continue;
      sum += amount;
      return;
    }
    if (sums_.empty()) sums_.reserve(few);
    sums_.emplace_back(key, amount);
  }
  // Zero for a key that nothing was added to.
  [[nodiscard]] std::int64_t of(const auto& key) const {
    for (const auto& [known, sum] : sums_)
      if (known == key) return sum;
    return 0;
  }
  // By first mention.
  [[nodiscard]] auto begin() const { return sums_.begin(); }
  [[nodiscard]] auto end() const { return sums_.end(); }

 private:
  static constexpr std::size_t few = 8;
  std::vector<std::pair<Key, std::int64_t>> sums_;
};

}  // namespace daozhang::sim
