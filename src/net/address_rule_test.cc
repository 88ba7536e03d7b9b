#include <gtest/gtest.h>

#include "net/http_client.h"

namespace daozhang::net {
namespace {

TEST(AddressRule, GlobalAddressesAreAllowed) {
  const AddressRule rule = public_addresses(false);
  for (const char* address : {"8.8.8.8", "1.1.1.1", "172.32.0.1", "192.169.0.1", "223.5.5.5",
                              "2400:3200::1", "2606:4700:4700::1111"}) {
    EXPECT_TRUE(rule(address, 443)) << address;
  }
}

TEST(AddressRule, EverythingElseIsRefused) {
  const AddressRule rule = public_addresses(false);
  for (const char* address : {"127.0.0.1",
                              "127.9.9.9",
                              "10.0.0.1",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "0.0.0.0",
                              "100.64.0.1",
                              "224.0.0.1",
                              "255.255.255.255",
                              "198.18.0.1",
                              "192.0.2.1",
                              "::1",
                              "::",
                              "::ffff:8.8.8.8",
                              "::ffff:127.0.0.1",
                              "fe80::1",
                              "fd00::1",
                              "ff02::1",
                              "64:ff9b::a00:1",
                              "2001:db8::1",
                              "2002:7f00:1::1",
                              "::127.0.0.1",
                              "localhost",
                              "0x7f.1",
                              ""}) {
    EXPECT_FALSE(rule(address, 443)) << address;
  }
}

TEST(AddressRule, NoCharacterMayFollowAnAddress) {
  const AddressRule rule = public_addresses(false);
  EXPECT_FALSE(rule(std::string_view("8.8.8.8\0.internal", 17), 443));
  EXPECT_FALSE(rule("8.8.8.8 ", 443));
}

TEST(AddressRule, LoopbackAndPrivateAreOpenedSeparately) {
  EXPECT_TRUE(public_addresses(true)("127.0.0.1", 80));
  EXPECT_TRUE(public_addresses(true)("::1", 80));
  EXPECT_FALSE(public_addresses(true)("10.0.0.1", 80));
  EXPECT_TRUE(public_addresses(false, true)("10.0.0.1", 80));
  EXPECT_TRUE(public_addresses(false, true)("fd00::1", 80));
  EXPECT_FALSE(public_addresses(false, true)("127.0.0.1", 80));
  EXPECT_FALSE(public_addresses(true, true)("169.254.169.254", 80));
}

}  // namespace
}  // namespace daozhang::net
