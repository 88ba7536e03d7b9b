#include "crypto/aes.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace daozhang::crypto {
namespace {

std::string bytes(std::string_view hex) { return base::from_hex(hex).value(); }

const std::string zero_iv(16, '\0');

TEST(AesCbc, SealsAsTheStandardSays) {
  // NIST SP 800-38A F.2.1, first block; the second block of ours is the padding.
  const std::string key = bytes("2b7e151628aed2a6abf7158809cf4f3c");
  const std::string iv = bytes("000102030405060708090a0b0c0d0e0f");
  const std::string plain = bytes("6bc1bee22e409f96e93d7e117393172a");
  const std::string sealed = aes_128_cbc_encrypt(key, iv, plain);
  ASSERT_EQ(sealed.size(), 32u);
  EXPECT_EQ(base::to_hex(sealed).substr(0, 32), "7649abac8119b246cee98e9b12e9197d");
  EXPECT_EQ(aes_128_cbc_decrypt(key, iv, sealed), plain);
}

TEST(AesCbc, BadCiphertextIsNothing) {
  const std::string key(16, 'k');
  const std::string sealed = aes_128_cbc_encrypt(key, zero_iv, "a text");
  EXPECT_FALSE(aes_128_cbc_decrypt(key, zero_iv, "").has_value());
  EXPECT_FALSE(aes_128_cbc_decrypt(key, zero_iv, sealed.substr(1)).has_value());
  std::string changed = sealed;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  EXPECT_NE(aes_128_cbc_decrypt(key, zero_iv, changed), "a text");
}

TEST(AesEcb, OpensTheStandardsBlock) {
  // NIST SP 800-38A F.1.5 has no padding, so the block alone is refused.
  const std::string key = bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  EXPECT_FALSE(aes_256_ecb_decrypt(key, bytes("f3eed1bdb5d2a03c064b5a7e3db181f8")).has_value());
  EXPECT_FALSE(aes_256_ecb_decrypt(key, "short").has_value());
}

TEST(AesGcm, SealsAsTheStandardSays) {
  // McGrew and Viega, test case 16.
  const std::string key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string nonce = bytes("cafebabefacedbaddecaf888");
  const std::string plain = bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
      "b525b16aedf5aa0de657ba637b39");
  const std::string associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string sealed = aes_256_gcm_seal(key, nonce, plain, associated);
  EXPECT_EQ(base::to_hex(sealed).substr(2 * plain.size()), "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto opened = aes_256_gcm_open(key, nonce, sealed, associated);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->view(), plain);
}

TEST(AesGcm, NothingOpensWhenOneBitDiffers) {
  const std::string key(32, 'k');
  const std::string nonce(12, 'n');
  const std::string sealed = aes_256_gcm_seal(key, nonce, "secret", "row 1");
  EXPECT_TRUE(aes_256_gcm_open(key, nonce, sealed, "row 1").has_value());
  EXPECT_FALSE(aes_256_gcm_open(key, nonce, sealed, "row 2").has_value());
  EXPECT_FALSE(aes_256_gcm_open(std::string(32, 'K'), nonce, sealed, "row 1").has_value());
  EXPECT_FALSE(aes_256_gcm_open(key, std::string(12, 'N'), sealed, "row 1").has_value());
  EXPECT_FALSE(aes_256_gcm_open(key, nonce, sealed.substr(1), "row 1").has_value());
  EXPECT_FALSE(aes_256_gcm_open(key, nonce, "short", "row 1").has_value());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_FALSE(aes_256_gcm_open(key, nonce, changed, "row 1").has_value()) << i;
  }
}

TEST(AesGcm, EmptyTextAndDataAreSealedToo) {
  const std::string key(32, 'k');
  const std::string nonce(12, 'n');
  const std::string sealed = aes_256_gcm_seal(key, nonce, "", "");
  EXPECT_EQ(sealed.size(), gcm_tag_size);
  EXPECT_TRUE(aes_256_gcm_open(key, nonce, sealed, "")->empty());
  EXPECT_EQ(aes_256_gcm_seal(key, nonce, {}, {}), sealed);
  EXPECT_TRUE(aes_256_gcm_open(key, nonce, sealed, {})->empty());
}

TEST(AesGcm, KeyAndNonceOfOtherLengthsFollowTheStandard) {
  // McGrew and Viega, test cases 1 and 6 (a nonce of 60 bytes).
  EXPECT_EQ(
      base::to_hex(aes_gcm_seal(std::string(16, '\0'), std::string(12, '\0'), "", "").value()),
      "58e2fccefa7e3061367f1d57a4e7455a");
  const std::string key = bytes("feffe9928665731c6d6a8f9467308308");
  const std::string nonce = bytes(
      "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b"
      "525416aedbf5a0de6a57a637b39b");
  const std::string plain = bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
      "b525b16aedf5aa0de657ba637b39");
  const std::string associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string sealed = aes_gcm_seal(key, nonce, plain, associated).value();
  EXPECT_EQ(base::to_hex(sealed).substr(2 * plain.size()), "619cc5aefffe0bfa462af43c1699d050");
  EXPECT_EQ(aes_gcm_open(key, nonce, sealed, associated)->view(), plain);
  EXPECT_FALSE(aes_gcm_open(key, nonce, sealed, "").has_value());
}

TEST(AesGcm, OtherLengthsFromOutsideAreNothing) {
  const std::string nonce(12, 'n');
  for (const std::size_t size : {0u, 15u, 24u, 31u, 33u}) {
    EXPECT_FALSE(aes_gcm_seal(std::string(size, 'k'), nonce, "x", "").has_value()) << size;
    EXPECT_FALSE(aes_gcm_open(std::string(size, 'k'), nonce, std::string(17, 'x'), "").has_value());
  }
  const std::string key(32, 'k');
  EXPECT_FALSE(aes_gcm_seal(key, "", "x", "").has_value());
  EXPECT_FALSE(aes_gcm_open(key, std::string(129, 'n'), std::string(17, 'x'), "").has_value());
  EXPECT_FALSE(aes_gcm_open(key, nonce, std::string(15, 'x'), "").has_value());
  EXPECT_EQ(aes_gcm_seal(key, nonce, "x", "a"), aes_256_gcm_seal(key, nonce, "x", "a"));
}

}  // namespace
}  // namespace daozhang::crypto
