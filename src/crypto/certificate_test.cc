#include "crypto/certificate.h"

#include <gtest/gtest.h>

#include "crypto/rsa.h"

namespace daozhang::crypto {
namespace {

// Self-signed, made for this test; the keys were thrown away. The expected numbers were computed by
// hand with another MD5.
const std::string rsa_certificate = R"(-----BEGIN CERTIFICATE-----
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
const std::string elliptic_certificate = R"(-----BEGIN CERTIFICATE-----
MIIBnTCCAUOgAwIBAgIUa7ayzHQcht3/1pOSu1Qj9ZWhixwwCgYIKoZIzj0EAwIw
IzELMAkGA1UEBhMCQ04xFDASBgNVBAMMC0Rhb3poYW5nIEVDMCAXDTI2MTEyMjEz
MTYwMFoYDzIxMjYxMDI5MTMxNjAwWjAjMQswCQYDVQQGEwJDTjEUMBIGA1UEAwwL
RGFvemhhbmcgRUMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR3NJ9C3Y6MLFes
RuwxoANRj/nNs3UYdAWaaZy78LtawMD9a0Gr822ofHxegnwBvDeeFAiHYEx7cwFI
YLd9SusDo1MwUTAdBgNVHQ4EFgQUXM9qfJ6uhhqK1ND1ff85pCiocDEwHwYDVR0j
BBgwFoAUXM9qfJ6uhhqK1ND1ff85pCiocDEwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNIADBFAiEAp/r4jIC7kSpHFyx2yyJ1NxdKEjlTx35G4IJBOXLvEqMC
IBpSP4R1PJNuAxOeCCJL5wL3SO1mxtLfgkud2MvarVnS
-----END CERTIFICATE-----
)";
const std::string small_rsa_certificate = R"(-----BEGIN CERTIFICATE-----
MIICLzCCAZigAwIBAgIBBzANBgkqhkiG9w0BAQsFADAyMQswCQYDVQQGEwJDTjEM
MAoGA1UECgwDVHdvMRUwEwYDVQQDDAxEYW96aGFuZyBUd28wIBcNMjYxMTIyMTMx
NjAwWhgPMjEyNjEwMjkxMzE2MDBaMDIxCzAJBgNVBAYTAkNOMQwwCgYDVQQKDANU
d28xFTATBgNVBAMMDERhb3poYW5nIFR3bzCBnzANBgkqhkiG9w0BAQEFAAOBjQAw
gYkCgYEAopwQrmyn2GCaSli8C4edFxpzdBLBRt6oSgEeXSdvUABCmwMTNuIJi3JO
rguOu3MUJnUPMfoefr/lvPOEc5XbxR6bmdF72NRQD4mYLntoOLR+0fBitUmdN512
j766OR1ChSPVs2B2J4WZScHMWG/fkMpx6LGQXvtZUVaixFJhNgcCAwEAAaNTMFEw
HQYDVR0OBBYEFIgrZrJ66pBfuIfZRCYBDDA5tZQTMB8GA1UdIwQYMBaAFIgrZrJ6
6pBfuIfZRCYBDDA5tZQTMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQAD
gYEAliRpYweH13hl933a/EqDDepoddiCQvElVTmyMH/xRMwOFSS+bq6EBI/yoXit
fdje8eKIFlek6ep2N9yybUcZKgZ4KMb2vD0SGxagDtrepA4CMmhyYKFeofSN7Z44
7bL/5RHcL8B+37QWm/4FwboBeXlK9dHrRZhqnMjEgiXLkA8=
-----END CERTIFICATE-----
)";

TEST(AlipayCertificate, NumberIsOfTheIssuerBackwardsAndTheDecimalSerial) {
  EXPECT_EQ(alipay_certificate_sn(rsa_certificate), "c8850adc61ed1e21c95fb7282e665e98");
  EXPECT_EQ(alipay_certificate_sn(small_rsa_certificate), "72237e71512c9c2e972e307baa227f38");
}

TEST(AlipayCertificate, OfAChainTheFirstCounts) {
  EXPECT_EQ(alipay_certificate_sn(rsa_certificate + small_rsa_certificate),
            "c8850adc61ed1e21c95fb7282e665e98");
}

TEST(AlipayCertificate, RootNumberLeavesOutWhatIsNotSignedWithRsa) {
  EXPECT_EQ(
      alipay_root_certificate_sn(elliptic_certificate + rsa_certificate + small_rsa_certificate),
      "c8850adc61ed1e21c95fb7282e665e98_72237e71512c9c2e972e307baa227f38");
  EXPECT_FALSE(alipay_root_certificate_sn(elliptic_certificate).has_value());
}

TEST(AlipayCertificate, BrokenTextIsNothing) {
  EXPECT_FALSE(alipay_certificate_sn("").has_value());
  EXPECT_FALSE(alipay_certificate_sn({}).has_value());
  EXPECT_FALSE(alipay_root_certificate_sn({}).has_value());
  EXPECT_FALSE(alipay_certificate_sn("no certificate").has_value());
  EXPECT_FALSE(alipay_certificate_sn(rsa_certificate.substr(0, 300)).has_value());
  EXPECT_FALSE(alipay_root_certificate_sn(rsa_certificate + small_rsa_certificate.substr(0, 200))
                   .has_value());
}

TEST(AlipayCertificate, ItsKeyIsAPublicKey) {
  const auto key = RsaPublicKey::from_text(rsa_certificate + small_rsa_certificate);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->bits(), 2048);
  EXPECT_EQ(RsaPublicKey::from_text(elliptic_certificate).error(), KeyRefusal::not_rsa);
}

TEST(CertificateFacts, TellSerialTimesAndKeyOfEachInOrder) {
  const auto facts = certificate_facts("# WeChat\n" + rsa_certificate + "\n" + rsa_certificate);
  ASSERT_TRUE(facts.has_value());
  ASSERT_EQ(facts->size(), 2u);
  EXPECT_EQ(facts->front().serial, "2023060769B99529DC18B16AC12FD695");
  EXPECT_EQ(base::to_rfc3339(facts->front().valid_from), "2026-11-22T13:16:00.000Z");
  EXPECT_EQ(base::to_rfc3339(facts->front().valid_until), "2126-10-29T13:16:00.000Z");
  EXPECT_EQ(facts->front().key.bits(), 2048);
}

TEST(CertificateFacts, ABrokenOneOrAnotherKindOfKeyIsNothing) {
  EXPECT_FALSE(certificate_facts("").has_value());
  EXPECT_FALSE(certificate_facts("no certificate").has_value());
  EXPECT_FALSE(certificate_facts(elliptic_certificate).has_value());
  EXPECT_FALSE(certificate_facts(rsa_certificate.substr(0, 400)).has_value());
  std::string broken = rsa_certificate;
  broken[200] = '!';
  EXPECT_FALSE(certificate_facts(rsa_certificate + broken).has_value());
}

TEST(CertificateFacts, AMadeCertificateSaysWhatItWasMadeWith) {
  const auto key = RsaPrivateKey::generate(2048);
  const base::Instant from{1'795'323'900'000'000};
  const std::string pem = make_certificate(key, "0A1B2C3D", from, from + base::hours(24));
  const auto facts = certificate_facts(pem);
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->front().serial, "0A1B2C3D");
  EXPECT_EQ(facts->front().valid_from, from);
  EXPECT_EQ(facts->front().valid_until, from + base::hours(24));
  EXPECT_TRUE(facts->front().key.verify_sha256("text", key.sign_sha256("text")));
}

}  // namespace
}  // namespace daozhang::crypto
