#include "connectors/payment/wechatpay/account.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/ascii.h"
#include "connectors/payment/wechatpay/test_account.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

std::string refusal(const std::function<void(AccountSettings&)>& spoil) {
  AccountSettings settings = test_settings();
  spoil(settings);
  const auto account = read_account(settings);
  return account ? "read" : std::string(base::name_of(account.error()));
}

void use_certificates(AccountSettings& settings) {
  settings.public_key.clear();
  settings.public_key_id.clear();
  settings.platform_certificates = test_certificate();
}

TEST(WechatpayAccount, IsReadFromItsTexts) {
  EXPECT_EQ(refusal([](auto&) {}), "read");
  EXPECT_EQ(refusal([](auto& s) { s.way = ports::Way::h5; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.way = ports::Way::jsapi; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.api_url = "http://127.0.0.1:9000"; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.notify_url = "http://127.0.0.1:8080/v1/notify/w"; }), "read");
  EXPECT_FALSE(test_account().keeps_certificates);
  auto settings = test_settings();
  settings.api_url += "/";
  settings.merchant_serial = "25f8aa5452d55497c24ba57dc81b1e5915dc2e77";
  EXPECT_EQ(read_account(settings)->api_url, "https://api.mch.weixin.qq.com");
  EXPECT_EQ(read_account(settings)->merchant_serial, "25F8AA5452D55497C24BA57DC81B1E5915DC2E77");
}

TEST(WechatpayAccount, EveryEmptyOrWrongWordStopsIt) {
  for (const char* mchid : {"", "1900 0001", "19000", "190000000x"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.mchid = mchid; }), "mchid_unusable") << mchid;
  }
  EXPECT_EQ(refusal([](auto& s) { s.appid = ""; }), "appid_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.appid = "wx-1"; }), "appid_unusable");
  for (const char* url : {"", "api.mch.weixin.qq.com", "http://api.mch.weixin.qq.com", "https://",
                          "https:///", "https://a/b", "http://127.0.0.1.evil.example",
                          "http://localhost:1@evil.example", "https://a?x=1", "https://a b"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.api_url = url; }), "api_url_unusable") << url;
  }
  for (const char* url : {"", "/v1/notify", "https://a/n?x=1", "https://a/n#x", "ftp://a/n"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.notify_url = url; }), "notify_url_unusable") << url;
  }
  EXPECT_EQ(refusal([](auto& s) { s.way = ports::Way::page; }), "way_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.way = ports::Way::wap; }), "way_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.merchant_private_key = ""; }), "merchant_private_key_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.merchant_private_key = s.public_key; }),
            "merchant_private_key_unusable");
  for (const char* serial : {"", "25F8", "0000000000", "not hexadecimal", "25F8AA5452D5549 "}) {
    EXPECT_EQ(refusal([&](auto& s) { s.merchant_serial = serial; }), "merchant_serial_unusable");
  }
}

TEST(WechatpayAccount, AnApiKeyThatAnybodyWouldGuessStopsIt) {
  for (const char* key :
       {"", "short", "00000000000000000000000000000000", "aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA",
        "01234567890123456789012345678901", "12345678901234567890123456789012",
        "0123456789abcdef0123456789abcdef", "abcdefghijklmnopqrstuvwxyz123456",
        "ZYXWVUTSRQPONMLKJIHGFEDCBA987654", "your_api_v3_key_of_32_characters",
        "changeme-changeme-changeme-12345", "kQ7vX2mB9rT4wZ8nL5cJ1pH6sD3fG0y",
        "kQ7vX2mB9rT4wZ8nL5cJ1pH6sD3fG0y ", "kQ7vX2mB9rT4wZ8nL5cJ1pH6sD3fG0yA\n"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.api_v3_key = key; }), "api_v3_key_unusable") << key;
  }
  EXPECT_FALSE(is_guessable(test_api_v3_key));
  EXPECT_FALSE(is_guessable("53D67FCB97E68F9998CBD17ED7A8D1E2"));
}

TEST(WechatpayAccount, AnAppSecretIsForTheSheetAloneAndNotAnExamples) {
  const auto with = [](const char* secret, ports::Way way = ports::Way::jsapi) {
    return refusal([&](auto& s) {
      s.way = way;
      s.app_secret = secret;
    });
  };
  const char* good = "53d67fcb97e68f9998cbd17ed7a8d1e2";
  EXPECT_EQ(with(good), "read");
  EXPECT_EQ(with(""), "read") << "for programs that know the openid";
  EXPECT_EQ(with(good, ports::Way::qr), "app_secret_unneeded");
  for (const char* secret :
       {"short", "00000000000000000000000000000000", "0123456789abcdef0123456789abcdef",
        "your_app_secret_of_32_characters", "53d67fcb97e68f9998cbd17ed7a8d1e",
        "53d67fcb97e68f9998cbd17ed7a8d1e2 "})
    EXPECT_EQ(with(secret), "app_secret_unusable") << secret;
  for (const char* url : {"", "http://open.weixin.qq.com/a", "https://", "https://a/b?x=1",
                          "https://a/b#c", "http://127.0.0.1.evil.example/a"}) {
    const auto at = [&](bool is_token) {
      return refusal([&](auto& s) {
        s.way = ports::Way::jsapi;
        s.app_secret = good;
        (is_token ? s.token_url : s.authorize_url) = url;
      });
    };
    EXPECT_EQ(at(false), "authorize_url_unusable") << url;
    EXPECT_EQ(at(true), "token_url_unusable") << url;
  }
  EXPECT_EQ(refusal([&](auto& s) {
              s.way = ports::Way::jsapi;
              s.app_secret = good;
              s.authorize_url = "http://127.0.0.1:8090/connect/oauth2/authorize";
            }),
            "read");
}

TEST(WechatpayAccount, SomethingMustProveTheChannel) {
  const auto none = [](AccountSettings& s) { s.public_key_id = s.public_key = ""; };
  EXPECT_EQ(refusal(none), "verification_key_missing");
  EXPECT_EQ(refusal([&](auto& s) {
              none(s);
              s.download_certificates = true;
            }),
            "read");
  EXPECT_EQ(refusal([](auto& s) { s.public_key = ""; }), "public_key_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.public_key = s.merchant_private_key; }), "public_key_unusable");
  for (const char* id : {"", "PUB_KEY_ID_", "PUB_KEY_ID_x", "0100000000012026112200000001"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.public_key_id = id; }), "public_key_id_unusable") << id;
  }
  EXPECT_EQ(refusal([](auto& s) { s.platform_certificates = "none"; }),
            "platform_certificates_unusable");
}

TEST(WechatpayAccount, BothKindsOfKeyMayBeGivenAtOnce) {
  EXPECT_EQ(refusal(use_certificates), "read");
  AccountSettings settings = test_settings();
  settings.platform_certificates = test_certificate();
  const auto account = read_account(settings);
  ASSERT_TRUE(account.has_value());
  EXPECT_TRUE(account->keeps_certificates);
  EXPECT_NE(account->platform_keys.find(test_public_key_id, test_now), nullptr);
  EXPECT_NE(account->platform_keys.find(test_certificate_serial, test_now), nullptr);
  EXPECT_NE(account->platform_keys.find(base::lower(test_certificate_serial), test_now), nullptr);
  EXPECT_EQ(account->platform_keys.find("", test_now), nullptr);
}

TEST(WechatpayAccount, AnEndedCertificateIsNoKey) {
  AccountSettings settings = test_settings();
  use_certificates(settings);
  PlatformKeys keys = read_account(settings)->platform_keys;
  const auto after = test_now + base::hours(1000);
  EXPECT_EQ(keys.find(test_certificate_serial, after), nullptr);
  keys.forget_ended(after);
  EXPECT_FALSE(keys.has_certificates());
}

TEST(WechatpayAccount, TheOwnKeyIsNotWechats) {
  EXPECT_EQ(refusal([](auto& s) { s.public_key = test_merchant_key().public_key_pem(); }),
            "verification_key_is_own");
  EXPECT_EQ(refusal([](auto& s) {
              use_certificates(s);
              s.platform_certificates = crypto::make_certificate(
                  test_merchant_key(), "0A0B0C0D", test_now, test_now + base::hours(1));
            }),
            "verification_key_is_own");
}

TEST(WechatpayAccount, ShortKeysStopIt) {
  const auto key = crypto::RsaPrivateKey::generate(1024);
  EXPECT_EQ(refusal([&](auto& s) { s.merchant_private_key = key.to_pem(); }), "key_too_short");
  EXPECT_EQ(refusal([&](auto& s) { s.public_key = key.public_key_pem(); }), "key_too_short");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
