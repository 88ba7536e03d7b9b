// One page of an epay gateway's order list: the nearest thing to a bill that the protocol has, and
// how far the list must be read. Pure; any thread. Pages move while orders come in, so an order may
// be seen twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/epay/account.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::epay {

// One kind of time over the orders of a page that have it.
struct PageTimes {
  base::Instant oldest;            // Unset if no order has one.
  bool never_rises = true;         // None is later than the one before it.
  bool falls = false;              // Some is earlier than the one before it.
  base::Instant latest_seen = {};  // While reading: that of the order before.
};

struct OrderPage {
  // Paid orders, and refunded ones with the dialect's word as their status: the list tells neither
  // amount nor time of a refund, nor fees. `line_no` counts on from the page's first order.
  std::vector<ports::BillLine> lines;
  std::size_t order_count = 0;  // On the page, unpaid ones included.
  PageTimes added;              // addtime of all orders.
  PageTimes paid;               // endtime of those that are lines.
};

// `line_no_first`: of the page's first order. The orders stand in `data`, an array, or (V2) the
// text of one, which then is signed; an array in a V2 reply is as good as its connection. Refuses:
// unavailable (no proof, or code is failure), unreadable (an order without numbers, time or exact
// money).
base::Result<OrderPage, ports::BillRefusal> read_order_page(const Account& account,
                                                            std::string_view raw,
                                                            std::int64_t line_no_first,
                                                            base::Instant now);

// Says when all payments of a day have been seen. Gateways sort their list by when orders were made
// or by when they were paid, newest first or not, and none says which; an order that was made
// before midnight and paid after it belongs to the day of the payment. So each sort counts as
// possible until a page contradicts it, and reading ends when every sort that is still possible
// says that nothing of the day can follow. A list in another order is read to its end.
//
// By when they were made, an order of before the day may still be paid in it: `paid_late_max`
// reaches as far back as the last look at a payment that was let go (domain/policy/policy.h).
class DayInList {
 public:
  static constexpr base::Duration paid_late_max = base::hours(25);

  explicit DayInList(base::Instant from) : from_(from) {}
  // Takes the pages in their order; true once the page ends the day.
  bool ends_with(const OrderPage& page);

 private:
  struct Sort {
    bool is_possible = true;
    bool is_seen = false;  // Times that only repeat themselves prove no sort.
    base::Instant oldest;
    void take(const PageTimes& times);
    [[nodiscard]] bool is_before(base::Instant moment) const {
      return is_seen && oldest.is_set() && oldest < moment;
    }
  };
  base::Instant from_;
  Sort by_added_;
  Sort by_paid_;
};

}  // namespace daozhang::connectors::payment::epay
