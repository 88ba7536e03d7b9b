#include "connectors/payment/wechatpay/signed_message.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/ascii.h"
#include "connectors/payment/wechatpay/nonce_window.h"
#include "connectors/payment/wechatpay/resource.h"
#include "connectors/payment/wechatpay/test_account.h"
#include "crypto/aes.h"
#include "crypto/base64.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

const std::string body = R"({"a":1})";

std::string outcome(const std::function<void(HeaderList&)>& change, base::Instant now = test_now) {
  HeaderList headers = sign_message(body, test_signing(), test_stamp());
  change(headers);
  const auto proof = verify(test_account().platform_keys, headers, body, now);
  return proof ? "proven" : std::string(base::name_of(proof.error()));
}

void set(HeaderList& headers, std::string_view name, std::string_view value) {
  for (auto& [known, held] : headers) {
    if (known == name) held = value;
  }
}

TEST(WechatpaySignedText, HasALineEndAfterEveryLine) {
  EXPECT_EQ(request_text("GET", "https://api.example/v3/x?a=1", "1", "n", ""),
            "GET\n/v3/x?a=1\n1\nn\n\n");
  EXPECT_EQ(request_text("POST", "/v3/x", "1", "n", "{}"), "POST\n/v3/x\n1\nn\n{}\n");
  EXPECT_EQ(response_text("1", "n", ""), "1\nn\n\n");
  EXPECT_EQ(target_of("https://api.example"), "/");
  EXPECT_EQ(target_of("http://127.0.0.1:90/a?b=/c#d"), "/a?b=/c");
}

TEST(WechatpayVerification, AGenuineMessageProvesItself) {
  EXPECT_EQ(outcome([](auto&) {}), "proven");
  EXPECT_EQ(outcome([](auto& h) {
              std::erase_if(h, [](auto& x) { return x.first == "Wechatpay-Signature-Type"; });
            }),
            "proven");
  EXPECT_EQ(outcome([](auto& h) { h.emplace_back("Other", "x"); }), "proven");
}

TEST(WechatpayVerification, EveryHeaderIsNeededOnce) {
  for (const char* name :
       {"Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial"}) {
    EXPECT_EQ(outcome([&](auto& h) { set(h, name, ""); }), "signature_missing") << name;
    EXPECT_EQ(outcome([&](auto& h) { std::erase_if(h, [&](auto& x) { return x.first == name; }); }),
              "signature_missing");
    EXPECT_EQ(outcome([&](auto& h) { h.emplace_back(base::lower(name), "1"); }), "duplicate_field");
  }
  EXPECT_EQ(outcome([](auto& h) { set(h, "Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"); }),
            "signature_type_unsupported");
}

TEST(WechatpayVerification, TheClockMayDifferByFiveMinutesEitherWay) {
  const auto unchanged = [](auto&) {};
  EXPECT_EQ(outcome(unchanged, test_now + base::seconds(300)), "proven");
  EXPECT_EQ(outcome(unchanged, test_now - base::seconds(300)), "proven");
  EXPECT_EQ(outcome(unchanged, test_now + base::seconds(301)), "timestamp_differs");
  EXPECT_EQ(outcome(unchanged, test_now - base::seconds(301)), "timestamp_differs");
  for (const char* text : {"now", "-1", "1795323900.5", " 1795323900", "99999999999999999999"}) {
    EXPECT_EQ(outcome([&](auto& h) { set(h, "Wechatpay-Timestamp", text); }), "timestamp_differs");
  }
}

TEST(WechatpayVerification, AnotherSerialOrSignatureIsRefused) {
  EXPECT_EQ(outcome([](auto& h) { set(h, "Wechatpay-Serial", "0A0B0C0D"); }), "serial_unknown");
  EXPECT_EQ(outcome([](auto& h) { set(h, "Wechatpay-Serial", "PUB_KEY_ID_2"); }), "serial_unknown");
  EXPECT_EQ(outcome([](auto& h) { set(h, "Wechatpay-Nonce", "other"); }), "signature_invalid");
  for (const char* text : {"AAAA", "no base64", "===="}) {
    EXPECT_EQ(outcome([&](auto& h) { set(h, "Wechatpay-Signature", text); }), "signature_invalid");
  }
  EXPECT_EQ(outcome([](auto& h) {
              for (auto& [name, value] : h) {
                if (name == "Wechatpay-Signature") value.insert(0, "WECHATPAY/SIGNTEST/");
              }
            }),
            "signature_invalid");
}

std::string opened(std::string_view resource, std::string_view key = test_api_v3_key) {
  const auto plain = open_resource(json::read(resource).value(), key);
  return plain ? *plain : std::string(base::name_of(plain.error()));
}

std::string resource_of(std::string_view associated) {
  return std::string(R"({"algorithm":"AEAD_AES_256_GCM","nonce":"0123456789ab","ciphertext":")") +
         crypto::to_base64(
             crypto::aes_256_gcm_seal(test_api_v3_key, "0123456789ab", "plain", associated)) +
         "\"";
}

TEST(WechatpayResource, OpensWithTheRightKeyAndData) {
  EXPECT_EQ(opened(resource_of("refund") + R"(,"associated_data":"refund"})"), "plain");
  EXPECT_EQ(opened(resource_of("") + "}"), "plain");
  EXPECT_EQ(opened(resource_of("") + R"(,"associated_data":null})"), "plain");
}

TEST(WechatpayResource, NothingElseOpens) {
  EXPECT_EQ(opened(resource_of("refund") + "}"), "decryption_failed");
  EXPECT_EQ(opened(resource_of("") + "}", "53D67FCB97E68F9998CBD17ED7A8D1E2"), "decryption_failed");
  EXPECT_EQ(opened(resource_of("") + "}", "short"), "decryption_failed");
  EXPECT_EQ(opened(resource_of("") + R"(,"associated_data":1})"), "unreadable");
  EXPECT_EQ(opened(replaced(resource_of("") + "}", "256", "128")), "unreadable");
  EXPECT_EQ(opened(replaced(resource_of("") + "}", "nonce", "none")), "unreadable");
  EXPECT_EQ(opened(R"({"algorithm":"AEAD_AES_256_GCM","nonce":"0123456789ab","ciphertext":"?"})"),
            "unreadable");
}

TEST(WechatpayNonceWindow, TheSameProofCountsOnce) {
  NonceWindow window;
  const Proof proof{.timestamp = "1", .nonce = "n", .signature = "s", .serial = "k"};
  EXPECT_TRUE(window.is_new(proof, test_now));
  EXPECT_FALSE(window.is_new(proof, test_now + base::minutes(10)));
  for (auto member : {&Proof::timestamp, &Proof::nonce, &Proof::signature, &Proof::serial}) {
    Proof other = proof;
    other.*member = "x";
    EXPECT_TRUE(window.is_new(other, test_now));
  }
  EXPECT_TRUE(
      window.is_new({.timestamp = "1n", .nonce = "", .signature = "s", .serial = "k"}, test_now));
}

TEST(WechatpayNonceWindow, IsBoundedInTimeAndNumber) {
  NonceWindow window(3);
  const auto proof = [](std::string_view nonce) {
    return Proof{.timestamp = "1", .nonce = nonce, .signature = "s", .serial = "k"};
  };
  for (const char* nonce : {"a", "b", "c", "d"}) EXPECT_TRUE(window.is_new(proof(nonce), test_now));
  EXPECT_EQ(window.size(), 3u);
  EXPECT_FALSE(window.is_new(proof("b"), test_now));
  EXPECT_TRUE(window.is_new(proof("a"), test_now));
  EXPECT_TRUE(window.is_new(proof("d"), test_now + base::minutes(11)));
  EXPECT_EQ(window.size(), 1u);
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
