// The requests of the load as bytes, and what its answers say. The paths and fields are the fixed
// points of src/api/openapi.yaml; the notification is signed as Alipay does. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "crypto/rsa.h"
#include "hammer/http_answer.h"

namespace daozhang::hammer {

// Who pays whom: what the shop's channel was configured with.
struct Merchant {
  std::string app_id;
  std::string seller_id;
};

struct PlacedOrder {
  std::string order_no;
  std::string access_code;
  std::string pay_path;  // `/pay/…`
  std::int64_t amount_minor = 0;
};

// `key`: 22 to 128 of [A-Za-z0-9_-].
std::string place_request(std::string_view sku, std::string_view channel, std::string_view key);
// Nothing unless the answer is 201 with everything that a client needs.
std::optional<PlacedOrder> read_placed(const Answer& answer);

std::string pay_request(const PlacedOrder& order);
// 302 to a signed address.
bool is_pay_link(const Answer& answer);

// Alipay's numbers are 28 digits that begin with the date and rise with time; `count` of a moment.
std::string trade_number(base::Instant at, std::size_t count);

// POST of the notification that the first payment of `order` succeeded.
std::string notify_request(std::string_view channel, const PlacedOrder& order,
                           const Merchant& merchant, const crypto::RsaPrivateKey& alipay_key,
                           std::string_view trade_no, base::Instant paid_at);
bool is_taken(const Answer& answer);

std::string order_request(const PlacedOrder& order);
// The order's state in the answer; empty if there is none.
std::string state_in(const Answer& answer);

}  // namespace daozhang::hammer
