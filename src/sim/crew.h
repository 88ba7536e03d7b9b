// Seeds, played by several processes at once and told in the order of the seeds, so
// that a campaign comes to the same end whatever its number of processes. They are processes and
// not threads because a run may abort, and because nothing that it uses has to stand two at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/world/world.h"

namespace daozhang::sim {

// What a run leaves for the campaign: all of RunResult but the texts of a failure.
struct PlayedRun {
  RunResult run;
  bool is_repeated = false;  // The seed was run twice,
  bool differs = false;      // and the second run was another.
  bool passed_mark = false;
};

// One thread. Its processes end with it, and with the process that made it.
class Crew {
 public:
  using Play = std::function<PlayedRun(std::uint64_t seed)>;
  // The seed of the n-th run, from 0; nothing behind the last one.
  using Seeds = std::function<std::optional<std::uint64_t>(std::uint64_t nth)>;
  // `size` processes, at least 1.
  Crew(const Seeds& seeds, int size, const Play& play);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // The next seed's run; nothing if its process died in it. Waits for it. There must be one.
  std::optional<PlayedRun> next();

 private:
  struct Member {
    int pid = 0;
    int pipe = -1;
  };

  std::vector<Member> members_;
  std::size_t turn_ = 0;
};

}  // namespace daozhang::sim
