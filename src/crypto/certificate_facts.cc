#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "base/check.h"
#include "crypto/certificate.h"

namespace daozhang::crypto {
namespace {

constexpr std::string_view begin_line = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end_line = "-----END CERTIFICATE-----";
constexpr std::size_t certificates_max = 32;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

std::optional<std::string> hex_serial(X509* certificate) {
  const Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (number == nullptr || BN_is_negative(number.get()) != 0) return std::nullopt;
  char* const digits = BN_bn2hex(number.get());
  CHECK(digits != nullptr);
  std::string text(digits);
  OPENSSL_free(digits);
  return text;
}

std::optional<base::Instant> instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  char text[32];
  if (std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) return std::nullopt;
  return base::from_rfc3339(text);
}

std::optional<CertificateFacts> facts_of(std::string_view pem) {
  const Bio memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(memory != nullptr);
  const Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) return std::nullopt;
  auto serial = hex_serial(certificate.get());
  const auto from = instant_of(X509_get0_notBefore(certificate.get()));
  const auto until = instant_of(X509_get0_notAfter(certificate.get()));
  auto key = RsaPublicKey::from_text(pem);
  // One whose end can not be read must not be good for ever.
  if (!serial || !from || !until || !until->is_set() || !key) return std::nullopt;
  return CertificateFacts{.serial = std::move(*serial),
                          .valid_from = *from,
                          .valid_until = *until,
                          .key = std::move(*key)};
}

void set_time(ASN1_TIME* time, base::Instant at) {
  CHECK(ASN1_TIME_set(time, static_cast<std::time_t>(at.micros / 1'000'000)) != nullptr);
}

void set_serial(X509* certificate, std::string_view serial) {
  BIGNUM* digits = nullptr;
  CHECK(BN_hex2bn(&digits, std::string(serial).c_str()) == static_cast<int>(serial.size()));
  const Number number(digits);
  CHECK(BN_is_zero(digits) == 0);
  CHECK(BN_to_ASN1_INTEGER(digits, X509_get_serialNumber(certificate)) != nullptr);
}

void set_name(X509* certificate) {
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>("Daozhang test certificate");
  CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1);
  CHECK(X509_set_issuer_name(certificate, name) == 1);
}

EVP_PKEY* private_half(const RsaPrivateKey& key) {
  const std::string pem = key.to_pem();
  const Bio memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(memory != nullptr);
  EVP_PKEY* const half = PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr);
  CHECK(half != nullptr);
  return half;
}

}  // namespace

std::optional<std::vector<CertificateFacts>> certificate_facts(std::string_view pem) {
  std::vector<CertificateFacts> all;
  for (std::size_t at = pem.find(begin_line); at != pem.npos; at = pem.find(begin_line, at)) {
    const std::size_t end = pem.find(end_line, at);
    if (end == pem.npos || all.size() == certificates_max) return std::nullopt;
    auto facts = facts_of(pem.substr(at, end + end_line.size() - at));
    if (!facts) return std::nullopt;
    all.push_back(std::move(*facts));
    at = end;
  }
  if (all.empty()) return std::nullopt;
  return all;
}

std::string make_certificate(const RsaPrivateKey& key, std::string_view serial,
                             base::Instant valid_from, base::Instant valid_until) {
  const Certificate certificate(X509_new());
  CHECK(certificate != nullptr);
  set_serial(certificate.get(), serial);
  set_name(certificate.get());
  set_time(X509_getm_notBefore(certificate.get()), valid_from);
  set_time(X509_getm_notAfter(certificate.get()), valid_until);
  EVP_PKEY* const half = private_half(key);
  CHECK(X509_set_pubkey(certificate.get(), half) == 1);
  CHECK(X509_sign(certificate.get(), half, EVP_sha256()) > 0);
  EVP_PKEY_free(half);
  const Bio memory(BIO_new(BIO_s_mem()));
  CHECK(memory != nullptr);
  CHECK(PEM_write_bio_X509(memory.get(), certificate.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace daozhang::crypto
