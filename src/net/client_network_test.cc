#include "net/client_network.h"

#include <gtest/gtest.h>

namespace daozhang::net {
namespace {

TEST(ClientNetwork, AllAddressesOfOneIpv6LineAreOneClient) {
  EXPECT_EQ(client_network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_network("2001:db8:1:2::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_network("2001:db8:1:2:ffff:ffff:ffff:ffff"), "2001:db8:1:2::/64");
  EXPECT_NE(client_network("2001:db8:1:3::1"), "2001:db8:1:2::/64");
}

TEST(ClientNetwork, AnIpv4AddressIsOneClientHoweverItIsWritten) {
  EXPECT_EQ(client_network("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_network("192.0.2.2"), "192.0.2.2");
  EXPECT_EQ(client_network("::ffff:192.0.2.1"), "192.0.2.1");
}

TEST(ClientNetwork, WhatIsNoAddressIsItself) {
  EXPECT_EQ(client_network(""), "");
  EXPECT_EQ(client_network("unix"), "unix");
}

}  // namespace
}  // namespace daozhang::net
