// The machine's clocks. Any thread.
#pragma once

#include <cstdint>

#include "base/instant.h"

namespace daozhang::lane {

class MachineTime {
 public:
  virtual ~MachineTime() = default;
  // What the machine believes to be the date; somebody may set it at any time.
  [[nodiscard]] virtual base::Instant wall() const = 0;
  // Since some moment before; never set by anybody, and goes on while the machine sleeps.
  [[nodiscard]] virtual base::Duration monotonic() const = 0;
  // Tells this boot from others; 0 if the system does not say.
  [[nodiscard]] virtual std::int64_t boot() const = 0;
  // Since the boot, with the time that the machine slept.
  [[nodiscard]] virtual base::Duration uptime() const = 0;
  // Whether the kernel says that something (NTP) keeps the wall clock right.
  [[nodiscard]] virtual bool is_synchronized() const = 0;
};

// Of this machine.
const MachineTime& machine_time();

}  // namespace daozhang::lane
