#include "sandbox/fault_board.h"

#include <algorithm>

#include "base/check.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t match_length_max = 128;

bool matches(const FaultSetting& setting, const FaultSubject& subject) {
  if (setting.match.empty()) return true;
  const auto holds = [&](std::string_view text) { return text.find(setting.match) != text.npos; };
  return holds(subject.number) || holds(subject.title) ||
         std::any_of(subject.targets.begin(), subject.targets.end(), holds);
}

FaultSetting standard_setting(const FaultSpec& spec) {
  FaultSetting setting;
  for (const auto& parameter : spec.parameters)
    if (!parameter.name.empty())
      setting.numbers.emplace(std::string(parameter.name), parameter.standard);
  return setting;
}

}  // namespace

const FaultSpec* find_fault(std::string_view name) {
  const auto table = all_faults();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const FaultSpec& spec) { return spec.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string_view name_of(FaultRefusal refusal) {
  switch (refusal) {
    case FaultRefusal::unknown_fault:
      return "unknown_fault";
    case FaultRefusal::unknown_parameter:
      return "unknown_parameter";
    case FaultRefusal::out_of_range:
      return "out_of_range";
    case FaultRefusal::match_too_long:
      return "match_too_long";
  }
  UNREACHABLE();
}

FaultBoard::FaultBoard() { reset(); }

void FaultBoard::reset() {
  settings_.clear();
  for (const auto& spec : all_faults())
    settings_.emplace(std::string(spec.name), standard_setting(spec));
}

base::Result<FaultSetting, FaultRefusal> FaultBoard::set(std::string_view name,
                                                         FaultSetting wanted) {
  const FaultSpec* spec = find_fault(name);
  if (spec == nullptr) return base::refuse(FaultRefusal::unknown_fault);
  if (wanted.match.size() > match_length_max) return base::refuse(FaultRefusal::match_too_long);
  if (wanted.times && (*wanted.times < 1 || *wanted.times > 1'000'000))
    return base::refuse(FaultRefusal::out_of_range);
  if (wanted.skip < 0 || wanted.skip > 1'000'000) return base::refuse(FaultRefusal::out_of_range);
  FaultSetting result = standard_setting(*spec);
  for (const auto& [key, value] : wanted.numbers) {
    const auto parameter =
        std::find_if(spec->parameters.begin(), spec->parameters.end(),
                     [&](const FaultParameter& p) { return !p.name.empty() && p.name == key; });
    if (parameter == spec->parameters.end()) return base::refuse(FaultRefusal::unknown_parameter);
    if (value < parameter->least || value > parameter->most)
      return base::refuse(FaultRefusal::out_of_range);
    result.numbers[key] = value;
  }
  auto& setting = settings_.find(name)->second;
  result.on = wanted.on;
  result.times = wanted.times;
  result.skip = wanted.skip;
  result.match = std::move(wanted.match);
  result.struck = setting.struck;
  setting = result;
  return setting;
}

std::int64_t FaultBoard::Strike::number(std::string_view parameter) const {
  const auto found = numbers_.find(parameter);
  CHECK(found != numbers_.end());
  return found->second;
}

base::Duration FaultBoard::Strike::duration(std::string_view parameter) const {
  const std::int64_t value = number(parameter);
  return parameter == "s" ? base::seconds(value) : base::milliseconds(value);
}

std::optional<FaultBoard::Strike> FaultBoard::strike(std::string_view name,
                                                     const FaultSubject& subject) {
  const auto found = settings_.find(name);
  CHECK(found != settings_.end());
  FaultSetting& setting = found->second;
  if (!setting.on || !matches(setting, subject)) return std::nullopt;
  if (setting.skip > 0) {
    --setting.skip;
    return std::nullopt;
  }
  ++setting.struck;
  if (setting.times && --*setting.times == 0) {
    setting.on = false;
    setting.times.reset();
  }
  return Strike(setting);
}

const FaultSetting& FaultBoard::setting(std::string_view name) const {
  const auto found = settings_.find(name);
  CHECK(found != settings_.end());
  return found->second;
}

}  // namespace daozhang::sandbox
