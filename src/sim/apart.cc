#include "sim/apart.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/check.h"
#include "base/mark.h"

namespace daozhang::sim {
namespace {

constexpr auto deadly = std::to_array<int>({SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL});
// Whoever tells what it knew with a broken heap may hang.
constexpr unsigned last_words_seconds = 20;
constexpr std::size_t last_words_bytes = 400;
constexpr std::size_t alternative_stack_bytes = 1 << 20;
constexpr std::string_view schedule_line = "schedule";

// A file without a name, that a child writes and its maker reads.
class Paper {
 public:
  Paper() : fd_(::memfd_create("daozhang-sim", MFD_CLOEXEC)) { CHECK(fd_ >= 0); }
  ~Paper() { ::close(fd_); }
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  void write(std::string_view text) const {
    while (!text.empty()) {
      const auto count = ::write(fd_, text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  [[nodiscard]] std::string read() const {
    CHECK(::lseek(fd_, 0, SEEK_SET) == 0);
    std::string text;
    std::array<char, 1 << 16> part{};
    for (;;) {
      const auto count = ::read(fd_, part.data(), part.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return text;
      text.append(part.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  int fd_;
};

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string written(const RunResult& run) {
  std::string text = fmt::format("orders {}\nconfig {}\n", run.orders, one_line(run.config));
  if (base::mark_was_passed) text += "marked\n";
  if (run.violation)
    text += fmt::format("order {} {}\nviolated {} {}\n", run.violation->order.partition.value,
                        run.violation->order.order_id.value, run.violation->invariant,
                        one_line(run.violation->what));
  for (const auto& line : run.story) text += "story " + one_line(line) + '\n';
  Scenario schedule;
  schedule.seeds = {run.seed};
  schedule.family = run.family;
  schedule.faults.strikes = run.struck;
  return text + std::string(schedule_line) + '\n' + text_of(schedule);
}

template <class Number>
void read_number(std::string_view text, Number& number) {
  std::from_chars(text.data(), text.data() + text.size(), number);
}

void take(std::string_view verb, std::string_view rest, RunResult& run) {
  const auto gap = std::min(rest.find(' '), rest.size());
  const auto tail = rest.substr(std::min(gap + 1, rest.size()));
  if (verb == "orders") read_number(rest, run.orders);
  if (verb == "config") run.config = rest;
  if (verb == "marked") run.passed_mark = true;
  if (verb == "story") run.story.emplace_back(rest);
  if (verb == "order") {
    run.violation.emplace();
    read_number(rest.substr(0, gap), run.violation->order.partition.value);
    read_number(tail, run.violation->order.order_id.value);
  }
  if (verb == "violated" && run.violation) {
    run.violation->invariant = rest.substr(0, gap);
    run.violation->what = tail;
  }
}

// As far as it was written: a process that died may have died while writing, too.
RunResult read_back(std::uint64_t seed, std::string_view text) {
  RunResult run;
  run.seed = seed;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto gap = std::min(line.find(' '), line.size());
    if (line != schedule_line) {
      take(line.substr(0, gap), line.substr(std::min(gap + 1, line.size())), run);
      continue;
    }
    const auto schedule = read_scenario("schedule", text);
    if (!schedule) break;
    run.family = schedule->family.value_or(Family::plain);
    run.struck = schedule->faults.strikes.value_or(std::vector<FaultStrike>());
    break;
  }
  return run;
}

// The line that says why, of what a process said before it ended; else all of it. Without process
// ids and addresses, so that the same death is known again.
std::string why_of(const std::string& said) {
  constexpr std::string_view sanitizer = "ERROR: AddressSanitizer";
  if (const auto at = said.find(sanitizer); at != std::string::npos)
    return said.substr(at, std::min(said.find('\n', at), said.find(" on ", at)) - at);
  for (const std::string_view word : {"CHECK failed:", "Assertion", "what():", "runtime error:"}) {
    const auto at = said.find(word);
    if (at == std::string::npos) continue;
    const auto before = said.rfind('\n', at);
    const auto begin = before == std::string::npos ? 0 : before + 1;
    return said.substr(begin, std::min(said.find('\n', at) - begin, last_words_bytes));
  }
  return one_line(said.substr(0, last_words_bytes));
}

Violation death(int status, const std::string& said) {
  auto why = why_of(said);
  if (!WIFSIGNALED(status))
    return {std::string(died_at_check),
            fmt::format("the process ended with {}: {}", WEXITSTATUS(status), why),
            {}};
  const int signal = WTERMSIG(status);
  if (signal == SIGABRT) return {std::string(died_at_check), why.empty() ? "abort" : why, {}};
  const char* name = ::sigabbrev_np(signal);
  return {std::string(died_by_signal),
          fmt::format("SIG{}{}{}", name != nullptr ? name : "?", why.empty() ? "" : ": ", why),
          {}};
}

// Of the child: a signal handler has no other way to know.
const ApartRun* playing = nullptr;
const Paper* answers = nullptr;

extern "C" void say_last_words(int signal) {
  for (const int each : deadly) std::signal(each, SIG_DFL);
  ::alarm(last_words_seconds);
  answers->write(written(playing->so_far()));
  ::raise(signal);
}

void listen_for_death() {
  // A stack that overflowed has no room for a handler.
  static std::array<char, alternative_stack_bytes> stack;
  stack_t other{};
  other.ss_sp = stack.data();
  other.ss_size = stack.size();
  CHECK(::sigaltstack(&other, nullptr) == 0);
  struct sigaction action {};
  action.sa_handler = say_last_words;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (const int signal : deadly) CHECK(::sigaction(signal, &action, nullptr) == 0);
}

// What nobody catches ends it here, with the stack on which it was thrown.
[[noreturn]] void play_in_child(const ApartRun& run, const Paper& told,
                                const Paper& said) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(said.fd(), STDERR_FILENO);
  playing = &run;
  answers = &told;
  listen_for_death();
  told.write(written(run.play()));
  ::_exit(0);
}

}  // namespace

RunResult play_apart(std::uint64_t seed, const ApartRun& run) {
  const Paper told;
  const Paper said;
  const auto pid = ::fork();
  CHECK(pid >= 0);
  if (pid == 0) play_in_child(run, told, said);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) CHECK(errno == EINTR);
  auto result = read_back(seed, told.read());
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) result.violation = death(status, said.read());
  return result;
}

RunResult run_apart(std::uint64_t seed, const Scenario& scenario, Follow follow,
                    domain::OrderKey order) {
  std::optional<World> world;
  RunResult unborn;
  unborn.seed = seed;
  return play_apart(seed, {.play =
                               [&] {
                                 world.emplace(seed, scenario);
                                 if (follow == Follow::order) world->follow(order);
                                 if (follow == Follow::all) world->follow_all();
                                 return world->run();
                               },
                           .so_far = [&] { return world ? world->so_far() : unborn; }});
}

}  // namespace daozhang::sim
