#include "api/storefront/channel_entry.h"

#include <algorithm>

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

std::optional<net::Response> channel_refusal(const ChannelEntry* channel, std::string_view payer_id,
                                             std::int64_t price_minor, Language language) {
  if (channel == nullptr)
    return problem(422, "channel_unknown", language, {{"channel", "channel_unknown"}});
  if (channel->order_minor_max > 0 && price_minor > channel->order_minor_max)
    return problem(422, "order_too_dear", language, {{"channel", "order_too_dear"}});
  if (channel->channel->capabilities().way == ports::Way::jsapi && !is_payer_id(payer_id))
    return problem(422, "payer_id_missing", language, {{"payer_id", "payer_id_missing"}});
  return std::nullopt;
}

domain::Payer payer_of(const ChannelEntry& channel, std::string_view payer_id,
                       std::string_view client_address) {
  const auto& capabilities = channel.channel->capabilities();
  domain::Payer payer;
  if (capabilities.wants_payer_ip) payer.ip = client_address;
  if (capabilities.way == ports::Way::jsapi) payer.id = payer_id;
  return payer;
}

}  // namespace daozhang::api
