// A day of a channel's book as the lines of its bill, damaged as the faults want it. Pure. A
// channel's own file writes them in its format; whoever adds one takes its lines from here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "ports/bill.h"
#include "sandbox/fault_board.h"
#include "sandbox/trade_book.h"

namespace daozhang::sandbox {

// What the channels keep: 0.6 percent of a payment, to the nearest fen; a refund gives it back.
std::int64_t fee_of(std::int64_t amount_minor);

// The beginning of a day in Beijing, `yyyy-MM-dd`; nothing for another text.
std::optional<base::Instant> beijing_day(std::string_view day);

struct BillItem {
  ports::BillLine line;
  std::string movement_no;  // The channel's number of this payment or refund.
  std::string subject;
  std::string attach;
};

struct DayBill {
  std::vector<BillItem> items;  // By their time.
  bool exists = false;          // Something happened on that day, or is said to have.
  // What the faults want of the file and of the answer that promises it.
  bool is_creating = false;
  bool has_wrong_hash = false;
  bool has_wrong_totals = false;
  std::int64_t first_fee_more_minor = 0;  // Of a fund flow.
};

// The list of trades, or how the account moved.
enum class BillPart { trades, fund_flow };

// Payments and refunds that happened from `day` on for 24 hours. In a fund flow the faults of its
// own lines strike, not those of the list of trades.
DayBill day_bill(const TradeBook& book, FaultBoard& faults, base::Instant day,
                 BillPart part = BillPart::trades);

}  // namespace daozhang::sandbox
