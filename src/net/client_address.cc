#include "net/client_address.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace daozhang::net {
namespace {

// All X-Forwarded-For fields as one list, the nearest hop last.
std::vector<std::string> hops_of(const Headers& headers) {
  std::vector<std::string> hops;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const Headers::Field field = headers.at(i);
    if (!is_same_header_name(field.name, "X-Forwarded-For")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      std::string_view hop = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(hop.size() + 1, rest.size()));
      while (hop.starts_with(' ')) hop.remove_prefix(1);
      while (hop.ends_with(' ')) hop.remove_suffix(1);
      hops.emplace_back(hop);
    }
  }
  return hops;
}

}  // namespace

std::string client_address(std::string_view peer, const Headers& headers,
                           const std::vector<std::string>& trusted_proxies) {
  const auto is_trusted = [&trusted_proxies](std::string_view address) {
    return std::find(trusted_proxies.begin(), trusted_proxies.end(), address) !=
           trusted_proxies.end();
  };
  std::string client(peer);
  if (!is_trusted(peer)) return client;
  const std::vector<std::string> hops = hops_of(headers);
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(*hop, error);
    if (error) return client;
    client = address.to_string();
    if (!is_trusted(client)) return client;
  }
  return client;
}

}  // namespace daozhang::net
