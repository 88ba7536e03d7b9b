#include <array>

#include "connectors/payment/alipay/content_cipher.h"
#include "connectors/payment/alipay/form_fields.h"
#include "connectors/payment/alipay/reply.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "vectors/family.h"

namespace daozhang::vectors {
namespace {

namespace alipay = connectors::payment::alipay;

constexpr std::string_view no_key = "no usable key in the vector";
constexpr std::string_view no_expectation = "the vector expects nothing";

// A key is PEM text, or an object with the DER (published private keys are not written as PEM).
std::string key_text(const json::Value& vector, std::string_view name) {
  const json::Value* value = vector.find(name);
  if (value == nullptr) return {};
  if (const std::string* pem = value->text()) return *pem;
  return std::string(value->text_of("der_base64"));
}

std::optional<crypto::RsaPublicKey> alipay_key(const json::Value& vector) {
  for (const std::string_view name : {"alipay_public_key_pem", "alipay_public_cert_pem"}) {
    const auto key = crypto::RsaPublicKey::from_text(key_text(vector, name));
    if (key) return *key;
  }
  return std::nullopt;
}

std::optional<alipay::FormFields> params_of(const json::Value& vector) {
  const json::Value* params = vector.find("params");
  if (params == nullptr || params->object() == nullptr) return std::nullopt;
  alipay::FormFields fields;
  for (const json::Member& member : *params->object()) {
    if (member.value.text() == nullptr) return std::nullopt;
    fields.emplace_back(member.name, *member.value.text());
  }
  return fields;
}

// What every verification ends in.
Difference valid_or_not(const json::Value& vector, std::string_view text, std::string_view sign) {
  const auto expected = truth_of(vector, "expect_valid");
  if (!expected) return std::string(no_expectation);
  const auto key = alipay_key(vector);
  if (!key) return std::string(no_key);
  return differs(*expected, alipay::is_signed(text, sign, *key));
}

Difference notify_verify(const json::Value& vector) {
  const auto params = params_of(vector);
  if (!params) return "params is no object of texts";
  // Over the wire and back, as a notification comes.
  const auto fields = alipay::decode_form(alipay::encode_form(*params));
  if (!fields || *fields != *params) return "the form does not come back as it was";
  const std::string_view rule = vector.text_of("rule");
  if (rule != "V1" && rule != "V2") return "unknown rule";
  const std::string text =
      rule == "V1" ? alipay::notice_text(*fields) : alipay::message_text(*fields);
  return valid_or_not(vector, text, alipay::field(*fields, "sign"));
}

Difference return_url_verify(const json::Value& vector) {
  const std::string_view url = vector.text_of("url");
  const auto question = url.find('?');
  if (question == std::string_view::npos) return "the url has no query";
  const std::string_view query = url.substr(question + 1, url.find('#') - question - 1);
  const auto fields = alipay::decode_form(query);
  if (!fields) return differs("a readable query", base::name_of(fields.error()));
  return valid_or_not(vector, alipay::notice_text(*fields), alipay::field(*fields, "sign"));
}

Difference response_verify(const json::Value& vector) {
  const auto expected = truth_of(vector, "expect_valid");
  if (!expected) return std::string(no_expectation);
  const auto key = alipay_key(vector);
  if (!key) return std::string(no_key);
  const auto cut = alipay::cut_reply(vector.text_of("raw_body"), vector.text_of("response_key"));
  return differs(*expected, cut && alipay::is_signed(*cut, *key));
}

Difference response_extract_signed_content(const json::Value& vector) {
  const json::Value* expected = vector.find("expect_content");
  if (expected == nullptr) return std::string(no_expectation);
  const auto cut = alipay::cut_reply(vector.text_of("raw_body"), vector.text_of("response_key"));
  if (expected->is_null()) return differs(false, cut.has_value());
  if (!cut) return "the content was not found";
  return differs(vector.text_of("expect_content"), cut->content);
}

Difference response_content_verify(const json::Value& vector) {
  return valid_or_not(vector, vector.text_of("signed_content"), vector.text_of("sign"));
}

Difference request_sign(const json::Value& vector) {
  auto fields = params_of(vector);
  if (!fields) return "params is no object of texts";
  const auto key = crypto::RsaPrivateKey::from_text(key_text(vector, "app_private_key_pem"));
  if (!key) return std::string(no_key);
  alipay::sign_request(*fields, *key);
  const std::string_view sign = alipay::field(*fields, "sign");
  if (const auto difference = differs(vector.text_of("expect_sign"), sign)) return difference;
  if (vector.find("app_public_key_pem") != nullptr) {
    const auto public_key = crypto::RsaPublicKey::from_text(key_text(vector, "app_public_key_pem"));
    if (!public_key) return std::string(no_key);
    if (!alipay::is_signed(alipay::request_text(*fields), sign, *public_key)) {
      return "the public key does not verify the signature";
    }
  }
  if (vector.find("expect_query_string") == nullptr) return std::nullopt;
  return differs(vector.text_of("expect_query_string"), alipay::encode_form(*fields));
}

Difference cert_sn(const json::Value& vector) {
  return differs(vector.text_of("expect_sn"),
                 crypto::alipay_certificate_sn(vector.text_of("pem")).value_or("nothing"));
}

Difference root_cert_sn(const json::Value& vector) {
  return differs(vector.text_of("expect_sn"),
                 crypto::alipay_root_certificate_sn(vector.text_of("pem")).value_or("nothing"));
}

Difference aes_encrypt(const json::Value& vector) {
  const auto key = crypto::from_base64(vector.text_of("aes_key_b64"));
  if (!key || key->size() != 16) return std::string(no_key);
  const std::string_view plain = vector.text_of("plaintext");
  const std::string_view sealed = vector.text_of("ciphertext_b64");
  if (const auto difference = differs(sealed, alipay::encrypt_content(*key, plain))) {
    return difference;
  }
  return differs(plain, alipay::decrypt_content(*key, sealed).value_or("nothing"));
}

}  // namespace

std::span<const Kind> alipay_kinds() {
  static constexpr auto kinds = std::to_array<Kind>({
      {"notify_verify", notify_verify},
      {"return_url_verify", return_url_verify},
      {"response_verify", response_verify},
      {"response_extract_signed_content", response_extract_signed_content},
      {"response_content_verify", response_content_verify},
      {"request_sign", request_sign},
      {"cert_sn", cert_sn},
      {"root_cert_sn", root_cert_sn},
      {"aes_encrypt", aes_encrypt},
  });
  return kinds;
}

}  // namespace daozhang::vectors
