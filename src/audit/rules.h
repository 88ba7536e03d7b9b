// The rules as tables. A rule that looks at single orders and at the whole store stands in both
// under one name.
#pragma once

#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "audit/findings.h"
#include "audit/story.h"

namespace daozhang::audit {

struct StoryRule {
  std::string_view name;
  std::string_view meaning;
  void (*check)(const Story& story, Findings& findings);
};

std::span<const StoryRule> history_rules();
std::span<const StoryRule> money_rules();
std::span<const StoryRule> posting_rules();
std::span<const StoryRule> fulfillment_rules();

// A unit's item, or an item's unit.
struct Ownership {
  domain::ItemKey item;
  domain::OrderKey order;
  std::int32_t unit_no = 0;
  bool for_good = false;  // Consumed or issued; else held.
  friend auto operator<=>(const Ownership&, const Ownership&) = default;
};

// Something that must be unique, shortened to 16 bytes of its SHA-256, and whose it is.
struct Fingerprint {
  std::array<std::uint8_t, 16> digest{};
  std::int64_t owner_id = 0;
  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

struct ClaimCount {
  domain::OrderKey order;
  std::int64_t idempotency_keys = 0;
  std::int64_t trade_numbers = 0;
  friend auto operator<=>(const ClaimCount&, const ClaimCount&) = default;
};

using BalanceKey = std::tuple<domain::Partition, std::string, domain::Currency>;

// What is kept of a scan for the rules over the whole store.
struct Collected {
  std::vector<Ownership> of_units;
  std::vector<Ownership> of_items;
  std::vector<Fingerprint> trade_numbers;
  std::vector<Fingerprint> secrets;
  std::vector<Fingerprint> nonces;
  std::vector<ClaimCount> claims_expected;  // In the orders' order.
  std::vector<ClaimCount> claims_found;     // One a claim.
  std::map<BalanceKey, domain::Balance> balances_expected;
  std::map<BalanceKey, domain::Balance> balances_found;
  std::map<domain::BatchId, domain::ImportBatch> batches;
  std::vector<std::pair<domain::ItemKey, domain::BatchId>> items_without_batch;
  std::vector<domain::ItemKey> items_without_nonce;
  std::vector<domain::FeePosting> fee_postings;  // Few: one for each channel and day.
  std::map<std::string, std::int64_t> orphan_rows;
  std::vector<std::string> integrity_problems;

  void add(const Story& story);
  void add(const domain::StockItem& item);
  void add(const domain::Claim& claim);
  void add(const domain::Balance& balance);
  void add(const domain::FeePosting& posting);

 private:
  domain::Balance& balance_of(domain::Partition partition, domain::Currency currency,
                              const std::string& account);
};

struct StoreRule {
  std::string_view name;
  std::string_view meaning;
  void (*check)(Collected& collected, Findings& findings);
};

std::span<const StoreRule> store_rules();

}  // namespace daozhang::audit
