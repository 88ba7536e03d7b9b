#include "sim/campaign.h"

#include <fmt/format.h>

#include "base/hex.h"
#include "base/sha256.h"

namespace daozhang::sim {
namespace {

// One seed in this many is run twice.
constexpr std::int64_t repeat_every = 20;

void add(CampaignResult& total, const RunResult& run) {
  ++total.runs;
  total.orders += run.orders;
  total.halted += run.halted ? 1 : 0;
  total.events += run.events;
  total.simulated = total.simulated + run.simulated;
  total.trace = base::to_hex(base::view(base::sha256(total.trace + run.trace_hash)));
  for (std::size_t i = 0; i < total.faults.size(); ++i) total.faults[i] += run.faults[i];
  for (std::size_t i = 0; i < total.sometimes.size(); ++i) total.sometimes[i] += run.sometimes[i];
}

}  // namespace

std::int64_t CampaignResult::fault_count() const {
  std::int64_t sum = 0;
  for (const auto count : faults) sum += count;
  return sum;
}

std::int64_t CampaignResult::fault_kinds_seen() const {
  std::int64_t seen = 0;
  for (const auto count : faults) seen += count > 0;
  return seen;
}

std::int64_t CampaignResult::sometimes_reached() const {
  return static_cast<std::int64_t>(sometimes_required() - sometimes_missed().size());
}

std::size_t CampaignResult::sometimes_required() const {
  return store == StoreKind::memory ? first_of_disk : sometimes_kinds;
}

std::vector<std::string> CampaignResult::sometimes_missed() const {
  std::vector<std::string> missed;
  for (std::size_t i = 0; i < sometimes_required(); ++i)
    if (sometimes[i] == 0) missed.emplace_back(base::name_of(static_cast<Sometimes>(i)));
  return missed;
}

RunResult run_seed(std::uint64_t seed, StoreKind store) {
  auto result = World(seed, store).run();
  if (!result.violation || result.violation->order.order_id.is_none()) return result;
  World again(seed, store);
  again.follow(result.violation->order);
  return again.run();
}

CampaignResult run_campaign(std::uint64_t first_seed, std::int64_t orders, StoreKind store,
                            const std::function<void(std::uint64_t)>& before_run) {
  CampaignResult total;
  total.store = store;
  for (auto seed = first_seed; total.orders < orders; ++seed) {
    before_run(seed);
    auto run = run_seed(seed, store);
    add(total, run);
    if (!run.violation && total.runs % repeat_every == 0) {
      ++total.repeated;
      if (World(seed, store).run().trace_hash != run.trace_hash)
        run.violation = Violation{"determinism", "two runs of one seed differ", {}};
    }
    if (!run.violation) continue;
    total.failed = std::move(run);
    break;
  }
  return total;
}

CampaignResult run_seeds(const std::vector<std::uint64_t>& seeds, StoreKind store,
                         const std::function<void(std::uint64_t)>& before_run) {
  CampaignResult total;
  total.store = store;
  for (const auto seed : seeds) {
    before_run(seed);
    auto run = run_seed(seed, store);
    add(total, run);
    if (!run.violation) continue;
    total.failed = std::move(run);
    break;
  }
  return total;
}

std::string report_line(const CampaignResult& result, std::int64_t elapsed_ms) {
  const auto per_second = elapsed_ms > 0 ? result.orders * 1'000 / elapsed_ms : 0;
  return fmt::format(
      R"({{"store":"{}","runs":{},"orders":{},"events":{},"faults":{},"fault_kinds":{},"sometimes_reached":{},)"
      R"("sometimes_required":{},"violations":{},"halted":{},"repeated":{},"simulated_s":{},"orders_per_s":{},"trace":"{}"}})",
      base::name_of(result.store), result.runs, result.orders, result.events, result.fault_count(),
      result.fault_kinds_seen(), result.sometimes_reached(), result.sometimes_required(),
      result.failed ? 1 : 0, result.halted, result.repeated, result.simulated.micros / 1'000'000,
      per_second, result.trace);
}

std::string failure_report(const RunResult& run) {
  std::string text = fmt::format("seed {}\nconfig {}\n", run.seed, run.config);
  if (run.violation)
    text += fmt::format("violated {}: {}\n", run.violation->invariant, run.violation->what);
  for (const auto& line : run.story) text += "  " + line + "\n";
  return text;
}

}  // namespace daozhang::sim
