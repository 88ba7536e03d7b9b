// An order as the API shows it. Pure functions of the committed order.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/order/order.h"
#include "json/writer.h"
#include "ports/payment_channel.h"

namespace daozhang::api {

// What the rendering needs besides the order. Lives as long as the server.
struct OrderView {
  std::string public_url;  // Without a slash at the end.
  std::function<ports::Way(std::string_view channel)> way_of;
  // The pay sheet of a channel that has one, see PaymentChannel::pay_sheet; may be empty.
  std::function<std::optional<std::string>(std::string_view channel, std::string_view pay_content)>
      pay_sheet_of;
  // Whether the channel can say who pays, see PaymentChannel::payer_link; may be empty.
  std::function<bool(std::string_view channel)> names_payer = {};
};

// `GET /v1/orders/{order_no}` and each `order` event.
std::string order_json(const domain::Order& order, const OrderView& view);

// The answer to a placed order: only what is fixed at creation, so that a repeat is the same to the
// byte (S20).
std::string placed_order_json(const domain::Order& order, std::string_view access_code,
                              const OrderView& view);

// One payment of the order, as it stands.
void write_payment(json::Writer& json, const domain::Order& order, const domain::Intent& intent,
                   const OrderView& view);

}  // namespace daozhang::api
