// Rules that need the whole store: what is unique in it, and what must match across orders.
#include <algorithm>
#include <set>
#include <string>

#include "audit/rules.h"
#include "base/sha256.h"
#include "domain/ledger/balances.h"

namespace daozhang::audit {
namespace {

// A sealed secret is version (1), key id (8), nonce (12), ciphertext and tag (crypto/envelope.h).
constexpr std::size_t nonce_begin = 9;
constexpr std::size_t nonce_size = 12;

Fingerprint fingerprint_of(std::string_view text, std::int64_t owner_id) {
  Fingerprint fingerprint;
  const auto digest = base::sha256(text);
  std::copy_n(digest.begin(), fingerprint.digest.size(), fingerprint.digest.begin());
  fingerprint.owner_id = owner_id;
  return fingerprint;
}

std::string name_of(domain::ItemKey item) {
  return "item " + std::to_string(item.partition.value) + "/" + std::to_string(item.item_id.value);
}

std::string name_of(domain::OrderKey order) {
  return "order " + std::to_string(order.partition.value) + "/" +
         std::to_string(order.order_id.value);
}

// Sorts, and calls `found` for each that equals the one before it.
void each_double(std::vector<Fingerprint>& list, Findings& findings,
                 const std::function<void(const Fingerprint&, const Fingerprint&)>& found) {
  std::ranges::sort(list);
  findings.checked(std::ssize(list));
  for (std::size_t i = 1; i < list.size(); ++i)
    if (list[i - 1].digest == list[i].digest) found(list[i - 1], list[i]);
}

// Adds up the claims of each order, in the orders' order.
std::vector<ClaimCount> sums_of(std::vector<ClaimCount>& claims) {
  std::ranges::sort(claims);
  std::vector<ClaimCount> sums;
  for (const auto& claim : claims) {
    if (sums.empty() || sums.back().order != claim.order) sums.push_back({claim.order, 0, 0});
    sums.back().idempotency_keys += claim.idempotency_keys;
    sums.back().trade_numbers += claim.trade_numbers;
  }
  return sums;
}

ClaimCount found_of(const std::vector<ClaimCount>& sums, domain::OrderKey order) {
  const auto place = std::ranges::lower_bound(sums, order, {}, &ClaimCount::order);
  return place != sums.end() && place->order == order ? *place : ClaimCount{order, 0, 0};
}

void check_trade_numbers(Collected& collected, Findings& findings) {
  each_double(collected.trade_numbers, findings, [&](const auto& first, const auto& second) {
    findings.violated(
        "orders " + std::to_string(first.owner_id) + " and " + std::to_string(second.owner_id),
        "One trade number of one channel paid twice.");
  });
  const auto sums = sums_of(collected.claims_found);
  for (const auto& expected : collected.claims_expected)
    if (found_of(sums, expected.order).trade_numbers < expected.trade_numbers)
      findings.violated(name_of(expected.order), "A payment's trade number is not claimed.");
}

void check_idempotency(Collected& collected, Findings& findings) {
  const auto sums = sums_of(collected.claims_found);
  for (const auto& expected : collected.claims_expected) {
    findings.checked();
    const auto found = found_of(sums, expected.order).idempotency_keys;
    if (found != 1)
      findings.violated(name_of(expected.order),
                        "The order has " + std::to_string(found) + " idempotency keys.");
  }
  for (const auto& sum : sums)
    if (found_of(collected.claims_expected, sum.order).idempotency_keys == 0)
      findings.violated(name_of(sum.order), "A claim names this order, which does not exist.");
}

void check_balances(Collected& collected, Findings& findings) {
  std::map<std::string, std::int64_t> totals;
  for (const auto& [key, expected] : collected.balances_expected) {
    findings.checked();
    totals[expected.account + " " + std::string(base::name_of(expected.currency))] +=
        expected.debit_minor - expected.credit_minor;
    const auto found = collected.balances_found.find(key);
    if (found == collected.balances_found.end() || !(found->second == expected))
      findings.violated(
          expected.account + " in partition " + std::to_string(expected.partition.value),
          "The balance is not what the transfers add up to.");
  }
  for (const auto& [key, found] : collected.balances_found)
    if (!collected.balances_expected.contains(key))
      findings.violated(found.account + " in partition " + std::to_string(found.partition.value),
                        "The balance has no transfers.");
  // Fees may be more than what is left there: a channel keeps them of what was given back.
  for (const auto& posting : collected.fee_postings)
    totals[domain::account::channel_clearing(posting.channel) + " " +
           std::string(base::name_of(posting.currency))] += domain::signed_minor(posting);
  for (const auto& [account, total] : totals) {
    if (account.starts_with("channel_clearing:") && total < 0)
      findings.violated(account, "More left the channel than came in.");
    if (account.starts_with(domain::account::escrow + " ") && total > 0)
      findings.violated(account, "More was taken out of escrow than was put in.");
  }
}

void check_fees(Collected& collected, Findings& findings) {
  std::map<std::pair<std::string, std::string>, std::int32_t> last;
  std::ranges::sort(collected.fee_postings, {}, &domain::FeePosting::posting_no);
  for (const auto& posting : collected.fee_postings) {
    findings.checked();
    const std::string name = "fees of " + posting.channel + " on " + posting.day;
    if (posting.posting_no != ++last[{posting.channel, posting.day}])
      findings.violated(name, "A posting of fees is missing, or stands twice.");
    const auto fees = domain::account::channel_fees(posting.channel);
    const auto clearing = domain::account::channel_clearing(posting.channel);
    const bool is_between = (posting.debit == fees && posting.credit == clearing) ||
                            (posting.debit == clearing && posting.credit == fees);
    if (!is_between || posting.amount_minor <= 0)
      findings.violated(name, "It is not between the channel's fees and its clearing.");
  }
}

void check_owners(Collected& collected, Findings& findings) {
  std::ranges::sort(collected.of_units);
  std::ranges::sort(collected.of_items);
  findings.checked(std::ssize(collected.of_units) + std::ssize(collected.of_items));
  std::vector<Ownership> only_one_side;
  std::ranges::set_symmetric_difference(collected.of_units, collected.of_items,
                                        std::back_inserter(only_one_side));
  for (const auto& each : only_one_side) {
    const bool said_by_unit = std::ranges::binary_search(collected.of_units, each);
    findings.violated(
        name_of(each.item),
        said_by_unit ? "Unit " + std::to_string(each.unit_no) + " of " + name_of(each.order) +
                           " has this item, and the item does not say so."
                     : "The item says that it belongs to unit " + std::to_string(each.unit_no) +
                           " of " + name_of(each.order) + ", which does not say so.");
  }
  for (std::size_t i = 1; i < collected.of_units.size(); ++i)
    if (collected.of_units[i - 1].item == collected.of_units[i].item)
      findings.violated(name_of(collected.of_units[i].item), "Two units have this item.");
}

void check_secrets(Collected& collected, Findings& findings) {
  each_double(collected.secrets, findings, [&](const auto& first, const auto& second) {
    findings.violated(
        "items " + std::to_string(first.owner_id) + " and " + std::to_string(second.owner_id),
        "One shop has the same secret twice.");
  });
}

void check_seals(Collected& collected, Findings& findings) {
  each_double(collected.nonces, findings, [&](const auto& first, const auto& second) {
    findings.violated(
        "items " + std::to_string(first.owner_id) + " and " + std::to_string(second.owner_id),
        "Two secrets of one batch were sealed with one nonce.");
  });
  for (const auto& [item, batch] : collected.items_without_batch)
    findings.violated(name_of(item),
                      "Its batch " + std::to_string(batch.value) + " does not exist.");
  for (const auto& item : collected.items_without_nonce)
    findings.violated(name_of(item), "Its sealed secret is too short to have a nonce.");
  for (const auto& [id, batch] : collected.batches) {
    findings.checked();
    if (batch.key_version < 1 || batch.wrapped_key.empty())
      findings.violated("batch " + std::to_string(id.value), "It names no key.");
  }
}

void check_orphans(Collected& collected, Findings& findings) {
  findings.checked();
  for (const auto& [table, count] : collected.orphan_rows)
    findings.violated(table, std::to_string(count) + " rows belong to orders that do not exist.");
}

void check_integrity(Collected& collected, Findings& findings) {
  findings.checked();
  for (const auto& problem : collected.integrity_problems) findings.violated("store", problem);
}

constexpr auto table = std::to_array<StoreRule>({
    {"S7", "", check_trade_numbers},
    {"S13", "", check_balances},
    {"fees", "a channel's fees of a day are booked once, and what corrects them after them",
     check_fees},
    {"S20", "each order has one idempotency key, and each claim names an order", check_idempotency},
    {"S21", "each held or issued item has one unit, and that unit has it", check_owners},
    {"S22", "a shop has each secret once", check_secrets},
    {"S25", "each sealed secret names its key, and no nonce was used twice", check_seals},
    {"orphans", "each row belongs to an order", check_orphans},
    {"integrity", "the store's own check finds nothing", check_integrity},
});

bool has_item(domain::HoldState hold) {
  return hold == domain::HoldState::held || hold == domain::HoldState::consumed;
}

}  // namespace

std::span<const StoreRule> store_rules() { return table; }

void Collected::add(const Story& story) {
  const auto& order = story.order();
  const auto key = order.key();
  claims_expected.push_back({key, 1, std::ssize(order.payments)});
  for (const auto& unit : order.units)
    if (has_item(unit.hold))
      of_units.push_back(
          {unit.item(), key, unit.unit_no, unit.hold == domain::HoldState::consumed});
  for (const auto& payment : order.payments)
    trade_numbers.push_back(
        fingerprint_of(payment.channel + "\n" + payment.trade_no, key.order_id.value));
  for (const auto& transfer : story.rows.transfers) {
    const auto of = [&](const std::string& account) -> domain::Balance& {
      return balance_of(transfer.partition, transfer.currency, account);
    };
    of(transfer.debit).debit_minor += transfer.amount_minor;
    of(transfer.credit).credit_minor += transfer.amount_minor;
  }
}

domain::Balance& Collected::balance_of(domain::Partition partition, domain::Currency currency,
                                       const std::string& account) {
  auto& balance = balances_expected[{partition, account, currency}];
  balance.partition = partition;
  balance.account = account;
  balance.currency = currency;
  return balance;
}

void Collected::add(const domain::FeePosting& posting) {
  for (const auto& change : domain::balance_changes(posting)) {
    auto& balance = balance_of(change.partition, change.currency, change.account);
    balance.debit_minor += change.debit_minor;
    balance.credit_minor += change.credit_minor;
  }
  fee_postings.push_back(posting);
}

void Collected::add(const domain::StockItem& item) {
  if (item.state != domain::ItemState::available)
    of_items.push_back({item.key(),
                        {item.order_partition, item.order_id},
                        item.unit_no,
                        item.state == domain::ItemState::issued});
  secrets.push_back(fingerprint_of(std::to_string(item.shop_id.value) + "\n" + item.fingerprint,
                                   item.item_id.value));
  if (!batches.contains(item.batch_id)) items_without_batch.emplace_back(item.key(), item.batch_id);
  if (item.sealed.size() < nonce_begin + nonce_size)
    return items_without_nonce.push_back(item.key());
  nonces.push_back(fingerprint_of(
      std::to_string(item.batch_id.value) + "\n" + item.sealed.substr(nonce_begin, nonce_size),
      item.item_id.value));
}

void Collected::add(const domain::Claim& claim) {
  const bool is_key = claim.kind == domain::ClaimKind::idempotency_key;
  const bool is_trade = claim.kind == domain::ClaimKind::trade_no;
  claims_found.push_back({claim.owner(), is_key ? 1 : 0, is_trade ? 1 : 0});
}

void Collected::add(const domain::Balance& balance) {
  balances_found.emplace(BalanceKey{balance.partition, balance.account, balance.currency}, balance);
}

}  // namespace daozhang::audit
