#include "sim/scenario/scenario.h"

#include <charconv>

#include <fmt/format.h>

namespace daozhang::sim {
namespace {

constexpr std::size_t line_bytes_max = 200;
constexpr std::size_t text_bytes_max = 32 * 1024 * 1024;
constexpr std::uint64_t seeds_max = 10'000;
constexpr std::uint64_t whole = 10'000;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const auto end = std::min(line.find_first_of(" \t\r"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Reads lines into a scenario; an empty answer is no problem.
class Reader {
 public:
  explicit Reader(Scenario& scenario) : scenario_(scenario) {}

  std::string take(std::string_view line) {
    const auto words = words_of(line.substr(0, line.find('#')));
    if (words.empty()) return {};
    const std::string_view verb = words[0];
    if (verb == "only" && words.size() == 1) {
      scenario_.faults.only_named = true;
      return {};
    }
    if (words.size() == 2 && verb == "strike" && words[1] == "none") {
      if (!scenario_.faults.strikes) scenario_.faults.strikes.emplace();
      return {};
    }
    if (words.size() == 3 && verb == "fault") return fault(words[1], words[2]);
    if (words.size() == 3 && verb == "strike") return strike(words[1], words[2]);
    if (words.size() != 2) return fmt::format("`{}` is not a line of a scenario", line);
    return pair(verb, words[1]);
  }

 private:
  std::string pair(std::string_view verb, std::string_view value) {
    if (verb == "seed" || verb == "seeds") return seeds(value);
    if (verb == "buyers") return buyers(value);
    if (verb == "nodes") return nodes(value);
    if (verb == "store") return named(value, scenario_.store);
    if (verb == "family") return named(value, scenario_.family.emplace());
    if (verb == "kind") return named(value, scenario_.kind.emplace());
    if (verb == "expect") {
      Sometimes state{};
      auto problem = named(value, state);
      if (problem.empty()) scenario_.expects.push_back(state);
      return problem;
    }
    return fmt::format("`{}` is no word of a scenario", verb);
  }

  template <class Enum>
  std::string named(std::string_view word, Enum& value) {
    const auto found = base::enum_named<Enum>(word);
    // The last word of some counts them and is none of them.
    if (!found || word == "kinds")
      return fmt::format("`{}` is not a name that is known here", word);
    value = *found;
    return {};
  }

  std::string seeds(std::string_view value) {
    const auto dots = value.find("..");
    const auto first = number_of(value.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : number_of(value.substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first >= seeds_max ||
        scenario_.seeds.size() + (*last - *first) >= seeds_max)
      return fmt::format("`{}` is no seed, nor a range of at most {}", value, seeds_max);
    for (std::uint64_t seed = *first; seed <= *last; ++seed) {
      scenario_.seeds.push_back(seed);
      if (seed == *last) break;  // The largest number has no next one.
    }
    return {};
  }

  std::string buyers(std::string_view value) {
    const auto count = number_of(value);
    if (!count || *count < 1 || *count > 10'000)
      return fmt::format("`{}` is no number of buyers (1 to 10000)", value);
    scenario_.buyers = static_cast<int>(*count);
    return {};
  }

  std::string nodes(std::string_view value) {
    const auto count = number_of(value);
    if (!count || *count < 1 || *count > 5)
      return fmt::format("`{}` is no number of nodes (1 to 5)", value);
    scenario_.nodes = static_cast<int>(*count);
    return {};
  }

  std::string fault(std::string_view kind_name, std::string_view rate_text) {
    FaultKind kind{};
    if (auto problem = named(kind_name, kind); !problem.empty()) return problem;
    const auto rate = number_of(rate_text);
    if (!rate || *rate > whole)
      return fmt::format("`{}` is no rate of a fault (0 to {})", rate_text, whole);
    scenario_.faults.rates[kind] = *rate;
    return {};
  }

  std::string strike(std::string_view kind_name, std::string_view nth_text) {
    FaultKind kind{};
    if (auto problem = named(kind_name, kind); !problem.empty()) return problem;
    const auto nth = number_of(nth_text);
    if (!nth || *nth < 1 || *nth > 1'000'000'000)
      return fmt::format("`{}` is no question of a fault (1 and up)", nth_text);
    if (!scenario_.faults.strikes) scenario_.faults.strikes.emplace();
    scenario_.faults.strikes->push_back({kind, static_cast<std::int64_t>(*nth)});
    return {};
  }

  Scenario& scenario_;
};

}  // namespace

base::Result<Scenario, std::string> read_scenario(std::string name, std::string_view text) {
  if (text.size() > text_bytes_max) return base::refuse(name + ": the text is too long");
  Scenario scenario;
  scenario.name = std::move(name);
  Reader reader(scenario);
  std::int64_t line_no = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line_no;
    std::string problem = line.size() > line_bytes_max ? "the line is too long" : reader.take(line);
    if (!problem.empty())
      return base::refuse(fmt::format("{}:{}: {}", scenario.name, line_no, problem));
  }
  if (scenario.seeds.empty()) return base::refuse(scenario.name + ": it names no seed");
  if (scenario.faults.strikes && (scenario.faults.only_named || !scenario.faults.rates.empty()))
    return base::refuse(scenario.name +
                        ": strikes are all that happens; take `fault` and `only` out");
  return scenario;
}

std::string text_of(const Scenario& scenario) {
  std::string text;
  for (const auto seed : scenario.seeds) text += fmt::format("seed {}\n", seed);
  text += fmt::format("store {}\n", base::name_of(scenario.store));
  if (scenario.family) text += fmt::format("family {}\n", base::name_of(*scenario.family));
  if (scenario.buyers) text += fmt::format("buyers {}\n", *scenario.buyers);
  if (scenario.nodes) text += fmt::format("nodes {}\n", *scenario.nodes);
  if (scenario.kind) text += fmt::format("kind {}\n", base::name_of(*scenario.kind));
  if (scenario.faults.only_named) text += "only\n";
  for (const auto& [kind, rate] : scenario.faults.rates)
    text += fmt::format("fault {} {}\n", base::name_of(kind), rate);
  if (scenario.faults.strikes && scenario.faults.strikes->empty()) text += "strike none\n";
  if (scenario.faults.strikes)
    for (const auto& strike : *scenario.faults.strikes)
      text += fmt::format("strike {} {}\n", base::name_of(strike.kind), strike.nth);
  for (const auto state : scenario.expects)
    text += fmt::format("expect {}\n", base::name_of(state));
  return text;
}

}  // namespace daozhang::sim
