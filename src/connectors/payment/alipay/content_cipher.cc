#include "connectors/payment/alipay/content_cipher.h"

#include "crypto/aes.h"
#include "crypto/base64.h"

namespace daozhang::connectors::payment::alipay {
namespace {

const std::string zeros(16, '\0');

}  // namespace

std::string encrypt_content(std::string_view key, std::string_view plain) {
  return crypto::to_base64(crypto::aes_128_cbc_encrypt(key, zeros, plain));
}

std::optional<std::string> decrypt_content(std::string_view key, std::string_view base64) {
  const auto sealed = crypto::from_base64(base64);
  if (!sealed) return std::nullopt;
  return crypto::aes_128_cbc_decrypt(key, zeros, *sealed);
}

}  // namespace daozhang::connectors::payment::alipay
