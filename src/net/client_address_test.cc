#include "net/client_address.h"

#include <gtest/gtest.h>

namespace daozhang::net {
namespace {

const std::vector<std::string> proxies{"127.0.0.1", "10.0.0.2"};

std::string client(std::string_view peer, const std::vector<std::string>& forwarded) {
  Headers headers;
  for (const std::string& value : forwarded) headers.add("x-forwarded-for", value);
  return client_address(peer, headers, proxies);
}

TEST(ClientAddress, IsThePeerWhenNoProxyOfOursSpeaks) {
  EXPECT_EQ(client("203.0.113.9", {"1.2.3.4"}), "203.0.113.9");
  EXPECT_EQ(client("127.0.0.1", {}), "127.0.0.1");
}

TEST(ClientAddress, IsTheLastHopThatIsNoProxyOfOurs) {
  EXPECT_EQ(client("127.0.0.1", {"1.2.3.4"}), "1.2.3.4");
  EXPECT_EQ(client("127.0.0.1", {"1.2.3.4, 10.0.0.2"}), "1.2.3.4");
  EXPECT_EQ(client("127.0.0.1", {"9.9.9.9, 1.2.3.4", "10.0.0.2"}), "1.2.3.4");
  EXPECT_EQ(client("127.0.0.1", {"2001:DB8::1"}), "2001:db8::1");
}

TEST(ClientAddress, AnInventedListChangesNothing) {
  EXPECT_EQ(client("127.0.0.1", {"evil"}), "127.0.0.1");
  EXPECT_EQ(client("127.0.0.1", {"1.2.3.4, "}), "127.0.0.1");
  EXPECT_EQ(client("127.0.0.1", {"1.1.1.1, evil, 10.0.0.2"}), "10.0.0.2");
  EXPECT_EQ(client("127.0.0.1", {"9.9.9.9, 5.6.7.8"}), "5.6.7.8");
}

}  // namespace
}  // namespace daozhang::net
