// What all parts of one run share: time, faults, the record, and one seeded stream each.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/prng.h"
#include "engine/command.h"
#include "sim/world/family.h"
#include "sim/world/fault.h"
#include "sim/world/record.h"
#include "sim/world/schedule.h"

namespace daozhang::sim {

// The zero of simulated time; any instant after 2026 will do.
inline constexpr base::Instant start_of_time{1'795'000'000'000'000};

struct Scene {
  explicit Scene(std::uint64_t run_seed, const FaultPlan& plan = {},
                 std::optional<Family> told = std::nullopt)
      : seed(run_seed),
        family(told ? *told : draw_family(run_seed)),
        schedule(run_seed, start_of_time),
        faults(run_seed, plan) {}

  [[nodiscard]] base::Prng stream(std::string_view name) const { return base::Prng(seed, name); }
  [[nodiscard]] base::Instant now() const { return schedule.now(); }
  // `more` is told to people only; what counts of it must be in `line`.
  void note(domain::OrderKey order, std::string_view line, std::string_view more = {}) {
    record.note(schedule.now(), order, line, more);
  }

  // Whether this channel or supplier answers nobody just now.
  [[nodiscard]] bool is_silent(const std::string& peer) const {
    return silent.contains(peer) || silent_for_days.contains(peer);
  }

  std::uint64_t seed;
  Family family;
  std::set<std::string> silent;
  std::set<std::string> silent_for_days;  // Also after the healing.
  Schedule schedule;
  Faults faults;
  Record record;

 private:
  static Family draw_family(std::uint64_t seed) {
    constexpr auto families = names_of(std::type_identity<Family>{}).size();
    base::Prng prng(seed, "family");
    return prng.chance(1, 2) ? Family::plain : static_cast<Family>(prng.below(families));
  }
};

// The shop as others reach it over the network: an answer, or nothing when the connection broke.
class Shop {
 public:
  using Reply = std::function<void(const std::optional<engine::Answer>&)>;
  virtual ~Shop() = default;
  virtual void send(engine::CommandBody body, Reply reply) = 0;
  // A notification as it came in; the reply's verdict says whether the channel repeats it.
  // The order that a number at a channel belongs to.
  virtual std::optional<domain::OrderKey> order_of(const std::string& trade_ref) = 0;
  virtual void notify(const std::string& channel, const std::string& body, Reply reply) = 0;
  // A supplier's callback about a reference of ours.
  virtual void hint(const std::string& reference) = 0;
  // What the order page shows; nothing for an unknown order, or when the page did not load.
  virtual std::optional<domain::Order> look(domain::OrderKey key) = 0;
};

// A length of time, uniform in [low, high].
inline base::Duration draw_duration(base::Prng& prng, base::Duration low, base::Duration high) {
  return base::microseconds(prng.between(low.micros, high.micros));
}

}  // namespace daozhang::sim
