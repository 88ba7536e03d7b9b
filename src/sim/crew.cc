#include "sim/crew.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>

#include "base/check.h"

namespace daozhang::sim {
namespace {

constexpr std::size_t steps_max = 128;
constexpr std::size_t trace_size = 32;

// As it goes through the pipe, from a process to its own copy.
struct Message {
  std::uint64_t seed = 0;
  std::int64_t orders = 0;
  std::int64_t events = 0;
  std::int64_t calls = 0;
  std::int64_t happenings = 0;
  std::int64_t simulated_us = 0;
  std::array<char, trace_size> trace{};
  FaultCounts faults{};
  SometimesCounts sometimes{};
  std::array<std::int64_t, steps_max> steps{};
  std::size_t step_count = 0;
  bool halted = false;
  bool has_violation = false;
  bool is_repeated = false;
  bool differs = false;
  bool passed_mark = false;
};

Message message_of(const PlayedRun& played) {
  const auto& run = played.run;
  const auto& steps = run.transitions.counts();
  CHECK(run.trace_hash.size() == trace_size && steps.size() <= steps_max);
  Message message;
  message.seed = run.seed;
  message.orders = run.orders;
  message.events = run.events;
  message.calls = run.calls;
  message.happenings = run.happenings;
  message.simulated_us = run.simulated.micros;
  std::copy(run.trace_hash.begin(), run.trace_hash.end(), message.trace.begin());
  message.faults = run.faults;
  message.sometimes = run.sometimes;
  std::copy(steps.begin(), steps.end(), message.steps.begin());
  message.step_count = steps.size();
  message.halted = run.halted;
  message.has_violation = run.violation.has_value();
  message.is_repeated = played.is_repeated;
  message.differs = played.differs;
  message.passed_mark = played.passed_mark;
  return message;
}

PlayedRun played_of(const Message& message) {
  PlayedRun played;
  auto& run = played.run;
  run.seed = message.seed;
  run.orders = message.orders;
  run.events = message.events;
  run.calls = message.calls;
  run.happenings = message.happenings;
  run.simulated = base::Duration{message.simulated_us};
  run.trace_hash.assign(message.trace.begin(), message.trace.end());
  run.faults = message.faults;
  run.sometimes = message.sometimes;
  run.transitions.set(std::span(message.steps).first(message.step_count));
  run.halted = message.halted;
  if (message.has_violation) run.violation.emplace();
  played.is_repeated = message.is_repeated;
  played.differs = message.differs;
  played.passed_mark = message.passed_mark;
  return played;
}

template <class Transfer, class Byte>
bool transfer_all(const Transfer& transfer, int fd, Byte* bytes, std::size_t size) {
  while (size > 0) {
    const auto moved = transfer(fd, bytes, size);
    if (moved < 0 && errno == EINTR) continue;
    if (moved <= 0) return false;
    bytes += moved;
    size -= static_cast<std::size_t>(moved);
  }
  return true;
}

// Ends behind the last seed, or when nobody reads any more.
[[noreturn]] void work(const Crew::Seeds& seeds, std::uint64_t nth, std::uint64_t stride, int pipe,
                       const Crew::Play& play) {
  for (;; nth += stride) {
    const auto seed = seeds(nth);
    if (!seed) ::_exit(0);
    const Message message = message_of(play(*seed));
    if (!transfer_all(::write, pipe, reinterpret_cast<const char*>(&message), sizeof message))
      ::_exit(0);
  }
}

}  // namespace

Crew::Crew(const Seeds& seeds, int size, const Play& play) {
  CHECK(size >= 1);
  const auto maker = ::getpid();
  for (int i = 0; i < size; ++i) {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const auto pid = ::fork();
    CHECK(pid >= 0);
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != maker) ::_exit(0);
      std::signal(SIGPIPE, SIG_IGN);
      for (const auto& other : members_) ::close(other.pipe);
      ::close(ends[0]);
      work(seeds, static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(size), ends[1], play);
    }
    ::close(ends[1]);
    members_.push_back({pid, ends[0]});
  }
}

Crew::~Crew() {
  for (const auto& member : members_) {
    ::close(member.pipe);
    ::kill(member.pid, SIGKILL);
    ::waitpid(member.pid, nullptr, 0);
  }
}

std::optional<PlayedRun> Crew::next() {
  const auto& member = members_[turn_];
  turn_ = (turn_ + 1) % members_.size();
  Message message;
  if (!transfer_all(::read, member.pipe, reinterpret_cast<char*>(&message), sizeof message))
    return std::nullopt;
  return played_of(message);
}

}  // namespace daozhang::sim
