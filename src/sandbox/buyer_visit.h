// Opens an address as the payer's browser would, following redirects, until it stands at our
// cashier; then pays. For tests that have no browser.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sandbox/service.h"

namespace daozhang::sandbox {

struct VisitRequest {
  std::string url;  // The shop's pay address, the signed link of page.pay or wap.pay, or a qr_code.
  std::optional<std::int64_t> amount_minor;
  bool pays = true;  // False: only looks, which makes the trade.
};

struct VisitResult {
  bool arrived = false;  // At the cashier of a trade.
  int status = 0;        // Of the last page.
  std::string last_url;
  std::string page;  // The last page when it was not the cashier, cut to 2 KiB.
  std::string error;
  Payment payment;  // The trade as it is now; the outcome only if it was asked to pay.
};

// `done` runs once, on the client's thread. At most 8 redirects.
void visit(Service& service, VisitRequest request, std::function<void(VisitResult)> done);

// The absolute address that `location` means on the page `base`; empty if it is no http address.
std::string resolve(std::string_view base, std::string_view location);

}  // namespace daozhang::sandbox
