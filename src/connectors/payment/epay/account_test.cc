#include "connectors/payment/epay/account.h"

#include <gtest/gtest.h>

#include <functional>

#include "connectors/payment/epay/test_account.h"

namespace daozhang::connectors::payment::epay {
namespace {

std::string refusal(const std::function<void(AccountSettings&)>& spoil,
                    Version version = Version::v1) {
  AccountSettings settings = test_settings(version);
  spoil(settings);
  const auto account = read_account(settings);
  return account ? "read" : std::string(base::name_of(account.error()));
}

std::string with_key(std::string_view key) {
  return refusal([&](auto& s) { s.merchant_key = key; });
}

TEST(EpayAccount, IsReadFromItsTexts) {
  EXPECT_EQ(refusal([](auto&) {}), "read");
  EXPECT_EQ(refusal([](auto&) {}, Version::v2), "read");
  EXPECT_EQ(refusal([](auto& s) { s.base_url = "http://127.0.0.1:9000/"; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.base_url = "https://pay.example/shop/"; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.pid = "merchant-7_a"; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.dialect.key_prefix = "&key="; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.type = ""; }), "read");
}

TEST(EpayAccount, DefaultsAreTheSafeOnes) {
  const Dialect dialect;
  EXPECT_EQ(dialect.key_prefix, "");
  EXPECT_EQ(dialect.api_method, ApiMethod::post);
  EXPECT_FALSE(dialect.refund);
  EXPECT_EQ(dialect.refund_again, RefundAgain::by_hand);
  EXPECT_FALSE(dialect.close);
  EXPECT_FALSE(dialect.unsigned_failures);
}

TEST(EpayAccount, EveryEmptyOrWrongSettingStopsIt) {
  for (const char* url :
       {"", "pay.example/", "http://pay.example/", "https://", "https:///", "https://pay.example",
        "https://pay.example/?a=1/", "https://user:pw@pay.example/", "http://127.0.0.1.evil.test/",
        "http://localhost:1@evil.test/", "https://pay example/", "https://pay.example/#/"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.base_url = url; }), "base_url_unusable") << url;
  }
  for (const char* pid : {"", "10 01", "1001&key=", "一", "123456789012345678901234567890123"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.pid = pid; }), "pid_unusable") << pid;
  }
  for (const char* type : {"Alipay", "ali pay", "alipay&x=", "a23456789012345678901234567890123"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.type = type; }), "type_unusable") << type;
  }
  for (const char* url : {"", "/v1/notify", "https://shop.example/n?x=1", "https://a/n&x=1"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.notify_url = url; }), "notify_url_unusable") << url;
  }
  EXPECT_EQ(refusal([](auto& s) { s.way = ports::Way::jsapi; }), "way_unsupported");
  EXPECT_EQ(refusal([](auto& s) { s.dialect.key_prefix = "key="; }), "key_prefix_unsupported");
  EXPECT_EQ(refusal([](auto& s) { s.dialect.status_paid = "0"; }), "status_words_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.dialect.status_refunded = ""; }), "status_words_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.dialect.not_found_words = {""}; }), "not_found_words_unusable");
}

TEST(EpayAccount, WhatItsVersionCanNotDoStopsIt) {
  const auto by_number = [](auto& s) { s.dialect.refund_again = RefundAgain::by_number; };
  const auto with_close = [](auto& s) { s.dialect.close = true; };
  EXPECT_EQ(refusal(by_number), "refund_again_unsupported");
  EXPECT_EQ(refusal(with_close), "close_unsupported");
  EXPECT_EQ(refusal(by_number, Version::v2), "read");
  EXPECT_EQ(refusal(with_close, Version::v2), "read");
  const auto without_refunds = [](AccountSettings& s) { s.dialect.refund = false; };
  EXPECT_EQ(refusal(without_refunds, Version::v2), "refund_again_unsupported");
  EXPECT_TRUE(read_account(cautious_settings()));
}

TEST(EpayAccount, AnOrderMadeByACallNamesItsType) {
  const auto qr_without_type = [](AccountSettings& s) {
    s.way = ports::Way::qr;
    s.type = "";
  };
  EXPECT_EQ(refusal(qr_without_type), "type_unusable");
}

TEST(EpayAccount, AMerchantKeyThatCanBeGuessedStopsIt) {
  EXPECT_EQ(with_key(""), "merchant_key_too_short");
  EXPECT_EQ(with_key("kT7wQz29LmXc84R"), "merchant_key_too_short");
  EXPECT_EQ(with_key("kT7wQz29LmXc84Rv"), "read");
  EXPECT_EQ(with_key("kT7wQz29 mXc84RvNb"), "merchant_key_unusable");
  EXPECT_EQ(with_key("kT7wQz29LmXc84RvNb\n"), "merchant_key_unusable");
  EXPECT_EQ(with_key("密kT7wQz29LmXc84Rv"), "merchant_key_unusable");
  for (const char* key :
       {"aaaaaaaaaaaaaaaa", "0000000000000000", "1212121212121212", "1234567890123456",
        "abcdefghijklmnop", "0123456789abcdef", "qzPw81Lm1001qzPw81Lm1001", "myPassword-9qT7wL",
        "changemechangeme", "aabbccddaabbccdd", "yourkeyGoesHere42"}) {
    EXPECT_EQ(with_key(key), "merchant_key_guessable") << key;
  }
  const auto pid_as_key = [](AccountSettings& s) {
    s.pid = "2026k1T9wQ7zM5x3";
    s.merchant_key = s.pid;
  };
  EXPECT_EQ(refusal(pid_as_key), "merchant_key_guessable");
}

TEST(EpayAccount, V2WantsTwoLongKeysOfTwoOwners) {
  const auto v2 = [](const std::function<void(AccountSettings&)>& spoil) {
    return refusal(spoil, Version::v2);
  };
  EXPECT_EQ(v2([](auto& s) { s.merchant_private_key = ""; }), "merchant_private_key_unusable");
  EXPECT_EQ(v2([](auto& s) { s.platform_public_key = ""; }), "platform_public_key_unusable");
  EXPECT_EQ(v2([](auto& s) { s.platform_public_key = s.merchant_private_key; }),
            "platform_public_key_unusable");
  EXPECT_EQ(v2([](auto& s) { s.platform_public_key = test_own_key().public_key_pem(); }),
            "platform_key_is_own");
  const auto key = crypto::RsaPrivateKey::generate(1024);
  EXPECT_EQ(v2([&](auto& s) { s.merchant_private_key = key.to_pem(); }), "key_too_short");
  EXPECT_EQ(v2([&](auto& s) { s.platform_public_key = key.public_key_pem(); }), "key_too_short");
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
