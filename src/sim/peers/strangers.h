// Whoever comes with the number of an order that the shop never made, or has lost: each command
// about it is refused as such and leaves nothing behind.
#pragma once

#include "base/prng.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

// One thread. What it is given must outlive it.
class Strangers {
 public:
  Strangers(Scene& scene, Shop& shop)
      : scene_(scene), shop_(shop), prng_(scene.stream("strangers")) {}

  // Some come in the next hour.
  void start();

 private:
  void come();
  void ask(std::string_view what, engine::CommandBody body);

  Scene& scene_;
  Shop& shop_;
  base::Prng prng_;
};

}  // namespace daozhang::sim
