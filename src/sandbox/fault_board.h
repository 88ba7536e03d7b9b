// The switches of everything that can go wrong on the sandbox's side: named faults, each with its
// numbers, a limit on how often it strikes, and a filter. Pure state; one thread at a time, the
// owner locks. All books ask it at the moment at which the fault would strike.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"

namespace daozhang::sandbox {

// Where a fault is listed. `bill`: of every channel that has bills.
enum class FaultSide { alipay, wechatpay, epay, bill, supplier };
constexpr auto names_of(std::type_identity<FaultSide>) {
  return base::words("alipay", "wechatpay", "epay", "bill", "supplier");
}

// One number of a fault, with its limits.
struct FaultParameter {
  std::string_view name;
  std::int64_t standard;
  std::int64_t least;
  std::int64_t most;
};

// What a fault does, as shown on the sandbox's page; the table is `all_faults()`.
struct FaultSpec {
  std::string_view name;
  FaultSide side;
  std::string_view meaning_en;
  std::string_view meaning_zh;
  std::array<FaultParameter, 2> parameters{};  // An empty name is no parameter.
  // Listed at Alipay, but WeChat Pay and epay have it too; `match` with a channel's name narrows
  // it.
  bool at_every_channel = false;
};

std::span<const FaultSpec> all_faults();
const FaultSpec* find_fault(std::string_view name);

// How one fault is set. `times` counts down and switches the fault off at zero; unset is no limit.
// `skip` lets that many occasions pass first. `match`, if not empty, must be contained in the
// order's number, its sku or subject, one of its target's values, or the channel's name.
struct FaultSetting {
  bool on = false;
  std::optional<std::int64_t> times;
  std::int64_t skip = 0;
  std::string match;
  std::map<std::string, std::int64_t, std::less<>> numbers;  // Every parameter of the fault.
  std::int64_t struck = 0;  // How often it struck since the last reset.
};

// What a fault may be matched against. Views of the caller's strings.
struct FaultSubject {
  std::string_view number;  // out_trade_no or supplier reference
  std::string_view title;   // subject or sku
  std::vector<std::string_view> targets;
};

enum class FaultRefusal { unknown_fault, unknown_parameter, out_of_range, match_too_long };
std::string_view name_of(FaultRefusal refusal);

class FaultBoard {
 public:
  FaultBoard();

  // Replaces the setting; parameters that `wanted` does not name take their standard value.
  base::Result<FaultSetting, FaultRefusal> set(std::string_view name, FaultSetting wanted);
  void reset();

  // The numbers of the fault if it strikes now; counts the strike. `name` must be in the table.
  class Strike {
   public:
    explicit Strike(const FaultSetting& setting) : numbers_(setting.numbers) {}
    [[nodiscard]] std::int64_t number(std::string_view parameter) const;
    // Parameters named `s` are seconds, `ms` and `hold_ms` milliseconds.
    [[nodiscard]] base::Duration duration(std::string_view parameter) const;

   private:
    std::map<std::string, std::int64_t, std::less<>> numbers_;
  };
  std::optional<Strike> strike(std::string_view name, const FaultSubject& subject);

  [[nodiscard]] const FaultSetting& setting(std::string_view name) const;

 private:
  std::map<std::string, FaultSetting, std::less<>> settings_;
};

}  // namespace daozhang::sandbox
