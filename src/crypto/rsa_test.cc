#include "crypto/rsa.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <thread>
#include <vector>

#include "crypto/base64.h"

namespace daozhang::crypto {
namespace {

const RsaPrivateKey& key_one() {
  static const RsaPrivateKey key = RsaPrivateKey::generate(2048);
  return key;
}
const RsaPrivateKey& key_two() {
  static const RsaPrivateKey key = RsaPrivateKey::generate(2048);
  return key;
}

EVP_PKEY* openssl_key(const std::string& pem) {
  BIO* const memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(memory, nullptr, nullptr, nullptr);
  BIO_free(memory);
  return key;
}

// The traditional (PKCS#1) DER of the private or public half.
std::string pkcs1_of(const RsaPrivateKey& key, bool private_half) {
  EVP_PKEY* const opened = openssl_key(key.to_pem());
  unsigned char* der = nullptr;
  const int size = private_half ? i2d_PrivateKey(opened, &der) : i2d_PublicKey(opened, &der);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  EVP_PKEY_free(opened);
  return bytes;
}

std::string pem_of(const std::string& label, const std::string& der) {
  const std::string text = to_base64(der);
  std::string pem = "-----BEGIN " + label + "-----\n";
  for (std::size_t at = 0; at < text.size(); at += 64) pem += text.substr(at, 64) + "\n";
  return pem + "-----END " + label + "-----\n";
}

std::string base64_of_pem(const std::string& pem) {
  std::string body = pem.substr(pem.find('\n') + 1);
  return body.substr(0, body.find("-----"));
}

std::string elliptic_key_pem() {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  BIO* const memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  EVP_PKEY_free(key);
  return pem;
}

TEST(Rsa, AnotherKeyTextOrSignatureIsNotAccepted) {
  const std::string signature = key_one().sign_sha256("a=1&b=2");
  EXPECT_TRUE(key_one().public_key().verify_sha256("a=1&b=2", signature));
  EXPECT_FALSE(key_one().public_key().verify_sha256("a=1&b=3", signature));
  EXPECT_FALSE(key_two().public_key().verify_sha256("a=1&b=2", signature));
  EXPECT_FALSE(key_one().public_key().verify_sha256("a=1&b=2", ""));
  EXPECT_FALSE(key_one().public_key().verify_sha256("a=1&b=2", signature.substr(1)));
  EXPECT_FALSE(key_one().public_key().verify_sha256("a=1&b=2", signature + "x"));
  std::string changed = signature;
  changed[10] = static_cast<char>(changed[10] ^ 1);
  EXPECT_FALSE(key_one().public_key().verify_sha256("a=1&b=2", changed));
  // A failure leaves the borrowed context usable.
  EXPECT_TRUE(key_one().public_key().verify_sha256("a=1&b=2", signature));
}

TEST(Rsa, OneKeyServesManyThreads) {
  const RsaPublicKey key = key_one().public_key();
  const std::string good = key_one().sign_sha256("text");
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (std::size_t t = 0; t < right.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        right[t] += key.verify_sha256("text", good) ? 1 : 0;
        right[t] += key.verify_sha256("texT", good) ? 0 : 1;
        if (i % 40 == 0) right[t] += key.verify_sha256("t", key_one().sign_sha256("t")) ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : right) EXPECT_EQ(count, 405);
}

TEST(Rsa, EverySpellingOfAPrivateKeyIsRead) {
  const std::string pkcs8 = key_one().to_pem();
  const std::string pkcs1 = pkcs1_of(key_one(), true);
  const std::string signature = key_one().sign_sha256("text");
  for (const std::string& text : {pkcs8, pem_of("RSA PRIVATE KEY", pkcs1), base64_of_pem(pkcs8),
                                  to_base64(pkcs1), to_base64(pkcs1) + "\r\n"}) {
    const auto key = RsaPrivateKey::from_text(text);
    ASSERT_TRUE(key.has_value()) << name(key.error()) << text.substr(0, 40);
    EXPECT_EQ(key->sign_sha256("text"), signature);
    EXPECT_EQ(key->bits(), 2048);
  }
}

TEST(Rsa, EverySpellingOfAPublicKeyIsRead) {
  const std::string spki = key_one().public_key_pem();
  const std::string pkcs1 = pkcs1_of(key_one(), false);
  const std::string signature = key_one().sign_sha256("text");
  for (const std::string& text :
       {spki, pem_of("RSA PUBLIC KEY", pkcs1), base64_of_pem(spki), to_base64(pkcs1)}) {
    const auto key = RsaPublicKey::from_text(text);
    ASSERT_TRUE(key.has_value()) << name(key.error()) << text.substr(0, 40);
    EXPECT_TRUE(key->verify_sha256("text", signature));
    EXPECT_EQ(key->bits(), 2048);
  }
}

TEST(Rsa, WhatIsNoPrivateKeyIsRefusedByName) {
  const std::string pem = key_one().to_pem();
  const std::string one_line = base64_of_pem(pem);
  const auto refusal = [](const std::string& text) {
    const auto key = RsaPrivateKey::from_text(text);
    return key ? "accepted" : std::string(name(key.error()));
  };
  EXPECT_EQ(refusal(""), "not_a_key");
  EXPECT_EQ(refusal("not base64!"), "not_a_key");
  EXPECT_EQ(refusal("Zm9vYmFy"), "not_a_key");
  EXPECT_EQ(refusal(one_line.substr(0, 400)), "not_a_key");
  EXPECT_EQ(refusal(pem.substr(0, pem.size() / 2)), "not_a_key");
  EXPECT_EQ(refusal(std::string(100'000, 'A')), "not_a_key");
  EXPECT_EQ(refusal(elliptic_key_pem()), "not_rsa");
  EXPECT_EQ(refusal(key_one().public_key_pem()), "wrong_half");
  EXPECT_EQ(refusal(base64_of_pem(key_one().public_key_pem())), "wrong_half");
  EXPECT_EQ(refusal("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"), "encrypted_key");
}

TEST(Rsa, WhatIsNoPublicKeyIsRefusedByName) {
  const auto refusal = [](const std::string& text) {
    const auto key = RsaPublicKey::from_text(text);
    return key ? "accepted" : std::string(name(key.error()));
  };
  EXPECT_EQ(refusal(""), "not_a_key");
  EXPECT_EQ(refusal("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "not_a_key");
  EXPECT_EQ(refusal(key_one().to_pem()), "wrong_half");
  EXPECT_EQ(refusal(base64_of_pem(key_one().to_pem())), "wrong_half");
  EXPECT_EQ(refusal(base64_of_pem(key_one().public_key_pem()).substr(0, 100)), "not_a_key");
}

TEST(Rsa, ShortKeysAreRefused) {
  EVP_PKEY* const short_key = EVP_RSA_gen(512);
  ASSERT_NE(short_key, nullptr);
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(short_key, &der);
  const std::string text =
      to_base64({reinterpret_cast<char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  EVP_PKEY_free(short_key);
  EXPECT_EQ(RsaPublicKey::from_text(text).error(), KeyRefusal::key_too_short);
}

TEST(Rsa, OaepOpensWhatWasSealedForTheKey) {
  EVP_PKEY* const key = openssl_key(key_one().to_pem());
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(key, nullptr);
  ASSERT_EQ(EVP_PKEY_encrypt_init(context), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING), 1);
  std::string sealed(256, '\0');
  std::size_t size = sealed.size();
  const unsigned char plain[] = {'n', 'a', 'm', 'e'};
  ASSERT_EQ(EVP_PKEY_encrypt(context, reinterpret_cast<unsigned char*>(sealed.data()), &size, plain,
                             sizeof plain),
            1);
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  EXPECT_EQ(key_one().decrypt_oaep(sealed), "name");
  EXPECT_FALSE(key_two().decrypt_oaep(sealed).has_value());
  EXPECT_FALSE(key_one().decrypt_oaep(sealed.substr(1)).has_value());
  EXPECT_FALSE(key_one().decrypt_oaep("").has_value());
}

TEST(RsaOaep, ATextWithoutItsLeadingZeroIsNotTheText) {
  const auto key = RsaPrivateKey::generate(2048);
  const auto half = key.public_key();
  std::string sealed;
  do sealed = half.encrypt_oaep("a name").value();
  while (sealed[0] != '\0');
  EXPECT_EQ(key.decrypt_oaep(sealed), "a name");
  EXPECT_FALSE(key.decrypt_oaep(sealed.substr(1)).has_value());
}

TEST(RsaOaep, WhatThePublicHalfSealsThePrivateHalfOpens) {
  const auto key = RsaPrivateKey::generate(2048);
  const auto sealed = key.public_key().encrypt_oaep("a name");
  ASSERT_TRUE(sealed.has_value());
  EXPECT_EQ(key.decrypt_oaep(*sealed), "a name");
  EXPECT_NE(key.public_key().encrypt_oaep("a name"), sealed);
  EXPECT_EQ(key.decrypt_oaep(key.public_key().encrypt_oaep(std::string(214, 'x')).value()),
            std::string(214, 'x'));
  EXPECT_FALSE(key.public_key().encrypt_oaep(std::string(215, 'x')).has_value());
}

}  // namespace
}  // namespace daozhang::crypto
