#include "api/storefront/channel_entry.h"

#include <algorithm>
#include <array>

#include "api/problem.h"

namespace daozhang::api {
namespace {

constexpr std::size_t payer_id_size_max = 128;

bool is_payer_id(std::string_view text) {
  return !text.empty() && text.size() <= payer_id_size_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

std::pair<bool, std::size_t> place_at_checkout(const ChannelEntry& entry) {
  static constexpr auto order = std::to_array<ports::Way>(
      {ports::Way::page, ports::Way::wap, ports::Way::h5, ports::Way::qr, ports::Way::jsapi});
  const auto& capabilities = entry.channel->capabilities();
  const auto place = std::ranges::find(order, capabilities.way) - order.begin();
  return {capabilities.confirm_by_query, static_cast<std::size_t>(place)};
}

std::optional<net::Response> channel_refusal(const ChannelEntry* channel, std::string_view payer_id,
                                             std::int64_t price_minor, Language language) {
  if (channel == nullptr)
    return problem(422, "channel_unknown", language, {{"channel", "channel_unknown"}});
  if (channel->order_minor_max > 0 && price_minor > channel->order_minor_max)
    return problem(422, "order_too_dear", language, {{"channel", "order_too_dear"}});
  const auto& capabilities = channel->channel->capabilities();
  const bool is_named_later = payer_id.empty() && capabilities.names_payer;
  if (capabilities.way == ports::Way::jsapi && !is_named_later && !is_payer_id(payer_id))
    return problem(422, "payer_id_missing", language, {{"payer_id", "payer_id_missing"}});
  return std::nullopt;
}

domain::Payer payer_of(const ChannelEntry& channel, std::string_view payer_id,
                       std::string_view client_address) {
  const auto& capabilities = channel.channel->capabilities();
  domain::Payer payer;
  if (capabilities.wants_payer_ip) payer.ip = client_address;
  if (capabilities.way == ports::Way::jsapi) payer.id = payer_id;
  payer.to_be_named = capabilities.way == ports::Way::jsapi && payer_id.empty();
  return payer;
}

}  // namespace daozhang::api
