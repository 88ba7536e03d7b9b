#include "connectors/payment/alipay/account.h"

#include <gtest/gtest.h>

#include <functional>

#include "connectors/payment/alipay/test_account.h"
#include "crypto/base64.h"

namespace daozhang::connectors::payment::alipay {
namespace {

// Self-signed, made for this test; its key was thrown away.
const std::string certificate = R"(-----BEGIN CERTIFICATE-----
MIIDQTCCAikCECAjBgdpuZUp3BixasEv1pUwDQYJKoZIhvcNAQELBQAwXjELMAkG
A1UEBhMCQ04xFTATBgNVBAoMDOWIsOi0pua1i+ivlTEWMBQGA1UECwwNRGFvemhh
bmcgVGVzdDEgMB4GA1UEAwwXRGFvemhhbmcgVGVzdCBSb290LCBvbmUwIBcNMjYx
MTIyMTMxNjAwWhgPMjEyNjEwMjkxMzE2MDBaMF4xCzAJBgNVBAYTAkNOMRUwEwYD
VQQKDAzliLDotKbmtYvor5UxFjAUBgNVBAsMDURhb3poYW5nIFRlc3QxIDAeBgNV
BAMMF0Rhb3poYW5nIFRlc3QgUm9vdCwgb25lMIIBIjANBgkqhkiG9w0BAQEFAAOC
AQ8AMIIBCgKCAQEAyTNNz5HnzKj5/OKMiBxo46qkV41H4QvXR8M87Aa41KBFU2PI
fa/9k/XnECObxD2gSQN9C42zndcS4wiugdTrDe02AXSuuVWgmJltldXRRICy8y8J
aQ9Kxn58PjpKaBkJ4vujeTu2sWQVkOH7LN006knZn5hUua26jBf98RvCidUEEDST
HE0s3PgwH+/BVvGusCD3MUYclWHuqTi9g76Q4NM5nmbu9gesZlTBI6uU06dPy2A7
/MuaaQQW5F38826/hii6nzYY5+0Hdwkt8t3UPsDfuGRr+66mFyTLdUrVsLDay8N9
T8Kqiibf7asrYDwPBSAhZoLuMdh1Kc47J1PIIQIDAQABMA0GCSqGSIb3DQEBCwUA
A4IBAQBNgVRKGlQ4FJMPcjwbjk4PTjWFurKLTFZswH4Hmy2XbREZUmpavwkbpi7k
rp0Q57A59bt0/PFnu19rhQq2Xi5QcYnKGXT53ObOA/P/YbIAdo/AY7igjeY9hYtr
FzyAFXjy1JWkfQoHUEH89tLAJuSssTcdPsjNPxvg+J1j+cw3adZeK4pkaqUybMCa
zJ0Yq+9UhLbU/xjP4teAGs2loUxu5nigKGSSIbnho6pJgn0BZE6ll2gTh3BkKo/q
fP2XHc0P75/IBaQvz5UhzuZuNshG/invcrlsimgIDa3Q5YKcD2qBewrwmPVzTDLF
a05grn89wm78INPChGFZW7nlx0jQ
-----END CERTIFICATE-----
)";

std::string refusal(const std::function<void(AccountSettings&)>& spoil) {
  AccountSettings settings = test_settings();
  spoil(settings);
  const auto account = read_account(settings);
  return account ? "read" : std::string(base::name_of(account.error()));
}

TEST(AlipayAccount, IsReadFromItsTexts) {
  EXPECT_EQ(refusal([](AccountSettings&) {}), "read");
  EXPECT_FALSE(test_account().certificates.has_value());
  EXPECT_EQ(refusal([](auto& s) { s.gateway_url = "http://127.0.0.1:9000/gateway.do"; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.gateway_url = "http://localhost:9000/gateway.do"; }), "read");
  EXPECT_EQ(refusal([](auto& s) { s.notify_url = "http://127.0.0.1:8080/v1/notify/a"; }), "read");
}

TEST(AlipayAccount, EveryEmptyOrWrongSettingStopsIt) {
  EXPECT_EQ(refusal([](auto& s) { s.app_id = ""; }), "app_id_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.app_id = "20 21"; }), "app_id_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.seller_id = ""; }), "seller_id_unusable");
  for (const char* url :
       {"", "openapi.alipay.com", "http://openapi.alipay.com/gateway.do", "https://",
        "https:///gateway", "http://127.0.0.1.evil.example/", "http://localhost:1@evil.example/",
        "https://a/gateway.do?x=1", "https://a b/"}) {
    EXPECT_EQ(refusal([&](auto& s) { s.gateway_url = url; }), "gateway_url_unusable") << url;
  }
  EXPECT_EQ(refusal([](auto& s) { s.notify_url = "/v1/notify"; }), "notify_url_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.app_private_key = ""; }), "app_private_key_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.alipay_public_key = ""; }), "alipay_public_key_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.alipay_public_key = s.app_private_key; }),
            "alipay_public_key_unusable");
}

TEST(AlipayAccount, TheOwnPublicKeyIsNotAlipays) {
  EXPECT_EQ(refusal([](auto& s) { s.alipay_public_key = test_app_key().public_key_pem(); }),
            "alipay_key_is_own");
}

TEST(AlipayAccount, Rsa2WantsLongKeys) {
  const auto key = crypto::RsaPrivateKey::generate(1024);
  EXPECT_EQ(refusal([&](auto& s) { s.app_private_key = key.to_pem(); }), "key_too_short");
  EXPECT_EQ(refusal([&](auto& s) { s.alipay_public_key = key.public_key_pem(); }), "key_too_short");
}

TEST(AlipayAccount, CertificateModeNeedsAllThreeCertificates) {
  const auto all = [](AccountSettings& s) {
    s.app_certificate = certificate;
    s.alipay_root_certificate = certificate;
    s.alipay_public_key = certificate;
  };
  EXPECT_EQ(refusal(all), "read");
  AccountSettings settings = test_settings();
  all(settings);
  EXPECT_EQ(read_account(settings)->certificates->app_cert_sn, "c8850adc61ed1e21c95fb7282e665e98");
  for (auto member :
       {&AccountSettings::app_certificate, &AccountSettings::alipay_root_certificate}) {
    const auto spoil = [&](AccountSettings& s) {
      all(s);
      s.*member = "";
    };
    EXPECT_EQ(refusal(spoil), "certificates_incomplete");
  }
  const auto plain_key = [&](AccountSettings& s) {
    all(s);
    s.alipay_public_key = test_alipay_key().public_key_pem();
  };
  EXPECT_EQ(refusal(plain_key), "certificates_incomplete");
}

TEST(AlipayAccount, TheContentKeyHasSixteenBytes) {
  EXPECT_EQ(
      refusal([](auto& s) { s.content_key_base64 = crypto::to_base64(std::string(16, 'k')); }),
      "read");
  EXPECT_EQ(refusal([](auto& s) { s.content_key_base64 = crypto::to_base64("short"); }),
            "content_key_unusable");
  EXPECT_EQ(refusal([](auto& s) { s.content_key_base64 = "?"; }), "content_key_unusable");
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
