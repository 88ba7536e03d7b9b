// Which secrets a file has had so far: 16 bytes of each one's SHA-256, about 48 bytes of memory for
// each at worst while it grows. Gone with the object, so no key is needed. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace daozhang::intake {

class SeenSecrets {
 public:
  SeenSecrets();

  // True the first time.
  bool insert(std::string_view secret);
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  using Print = std::array<std::uint64_t, 2>;  // All zero: a free place.

  // True if it was not there.
  bool place(Print print);
  void grow();

  std::vector<Print> places_;  // A power of two, at most half full; linear probing.
  std::size_t count_ = 0;
};

}  // namespace daozhang::intake
