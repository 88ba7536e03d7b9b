// The writes beside the orders, each inside a transaction that the caller has begun and ends: fees
// of channels, and messages that are let go of.
//
// Thread: that of its database.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ports/channel_fees.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {

// As ports::ChannelFees; `postings` are those of the channel and day afterwards.
std::optional<ports::CommitRefusal> write_fees(Database& database, const ports::DayFees& fees,
                                               std::vector<domain::FeePosting>& postings);

struct Forgotten {
  std::int64_t rows = 0;
  std::int64_t messages = 0;  // As the store counts them: a row for each time it was seen.
};
// As ports::InboxUpkeep.
std::optional<ports::CommitRefusal> forget_refused_rows(Database& database, base::Instant before,
                                                        std::int64_t limit, Forgotten& forgotten);

}  // namespace daozhang::storage::sqlite
