#include "lane/clock.h"

#include <algorithm>

namespace daozhang::lane {
namespace {

base::Instant wall_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

}  // namespace

Clock::Clock(base::Instant high_water)
    : origin_(std::max(wall_now(), high_water)), started_(std::chrono::steady_clock::now()) {}

base::Instant Clock::now() const {
  const auto elapsed = std::chrono::steady_clock::now() - started_;
  return origin_ +
         base::microseconds(std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count());
}

base::Duration Clock::wall_offset() const { return wall_now() - now(); }

}  // namespace daozhang::lane
