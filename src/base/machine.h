// State machines as tables: the allowed steps are data, checked at compile time and at every
// change.
#pragma once

#include <array>
#include <cstddef>

#include "base/check.h"

namespace daozhang::base {

template <class State>
struct Step {
  State from;
  State to;
};

template <class State, std::size_t n>
struct Machine {
  std::array<Step<State>, n> steps;

  [[nodiscard]] constexpr bool allows(State from, State to) const {
    for (const auto& step : steps)
      if (step.from == from && step.to == to) return true;
    return false;
  }
  [[nodiscard]] constexpr bool is_final(State state) const {
    for (const auto& step : steps)
      if (step.from == state) return false;
    return true;
  }
  // Moves `state` along the table; leaving the table is a bug of ours and stops the process.
  constexpr void advance(State& state, State to) const {
    CHECK(allows(state, to));
    state = to;
  }
};

template <class State, std::size_t n>
constexpr Machine<State, n> machine(const Step<State> (&steps)[n]) {
  Machine<State, n> result{};
  for (std::size_t i = 0; i < n; ++i) result.steps[i] = steps[i];
  return result;
}

}  // namespace daozhang::base
