#include "api/storefront/pay_redirect.h"

#include <charconv>
#include <utility>

namespace daozhang::api {

const domain::Intent* intent_numbered(const domain::Order& order, std::string_view text) {
  std::int32_t no = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), no);
  if (error != std::errc{} || end != text.data() + text.size()) return nullptr;
  for (const auto& intent : order.intents)
    if (intent.intent_no == no) return &intent;
  return nullptr;
}

net::Response redirect(std::string location) {
  net::Response response;
  response.status = 302;
  response.with("Location", std::move(location)).with("Cache-Control", "no-store");
  return response;
}

}  // namespace daozhang::api
