// What a channel keeps for its work, in the ledger: postings that belong to no order but to a
// channel and a day of its bill. A day's first posting is the sum of its bill; a later one is the
// difference that a corrected bill makes. docs/decisions/0020.
//
// channel_fees:CHANNEL <- channel_clearing:CHANNEL, and the other way round where the channel gave
// more fees back than it took.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/instant.h"
#include "domain/identity/ids.h"
#include "domain/identity/record.h"
#include "domain/money/money.h"

namespace daozhang::domain {

struct FeePosting {
  Partition partition;
  std::string channel;
  std::string day;              // YYYY-MM-DD of Beijing: of the bill.
  std::int32_t posting_no = 0;  // From 1 within (channel, day).
  std::string debit;
  std::string credit;
  std::int64_t amount_minor = 0;  // > 0
  Currency currency = Currency::CNY;
  base::Instant at;  // When it was posted.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("channel", self.channel);
    visit("day", self.day);
    visit("posting_no", self.posting_no);
    visit("debit", self.debit);
    visit("credit", self.credit);
    visit("amount_minor", self.amount_minor);
    visit("currency", self.currency);
    visit("at", self.at);
  }
  friend bool operator==(const FeePosting&, const FeePosting&) = default;
};

// Where all postings of fees stand: there are few of them, so one partition holds them.
inline constexpr Partition fee_partition{0};

// What `known`, the postings of the channel and day by number, lack of `sum_minor` (below zero if
// more fees came back than were taken); nothing if they lack nothing. One channel has one currency:
// that of the first posting, whatever a bill without lines is thought to be in.
std::optional<FeePosting> next_posting(std::span<const FeePosting> known,
                                       const std::string& channel, const std::string& day,
                                       std::int64_t sum_minor, Currency currency, base::Instant at);

// What a posting adds to the fees: below zero if they came back.
std::int64_t signed_minor(const FeePosting& posting);

}  // namespace daozhang::domain
