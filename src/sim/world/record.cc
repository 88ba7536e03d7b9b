#include "sim/world/record.h"

#include <fmt/format.h>

namespace daozhang::sim {
namespace {

constexpr std::size_t story_lines_max = 200;

}  // namespace

void Record::mix(std::uint64_t word) {
  hash_[0] = (hash_[0] ^ word) * 0x9e3779b97f4a7c15ULL;
  hash_[0] ^= hash_[0] >> 29;
  hash_[1] = (hash_[1] + hash_[0]) * 0xbf58476d1ce4e5b9ULL;
  hash_[1] ^= hash_[1] >> 32;
}

void Record::note(base::Instant at, domain::OrderKey order, std::string_view line,
                  std::string_view more) {
  ++notes_;
  mix(static_cast<std::uint64_t>(at.micros));
  mix(static_cast<std::uint64_t>(order.order_id.value));
  for (const char c : line) mix(static_cast<unsigned char>(c));
  if (!follows_all_ && (!followed_ || *followed_ != order)) return;
  const auto whose = !follows_all_ ? std::string()
                     : order.order_id.is_none()
                         ? std::string("- ")
                         : fmt::format("{}/{} ", order.partition.value, order.order_id.value);
  story_.push_back(
      fmt::format("{} {}{}{}{}", base::to_rfc3339(at), whose, line, more.empty() ? "" : " ", more));
  if (story_.size() > story_lines_max) story_.pop_front();
}

void Record::violated(std::string_view invariant, std::string what, domain::OrderKey order) {
  if (violation_) return;
  violation_ = Violation{std::string(invariant), std::move(what), order};
}

std::string Record::trace_hash() const { return fmt::format("{:016x}{:016x}", hash_[0], hash_[1]); }

}  // namespace daozhang::sim
