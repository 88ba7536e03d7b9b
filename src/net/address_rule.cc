#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "net/http_client.h"

namespace daozhang::net {
namespace {

using Bytes = std::array<unsigned char, 16>;

enum class Kind { loopback, private_use, never };

struct Range {
  std::array<unsigned char, 6> prefix;
  unsigned bits;
  Kind kind;
};

// IANA special-purpose registries (RFC 6890 and its successors), and multicast.
constexpr std::array ipv4_ranges{
    Range{{0}, 8, Kind::never},
    Range{{10}, 8, Kind::private_use},
    Range{{100, 64}, 10, Kind::never},
    Range{{127}, 8, Kind::loopback},
    Range{{169, 254}, 16, Kind::never},
    Range{{172, 16}, 12, Kind::private_use},
    Range{{192, 0, 0}, 24, Kind::never},
    Range{{192, 0, 2}, 24, Kind::never},
    Range{{192, 88, 99}, 24, Kind::never},
    Range{{192, 168}, 16, Kind::private_use},
    Range{{198, 18}, 15, Kind::never},
    Range{{198, 51, 100}, 24, Kind::never},
    Range{{203, 0, 113}, 24, Kind::never},
    Range{{224}, 3, Kind::never},
};

// Inside 2000::/3, the only block of global unicast.
constexpr std::array ipv6_ranges{
    Range{{0x20, 0x01, 0x00, 0x00}, 23, Kind::never},
    Range{{0x20, 0x01, 0x0d, 0xb8}, 32, Kind::never},
    Range{{0x20, 0x02}, 16, Kind::never},
    Range{{0x3f, 0xff, 0x00}, 20, Kind::never},
};

bool is_in(const Bytes& address, const Range& range) {
  const std::size_t whole = range.bits / 8;
  if (!std::equal(range.prefix.begin(), range.prefix.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.begin())) {
    return false;
  }
  const unsigned rest = range.bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xffU << (8 - rest));
  return (address[whole] & mask) == (range.prefix[whole] & mask);
}

bool is_allowed(Kind kind, bool allow_loopback, bool allow_private) {
  switch (kind) {
    case Kind::loopback:
      return allow_loopback;
    case Kind::private_use:
      return allow_private;
    case Kind::never:
      return false;
  }
  return false;
}

bool ipv4_allowed(const Bytes& address, bool allow_loopback, bool allow_private) {
  for (const Range& range : ipv4_ranges) {
    if (is_in(address, range)) return is_allowed(range.kind, allow_loopback, allow_private);
  }
  return true;
}

bool ipv6_allowed(const Bytes& address, bool allow_loopback, bool allow_private) {
  Bytes loopback{};
  loopback[15] = 1;
  if (address == loopback) return allow_loopback;
  if (is_in(address, Range{{0xfc}, 7, Kind::private_use})) return allow_private;
  if (!is_in(address, Range{{0x20}, 3, Kind::never})) return false;
  return std::none_of(ipv6_ranges.begin(), ipv6_ranges.end(),
                      [&](const Range& range) { return is_in(address, range); });
}

}  // namespace

AddressRule public_addresses(bool allow_loopback, bool allow_private) {
  return [=](std::string_view address, std::uint16_t) {
    const std::string text(address);
    if (text.find('\0') != std::string::npos) return false;  // inet_pton would stop there.
    Bytes bytes{};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
      return ipv4_allowed(bytes, allow_loopback, allow_private);
    }
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
      return ipv6_allowed(bytes, allow_loopback, allow_private);
    }
    return false;
  };
}

}  // namespace daozhang::net
