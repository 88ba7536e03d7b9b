#include "domain/ledger/fee_posting.h"

#include <utility>

#include "domain/ledger/transfer.h"

namespace daozhang::domain {

std::optional<FeePosting> next_posting(std::span<const FeePosting> known,
                                       const std::string& channel, const std::string& day,
                                       std::int64_t sum_minor, Currency currency,
                                       base::Instant at) {
  std::int64_t missing = sum_minor;
  for (const auto& posting : known) missing -= signed_minor(posting);
  if (missing == 0) return std::nullopt;
  FeePosting posting;
  posting.partition = fee_partition;
  posting.channel = channel;
  posting.day = day;
  posting.posting_no = static_cast<std::int32_t>(known.size()) + 1;
  posting.debit = account::channel_fees(channel);
  posting.credit = account::channel_clearing(channel);
  if (missing < 0) std::swap(posting.debit, posting.credit);
  posting.amount_minor = missing < 0 ? -missing : missing;
  posting.currency = known.empty() ? currency : known.front().currency;
  posting.at = at;
  return posting;
}

std::int64_t signed_minor(const FeePosting& posting) {
  return posting.debit == account::channel_fees(posting.channel) ? posting.amount_minor
                                                                 : -posting.amount_minor;
}

}  // namespace daozhang::domain
