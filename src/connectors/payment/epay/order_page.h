// One page of an epay gateway's order list: the nearest thing to a bill that the protocol has.
// Pure; any thread. Asking for page after page until a page's oldest order is before the day, or a
// page is not full, is the gateway's matter; pages move while orders come in, so an order may be
// seen twice.
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

struct OrderPage {
  // Paid orders, and refunded ones with the dialect's word as their status: the list tells neither
  // amount nor time of a refund, nor fees. `line_no` counts on from the page's first order.
  std::vector<ports::BillLine> lines;
  std::size_t order_count = 0;  // On the page, unpaid ones included.
  base::Instant oldest_at;      // addtime of the oldest; unset if a page tells no times.
};

// `line_no_first`: of the page's first order. The orders stand in `data`, an array, or (V2) the
// text of one, which then is signed; an array in a V2 reply is as good as its connection. Refuses:
// unavailable (no proof, or code is failure), unreadable (an order without numbers, time or exact
// money).
base::Result<OrderPage, ports::BillRefusal> read_order_page(const Account& account,
                                                            std::string_view raw,
                                                            std::int64_t line_no_first,
                                                            base::Instant now);

}  // namespace daozhang::connectors::payment::epay
