#include "lane/machine_time.h"

#include <sys/timex.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <string>

#include "base/sha256.h"

namespace daozhang::lane {
namespace {

base::Instant instant_of(std::chrono::system_clock::time_point point) {
  return {std::chrono::duration_cast<std::chrono::microseconds>(point.time_since_epoch()).count()};
}

// Linux. What it tells of the boot comes from files: a clock call may be bent for one process by a
// preloaded library, and then says nothing about the machine.
class LinuxTime final : public MachineTime {
 public:
  [[nodiscard]] base::Instant wall() const override {
    return instant_of(std::chrono::system_clock::now());
  }
  [[nodiscard]] base::Duration monotonic() const override {
    // Not CLOCK_MONOTONIC: a promise goes on while the machine sleeps.
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return base::seconds(now.tv_sec) + base::microseconds(now.tv_nsec / 1'000);
  }
  [[nodiscard]] std::int64_t boot() const override {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    if (!std::getline(file, id)) return 0;
    const auto digest = base::sha256(id);
    std::int64_t boot = 0;
    for (std::size_t i = 0; i < 7; ++i) boot = boot * 256 + static_cast<unsigned char>(digest[i]);
    return boot;
  }
  [[nodiscard]] base::Duration uptime() const override {
    std::ifstream file("/proc/uptime");
    double seconds = 0;
    file >> seconds;
    return base::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  [[nodiscard]] bool is_synchronized() const override {
    timex state{};
    const int answer = adjtimex(&state);
    return answer != -1 && answer != TIME_ERROR;
  }
};

}  // namespace

const MachineTime& machine_time() {
  static const LinuxTime time;
  return time;
}

}  // namespace daozhang::lane
