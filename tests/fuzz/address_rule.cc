// Where outgoing calls may go. 16 bytes are an IPv6 address, 4 an IPv4 one, and the rest is asked
// about as text: only public addresses are allowed without a setting, in whatever form they come.
#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "net/http_client.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

constexpr std::uint16_t port = 443;

// The strict rule allows nothing that the lenient one refuses.
bool is_public(const std::string& address) {
  static const net::AddressRule strict = net::public_addresses(false);
  static const net::AddressRule loopback = net::public_addresses(true);
  static const net::AddressRule lenient = net::public_addresses(true, true);
  const bool allowed = strict(address, port);
  if (allowed) CHECK(loopback(address, port));
  if (loopback(address, port)) CHECK(lenient(address, port));
  return allowed;
}

void check_ipv4(std::string_view bytes) {
  std::array<char, INET_ADDRSTRLEN> text{};
  std::array<unsigned char, 4> parts{};
  std::memcpy(parts.data(), bytes.data(), parts.size());
  CHECK(inet_ntop(AF_INET, parts.data(), text.data(), text.size()) != nullptr);
  const bool allowed = is_public(text.data());
  const bool is_inside =
      parts[0] == 0 || parts[0] == 10 || parts[0] == 127 || parts[0] >= 224 ||
      (parts[0] == 169 && parts[1] == 254) || (parts[0] == 172 && parts[1] / 16 == 1) ||
      (parts[0] == 192 && parts[1] == 168) || (parts[0] == 100 && parts[1] / 64 == 1);
  if (is_inside) CHECK(!allowed);
  // An IPv4 address in the clothes of an IPv6 one is not let through.
  for (const char* prefix : {"::ffff:", "::", "64:ff9b::"})
    CHECK(!is_public(prefix + std::string(text.data())));
}

void check_ipv6(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  std::array<unsigned char, 16> parts{};
  std::memcpy(parts.data(), bytes.data(), parts.size());
  CHECK(inet_ntop(AF_INET6, parts.data(), text.data(), text.size()) != nullptr);
  if (is_public(text.data())) CHECK(parts[0] / 32 == 1);  // 2000::/3
}

}  // namespace

void address_rule(std::string_view bytes) {
  if (bytes.size() == 4) check_ipv4(bytes);
  if (bytes.size() == 16) check_ipv6(bytes);
  if (is_public(std::string(bytes))) {
    CHECK(bytes.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos);
  }
}

}  // namespace daozhang::fuzz
