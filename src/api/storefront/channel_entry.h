// A configured way to pay, and who may pay with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/language.h"
#include "domain/payment/intent.h"
#include "net/http_message.h"
#include "ports/payment_channel.h"

namespace daozhang::api {

struct ChannelEntry {
  std::string code;
  std::string kind;  // Its protocol: channels of one kind are ways to one account's money.
  std::string name_zh;
  std::string name_en;
  std::vector<std::string> aliases;  // Other codes that mean this one.
  ports::PaymentChannel* channel = nullptr;
  std::int64_t order_minor_max = 0;  // Dearer orders can not be paid with it; 0 is no limit.
};

// What to sort by for the checkout: links before codes, and weak channels last.
std::pair<bool, std::size_t> place_at_checkout(const ChannelEntry& entry);

// Why an order of this price can not be paid with the channel (null: there is none of that name) by
// this payer; nothing if it can. A channel that names its payers itself needs no `payer_id`.
// Refuses: channel_unknown, order_too_dear, payer_id_missing.
std::optional<net::Response> channel_refusal(const ChannelEntry* channel, std::string_view payer_id,
                                             std::int64_t price_minor, Language language);

// What the channel wants to know of the payer, and no more.
domain::Payer payer_of(const ChannelEntry& channel, std::string_view payer_id,
                       std::string_view client_address);

}  // namespace daozhang::api
