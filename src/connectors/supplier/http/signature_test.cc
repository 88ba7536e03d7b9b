#include "connectors/supplier/http/signature.h"

#include <gtest/gtest.h>

namespace daozhang::connectors::supplier::http {
namespace {

const Credentials credentials = {"shop-1", "0123456789abcdef0123456789abcdef"};
const base::Instant now = base::from_rfc3339("2026-11-22T13:05:00.750Z").value();
constexpr std::string_view nonce = "00112233445566778899aabbccddeeff";
constexpr std::string_view body = R"({"reference":"u1"})";

class Signature : public ::testing::Test {
 protected:
  SignatureHeaders headers = sign(credentials, "POST", "/v1/orders", body, now, nonce);
  SignedRequest request = {"POST",        "/v1/orders",     body, headers.key, headers.timestamp,
                           headers.nonce, headers.signature};

  SignatureRefusal refusal(base::Instant at = now) {
    const auto verified = verify(credentials, request, at);
    EXPECT_FALSE(verified);
    return verified ? SignatureRefusal::signature_missing : verified.error();
  }
};

TEST_F(Signature, WhatIsSignedIsVerified) {
  const auto verified = verify(credentials, request, now);
  ASSERT_TRUE(verified);
  EXPECT_EQ(base::to_rfc3339(*verified), "2026-11-22T13:05:00.000Z");
}

TEST_F(Signature, IsTheDocumentedFormula) {
  EXPECT_EQ(headers.key, "shop-1");
  EXPECT_EQ(headers.timestamp, "1795352700");
  EXPECT_EQ(headers.signature, "d7c55a8c8c20eafe04b613d3d630e0668c2810a80def2e85737a2fbc247f107c");
}

TEST_F(Signature, CoversEveryPart) {
  for (auto part : {&SignedRequest::method, &SignedRequest::path, &SignedRequest::body}) {
    SignedRequest changed = request;
    changed.*part = "x";
    EXPECT_EQ(verify(credentials, changed, now).error(), SignatureRefusal::signature_invalid);
  }
  request.timestamp = "1795352701";
  EXPECT_EQ(refusal(), SignatureRefusal::signature_invalid);
  request.timestamp = headers.timestamp;
  request.nonce = "ffeeddccbbaa99887766554433221100";
  EXPECT_EQ(refusal(), SignatureRefusal::signature_invalid);
}

TEST_F(Signature, OfAnotherSecretIsInvalid) {
  const Credentials other = {"shop-1", "another secret of good length"};
  EXPECT_EQ(verify(other, request, now).error(), SignatureRefusal::signature_invalid);
  const std::string upper = "ABC" + headers.signature.substr(3);
  request.signature = upper;
  EXPECT_EQ(refusal(), SignatureRefusal::signature_invalid);
}

TEST_F(Signature, EachAbsentHeaderIsMissing) {
  for (auto part : {&SignedRequest::key, &SignedRequest::timestamp, &SignedRequest::nonce,
                    &SignedRequest::signature}) {
    SignedRequest changed = request;
    changed.*part = "";
    EXPECT_EQ(verify(credentials, changed, now).error(), SignatureRefusal::signature_missing);
  }
}

TEST_F(Signature, ForeignKeyIsUnknown) {
  request.key = "shop-2";
  EXPECT_EQ(refusal(), SignatureRefusal::key_unknown);
}

TEST_F(Signature, TimeCountsFiveMinutesBothWays) {
  EXPECT_TRUE(verify(credentials, request, now + base::seconds(300)));
  EXPECT_TRUE(verify(credentials, request, now - base::seconds(300)));
  EXPECT_EQ(refusal(now + base::seconds(301)), SignatureRefusal::timestamp_outside);
  EXPECT_EQ(refusal(now - base::seconds(301)), SignatureRefusal::timestamp_outside);
}

TEST_F(Signature, MalformedTimeIsNoTime) {
  for (const char* text : {"1795352700.5", "x", "-1795352700", "+1795352700", " 1795352700",
                           "99999999999999999999", "9223372036854775807"}) {
    request.timestamp = text;
    EXPECT_EQ(refusal(), SignatureRefusal::timestamp_malformed) << text;
  }
}

TEST_F(Signature, NonceHasAShape) {
  const std::string long_nonce(65, 'a');
  for (const std::string_view text : {std::string_view("short"), std::string_view(long_nonce),
                                      std::string_view("0011223344556677 899aabb"),
                                      std::string_view("0011223344556677\n899aabb")}) {
    request.nonce = text;
    EXPECT_EQ(refusal(), SignatureRefusal::nonce_malformed) << text;
  }
}

TEST(Credentials, WithoutARealSecretAreNotUsable) {
  EXPECT_TRUE(are_usable(credentials));
  EXPECT_FALSE(are_usable({"shop-1", ""}));
  EXPECT_FALSE(are_usable({"shop-1", "short"}));
  EXPECT_FALSE(are_usable({"", "0123456789abcdef"}));
}

}  // namespace
}  // namespace daozhang::connectors::supplier::http
