// Randomness, injected: the operating system's in the server, a seeded stream in the simulator.
#pragma once

#include <string>

namespace daozhang::ports {

class Entropy {
 public:
  virtual ~Entropy() = default;
  // `count` bytes. One thread: the lane's.
  virtual std::string bytes(std::size_t count) = 0;
};

}  // namespace daozhang::ports
