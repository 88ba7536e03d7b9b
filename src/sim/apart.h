// A run in a process of its own, so that one in which the process ends, at a CHECK or by a signal,
// is a failure like any other: it has a seed, a schedule that can be made short, and a story.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/world/world.h"

namespace daozhang::sim {

// The invariants of a run whose process ended: what it said last, or the name of its signal.
inline constexpr std::string_view died_at_check = "CHECK";
inline constexpr std::string_view died_by_signal = "signal";

// What is played, and what it would tell at any moment of it.
struct ApartRun {
  std::function<RunResult()> play;
  std::function<RunResult()> so_far;
};

// Plays it in a child and waits. What comes back is all that a failure is explained with: seed,
// family, config, orders, schedule, violation, story and whether the mark was passed. One thread.
RunResult play_apart(std::uint64_t seed, const ApartRun& run);

enum class Follow { nothing, order, all };
// The run of a seed, likewise; `order` is whose story is kept.
RunResult run_apart(std::uint64_t seed, const Scenario& scenario, Follow follow = Follow::nothing,
                    domain::OrderKey order = {});

}  // namespace daozhang::sim
