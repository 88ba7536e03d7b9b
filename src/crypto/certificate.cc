#include "crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "base/check.h"
#include "crypto/digest.h"

namespace daozhang::crypto {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

std::string utf8_of(const ASN1_STRING* value) {
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, value);
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return text;
}

std::string short_name_of(const ASN1_OBJECT* object) {
  const int nid = OBJ_obj2nid(object);
  if (nid != NID_undef) return OBJ_nid2sn(nid);
  char dotted[128];
  OBJ_obj2txt(dotted, sizeof dotted, object, 1);
  return dotted;
}

std::string issuer_backwards(X509* certificate) {
  const X509_NAME* issuer = X509_get_issuer_name(certificate);
  std::string text;
  for (int i = X509_NAME_entry_count(issuer) - 1; i >= 0; --i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(issuer, i);
    if (!text.empty()) text += ',';
    text += short_name_of(X509_NAME_ENTRY_get_object(entry));
    text += '=';
    text += utf8_of(X509_NAME_ENTRY_get_data(entry));
  }
  return text;
}

std::string decimal_serial(X509* certificate) {
  BIGNUM* const number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
  CHECK(number != nullptr);
  char* const digits = BN_bn2dec(number);
  CHECK(digits != nullptr);
  std::string text(digits);
  OPENSSL_free(digits);
  BN_free(number);
  return text;
}

std::string sn_of(X509* certificate) {
  return md5_hex(issuer_backwards(certificate) + decimal_serial(certificate));
}

bool signed_with_rsa(X509* certificate) {
  const X509_ALGOR* algorithm = nullptr;
  X509_get0_signature(nullptr, &algorithm, certificate);
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  char dotted[128];
  OBJ_obj2txt(dotted, sizeof dotted, object, 1);
  return std::string_view(dotted).starts_with("1.2.840.113549.1.1");
}

Bio reading(std::string_view pem) {
  CHECK(pem.size() < 1u << 30);
  // An empty view may have no address, which OpenSSL refuses.
  const char* const data = pem.empty() ? "" : pem.data();
  Bio memory(BIO_new_mem_buf(data, static_cast<int>(pem.size())));
  CHECK(memory != nullptr);
  return memory;
}

std::size_t count_of_begin_lines(std::string_view pem) {
  constexpr std::string_view line = "-----BEGIN CERTIFICATE-----";
  std::size_t count = 0;
  for (std::size_t at = pem.find(line); at != pem.npos; at = pem.find(line, at + 1)) ++count;
  return count;
}

}  // namespace

std::optional<std::string> alipay_certificate_sn(std::string_view pem) {
  const Bio memory = reading(pem);
  const Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) return std::nullopt;
  return sn_of(certificate.get());
}

std::optional<std::string> alipay_root_certificate_sn(std::string_view pem) {
  const Bio memory = reading(pem);
  std::string joined;
  std::size_t count = 0;
  while (const auto certificate =
             Certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr))) {
    ++count;
    if (!signed_with_rsa(certificate.get())) continue;
    if (!joined.empty()) joined += '_';
    joined += sn_of(certificate.get());
  }
  ERR_clear_error();
  if (count != count_of_begin_lines(pem) || joined.empty()) return std::nullopt;
  return joined;
}

}  // namespace daozhang::crypto
