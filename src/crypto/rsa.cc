#include "crypto/rsa.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/check.h"
#include "base/sha256.h"
#include "crypto/rsa_contexts.h"

namespace daozhang::crypto {
namespace {

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

template <class Write>
std::string pem_of(EVP_PKEY* key, Write write) {
  BIO* const memory = BIO_new(BIO_s_mem());
  CHECK(memory != nullptr);
  CHECK(write(memory, key) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return pem;
}

std::string public_pem(EVP_PKEY* key) {
  return pem_of(key, [](BIO* out, EVP_PKEY* it) { return PEM_write_bio_PUBKEY(out, it); });
}

}  // namespace

RsaContexts::~RsaContexts() {
  signing_.clear();
  verifying_.clear();
  EVP_PKEY_free(key_);
}

PkeyContext RsaContexts::borrow(Use use) {
  {
    const std::lock_guard lock(mutex_);
    auto& contexts = spare(use);
    if (!contexts.empty()) {
      PkeyContext context = std::move(contexts.back());
      contexts.pop_back();
      return context;
    }
  }
  return prepare(use);
}

void RsaContexts::give_back(Use use, PkeyContext context) {
  const std::lock_guard lock(mutex_);
  spare(use).push_back(std::move(context));
}

PkeyContext RsaContexts::prepare(Use use) const {
  PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr));
  CHECK(context != nullptr);
  const int started =
      use == Use::sign ? EVP_PKEY_sign_init(context.get()) : EVP_PKEY_verify_init(context.get());
  CHECK(started == 1);
  CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
  CHECK(EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1);
  return context;
}

RsaPublicKey::RsaPublicKey(EVP_PKEY* owned) : contexts_(std::make_shared<RsaContexts>(owned)) {}

bool RsaPublicKey::verify_sha256(std::string_view message, std::string_view signature) const {
  const base::Digest digest = base::sha256(message);
  PkeyContext context = contexts_->borrow(RsaContexts::Use::verify);
  const int verified = EVP_PKEY_verify(context.get(), raw(signature), signature.size(),
                                       digest.data(), digest.size());
  contexts_->give_back(RsaContexts::Use::verify, std::move(context));
  if (verified != 1) ERR_clear_error();
  return verified == 1;
}

std::optional<std::string> RsaPublicKey::encrypt_oaep(std::string_view plain) const {
  PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, contexts_->key(), nullptr));
  CHECK(context != nullptr);
  CHECK(EVP_PKEY_encrypt_init(context.get()) == 1);
  CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1);
  std::string sealed(static_cast<std::size_t>(EVP_PKEY_get_size(contexts_->key())), '\0');
  std::size_t size = sealed.size();
  if (EVP_PKEY_encrypt(context.get(), raw(sealed), &size, raw(plain), plain.size()) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  sealed.resize(size);
  return sealed;
}

int RsaPublicKey::bits() const { return EVP_PKEY_get_bits(contexts_->key()); }

RsaPrivateKey::RsaPrivateKey(EVP_PKEY* owned) : contexts_(std::make_shared<RsaContexts>(owned)) {}

RsaPrivateKey RsaPrivateKey::generate(int bits) {
  CHECK(bits >= 1024);
  EVP_PKEY* const key = EVP_RSA_gen(static_cast<unsigned>(bits));
  CHECK(key != nullptr);
  return RsaPrivateKey(key);
}

std::string RsaPrivateKey::sign_sha256(std::string_view message) const {
  const base::Digest digest = base::sha256(message);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(contexts_->key())), '\0');
  std::size_t size = signature.size();
  PkeyContext context = contexts_->borrow(RsaContexts::Use::sign);
  CHECK(EVP_PKEY_sign(context.get(), raw(signature), &size, digest.data(), digest.size()) == 1);
  contexts_->give_back(RsaContexts::Use::sign, std::move(context));
  signature.resize(size);
  return signature;
}

std::optional<std::string> RsaPrivateKey::decrypt_oaep(std::string_view sealed) const {
  PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, contexts_->key(), nullptr));
  CHECK(context != nullptr);
  CHECK(EVP_PKEY_decrypt_init(context.get()) == 1);
  CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1);
  std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(contexts_->key())), '\0');
  std::size_t size = plain.size();
  // RFC 8017, 7.1.2, step 1b; OpenSSL takes one without its leading zeros for the same number.
  if (sealed.size() != size) return std::nullopt;
  if (EVP_PKEY_decrypt(context.get(), raw(plain), &size, raw(sealed), sealed.size()) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  plain.resize(size);
  return plain;
}

RsaPublicKey RsaPrivateKey::public_key() const {
  const auto key = RsaPublicKey::from_text(public_key_pem());
  CHECK(key.has_value());
  return *key;
}

int RsaPrivateKey::bits() const { return EVP_PKEY_get_bits(contexts_->key()); }

std::string RsaPrivateKey::to_pem() const {
  return pem_of(contexts_->key(), [](BIO* out, EVP_PKEY* key) {
    return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string RsaPrivateKey::public_key_pem() const { return public_pem(contexts_->key()); }

std::string_view name(KeyRefusal refusal) {
  switch (refusal) {
    case KeyRefusal::not_a_key:
      return "not_a_key";
    case KeyRefusal::encrypted_key:
      return "encrypted_key";
    case KeyRefusal::not_rsa:
      return "not_rsa";
    case KeyRefusal::key_too_short:
      return "key_too_short";
    case KeyRefusal::wrong_half:
      return "wrong_half";
  }
  UNREACHABLE();
}

}  // namespace daozhang::crypto
