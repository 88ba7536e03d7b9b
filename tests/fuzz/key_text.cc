// Keys and sealed bytes as they come from files and rows: one spelling for each byte string, and
// nothing that was not sealed opens.
#include "base/hex.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/envelope.h"
#include "crypto/rsa.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

void check_spellings(std::string_view bytes) {
  CHECK(crypto::from_base64(crypto::to_base64(bytes)) == bytes);
  if (const auto decoded = crypto::from_base64(bytes)) CHECK(crypto::to_base64(*decoded) == bytes);
  CHECK(base::from_hex(base::to_hex(bytes)) == bytes);
  if (const auto decoded = base::from_hex(bytes)) CHECK(decoded->size() * 2 == bytes.size());
}

void check_envelope(std::string_view bytes) {
  static const crypto::DataKey key = crypto::new_data_key(7);
  CHECK(!crypto::open(bytes, key, "row"));
  CHECK(!crypto::unwrap(bytes, 7, "0123456789abcdef0123456789abcdef"));
  if (crypto::data_key_id_of(bytes)) CHECK(bytes.size() > 8);
}

void check_certificate(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (const auto number = crypto::alipay_certificate_sn(bytes)) {
    CHECK(number->size() == 32 && number->find_first_not_of(digits) == std::string::npos);
  }
  if (const auto numbers = crypto::alipay_root_certificate_sn(bytes)) {
    CHECK(numbers->size() % 33 == 32);  // 32 digits each, joined by one character.
  }
}

}  // namespace

void key_text(std::string_view bytes) {
  check_spellings(bytes);
  check_envelope(bytes);
  check_certificate(bytes);
  if (const auto key = crypto::RsaPublicKey::from_text(bytes)) {
    CHECK(!key->verify_sha256("text", "no signature"));
  }
  if (const auto key = crypto::RsaPrivateKey::from_text(bytes)) {
    const std::string pem = key->to_pem();
    const auto again = crypto::RsaPrivateKey::from_text(pem);
    CHECK(again && again->to_pem() == pem);
  }
}

}  // namespace daozhang::fuzz
