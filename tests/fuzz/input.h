// What a fuzz target cuts its bytes with, so that a corpus file stays readable: first a line of
// choices, then the text that the parser gets. Views of the input; one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"

namespace daozhang::fuzz {

class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  // The next byte; 0 at the end.
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  // 0 to count - 1; the digits `0`, `1`, … choose the first ten in order.
  std::size_t choice(std::size_t count) {
    CHECK(count > 0);
    const std::size_t value = byte();
    return (value >= '0' ? value - '0' : value) % count;
  }
  // Up to the next line feed, which is passed over; all that is left if there is none.
  std::string_view line() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    return line;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace daozhang::fuzz
