#include "domain/ledger/balances.h"

#include "base/check.h"

namespace daozhang::domain {

std::vector<Balance> balance_changes(std::span<const Transfer> transfers) {
  std::map<std::tuple<Partition, std::string, Currency>, Balance> sums;
  const auto row = [&](const Transfer& transfer, const std::string& account) -> Balance& {
    auto& balance = sums[{transfer.partition, account, transfer.currency}];
    balance.partition = transfer.partition;
    balance.account = account;
    balance.currency = transfer.currency;
    return balance;
  };
  for (const auto& transfer : transfers) {
    CHECK(transfer.amount_minor > 0);
    CHECK(transfer.debit != transfer.credit);
    row(transfer, transfer.debit).debit_minor += transfer.amount_minor;
    row(transfer, transfer.credit).credit_minor += transfer.amount_minor;
  }
  std::vector<Balance> result;
  for (auto& [key, balance] : sums) result.push_back(std::move(balance));
  return result;
}

std::vector<Balance> balance_changes(const FeePosting& posting) {
  CHECK(posting.amount_minor > 0);
  CHECK(posting.debit != posting.credit);
  return {{posting.partition, posting.debit, posting.currency, posting.amount_minor, 0},
          {posting.partition, posting.credit, posting.currency, 0, posting.amount_minor}};
}

}  // namespace daozhang::domain
