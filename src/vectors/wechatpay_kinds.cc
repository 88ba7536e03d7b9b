#include <algorithm>
#include <array>
#include <map>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "connectors/payment/wechatpay/bill_table.h"
#include "connectors/payment/wechatpay/resource.h"
#include "connectors/payment/wechatpay/signed_message.h"
#include "crypto/aes.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/digest.h"
#include "json/reader.h"
#include "vectors/family.h"

namespace daozhang::vectors {
namespace {

namespace wechatpay = connectors::payment::wechatpay;

constexpr std::string_view no_key = "no usable key in the vector";
constexpr std::string_view no_expectation = "the vector expects nothing";
constexpr std::string_view no_input = "the vector lacks an input";

// A key is PEM text, or an object with the DER (published private keys are not written as PEM).
std::string key_text(const json::Value& vector, std::string_view name) {
  const json::Value* value = vector.find(name);
  if (value == nullptr) return {};
  if (const std::string* pem = value->text()) return *pem;
  return std::string(value->text_of("der_base64"));
}

std::optional<crypto::RsaPublicKey> public_key(const json::Value& vector) {
  for (const std::string_view name : {"public_key_pem", "cert_pem", "mch_cert_pem"}) {
    const auto key = crypto::RsaPublicKey::from_text(key_text(vector, name));
    if (key) return *key;
  }
  return std::nullopt;
}

bool has_all(const json::Value& vector, std::initializer_list<std::string_view> names) {
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) {
    const json::Value* const value = vector.find(name);
    return value != nullptr && value->text() != nullptr;
  });
}

std::string_view target_in(const json::Value& vector) {
  const std::string_view target = vector.text_of("canonical_url");
  return target.empty() ? vector.text_of("url") : target;
}

std::string request_text_of(const json::Value& vector) {
  return wechatpay::request_text(vector.text_of("method"), target_in(vector),
                                 vector.text_of("timestamp"), vector.text_of("nonce"),
                                 vector.text_of("body"));
}

std::string authorization_of(const json::Value& vector, std::string_view signature) {
  return wechatpay::authorization(vector.text_of("mchid"), vector.text_of("serial_no"),
                                  vector.text_of("timestamp"), vector.text_of("nonce"), signature);
}

// Null is expected where nothing may come out.
Difference as_expected(const json::Value& vector, std::string_view name,
                       const std::optional<std::string>& got) {
  const json::Value* const expected = vector.find(name);
  if (expected == nullptr) return std::string(no_expectation);
  if (expected->is_null()) return differs("nothing", got.value_or("nothing"));
  if (expected->text() == nullptr) return std::string(no_expectation);
  if (!got) return differs(*expected->text(), "nothing");
  return differs(*expected->text(), *got);
}

Difference aead_decrypt(const json::Value& vector) {
  if (!has_all(vector, {"key", "nonce", "ciphertext_b64"})) return std::string(no_input);
  const auto sealed = crypto::from_base64(vector.text_of("ciphertext_b64"));
  std::optional<std::string> plain;
  if (sealed) {
    const auto opened = crypto::aes_gcm_open(vector.text_of("key"), vector.text_of("nonce"),
                                             *sealed, vector.text_of("associated_data"));
    if (opened) plain = std::string(opened->view());
  }
  return as_expected(vector, "expect_plaintext", plain);
}

Difference aead_encrypt(const json::Value& vector) {
  if (!has_all(vector, {"key", "nonce", "plaintext"})) return std::string(no_input);
  const auto sealed =
      crypto::aes_gcm_seal(vector.text_of("key"), vector.text_of("nonce"),
                           vector.text_of("plaintext"), vector.text_of("associated_data"));
  return as_expected(vector, "expect_ciphertext_b64",
                     sealed ? std::optional(crypto::to_base64(*sealed)) : std::nullopt);
}

// Whether the certificate has the serial that the vector knows it by, if it names one.
bool has_serial(const json::Value& vector) {
  const std::string_view serial = vector.text_of("cert_serial");
  if (serial.empty()) return true;
  const auto facts = crypto::certificate_facts(vector.text_of("cert_pem"));
  return facts && base::equal_without_case(facts->front().serial, serial);
}

Difference rsa_verify(const json::Value& vector) {
  const auto expected = truth_of(vector, "expect_valid");
  if (!expected) return std::string(no_expectation);
  const auto key = public_key(vector);
  if (!key) return std::string(no_key);
  const bool valid = has_serial(vector) && wechatpay::is_signed(vector.text_of("message"),
                                                                vector.text_of("signature"), *key);
  return differs(*expected, valid);
}

Difference rsa_sign(const json::Value& vector) {
  const auto key = crypto::RsaPrivateKey::from_text(key_text(vector, "private_key_pem"));
  if (!key) return std::string(no_key);
  return as_expected(vector, "expect_signature",
                     wechatpay::signature_of(vector.text_of("message"), *key));
}

Difference request_message(const json::Value& vector) {
  if (!has_all(vector, {"method", "timestamp", "nonce"})) return std::string(no_input);
  if (auto difference = as_expected(vector, "expect_message", request_text_of(vector))) {
    return difference;
  }
  const std::string_view prefix = vector.text_of("auth_params_prefix");
  if (prefix.empty()) return std::nullopt;
  const std::string header = authorization_of(vector, "");
  const std::string_view pairs = std::string_view(header).substr(header.find(' ') + 1);
  return differs(prefix, pairs.substr(0, prefix.size()));
}

Difference response_message(const json::Value& vector) {
  if (!has_all(vector, {"timestamp", "nonce"})) return std::string(no_input);
  return as_expected(vector, "expect_message",
                     wechatpay::response_text(vector.text_of("timestamp"), vector.text_of("nonce"),
                                              vector.text_of("body")));
}

Difference authorization(const json::Value& vector) {
  const auto key = crypto::RsaPrivateKey::from_text(key_text(vector, "private_key_pem"));
  if (!key) return std::string(no_key);
  const std::string text = request_text_of(vector);
  if (vector.find("expect_message") != nullptr) {
    if (auto difference = as_expected(vector, "expect_message", text)) return difference;
  }
  return as_expected(vector, "expect_authorization",
                     authorization_of(vector, wechatpay::signature_of(text, *key)));
}

wechatpay::HeaderList headers_of(const json::Value& vector) {
  wechatpay::HeaderList headers;
  const json::Value* const value = vector.find("headers");
  if (value == nullptr || value->object() == nullptr) return headers;
  for (const json::Member& member : *value->object()) {
    if (member.value.text() != nullptr) headers.emplace_back(member.name, *member.value.text());
  }
  return headers;
}

// The moment that the vector names, or that of the message itself.
std::optional<base::Instant> clock_of(const json::Value& vector,
                                      const wechatpay::HeaderList& headers) {
  if (const json::Value* const clock = vector.find("clock")) {
    if (clock->integer() == nullptr) return std::nullopt;
    return base::Instant{} + base::seconds(*clock->integer());
  }
  std::int64_t seconds = 0;
  for (const char c : wechatpay::claimed_proof(headers).timestamp.substr(0, 12)) {
    if (c < '0' || c > '9') return base::Instant{};
    seconds = seconds * 10 + (c - '0');
  }
  return base::Instant{} + base::seconds(seconds);
}

enum class Serials { checked, ignored };

// Under the certificate's own serial, or under the one that the message names: some published
// messages name another certificate than the one that they come with.
std::optional<wechatpay::PlatformKeys> keys_of(const json::Value& vector,
                                               const wechatpay::HeaderList& headers,
                                               Serials serials) {
  wechatpay::PlatformKeys keys;
  const bool strict = truth_of(vector, "serial_check").value_or(serials == Serials::checked);
  const auto facts = crypto::certificate_facts(vector.text_of("cert_pem"));
  if (strict && facts) {
    const auto& certificate = facts->front();
    keys.add({.serial = certificate.serial, .key = certificate.key, .valid_until = {}});
    return keys;
  }
  const auto key = public_key(vector);
  if (!key) return std::nullopt;
  const std::string_view serial = wechatpay::claimed_proof(headers).serial;
  keys.add({.serial = std::string(serial), .key = *key, .valid_until = {}});
  return keys;
}

struct Verification {
  Difference fault;  // Of the vector itself.
  bool valid = false;
};

Verification verify(const json::Value& vector, Serials serials) {
  const wechatpay::HeaderList headers = headers_of(vector);
  const auto clock = clock_of(vector, headers);
  const auto keys = keys_of(vector, headers, serials);
  if (!keys || !clock) return {.fault = std::string(no_key)};
  return {.valid = wechatpay::verify(*keys, headers, vector.text_of("body"), *clock).has_value()};
}

Difference response_verify(const json::Value& vector) {
  const auto expected = truth_of(vector, "expect_valid");
  if (!expected) return std::string(no_expectation);
  const Verification done = verify(vector, Serials::ignored);
  return done.fault ? done.fault : differs(*expected, done.valid);
}

std::optional<std::string> opened(const json::Value& vector) {
  const auto envelope = json::read(vector.text_of("body"), json::Numbers::as_text);
  const json::Value* const resource = envelope ? envelope->find("resource") : nullptr;
  if (resource == nullptr) return std::nullopt;
  const auto plain = wechatpay::open_resource(*resource, vector.text_of("apiv3_key"));
  return plain ? std::optional<std::string>(*plain) : std::nullopt;
}

Difference notify(const json::Value& vector) {
  const auto expected = truth_of(vector, "expect_valid");
  if (!expected) return std::string(no_expectation);
  const Verification done = verify(vector, Serials::checked);
  if (done.fault) return done.fault;
  const std::optional<std::string> plain = done.valid ? opened(vector) : std::nullopt;
  const bool wants_plain = !vector.text_of("apiv3_key").empty();
  if (auto difference = differs(*expected, done.valid && (plain || !wants_plain))) {
    return difference;
  }
  if (vector.find("expect_plaintext") != nullptr) {
    return as_expected(vector, "expect_plaintext", plain);
  }
  const std::string_view part = vector.text_of("expect_plaintext_contains");
  if (part.empty()) return std::nullopt;
  return differs(true, plain && plain->find(part) != std::string::npos);
}

Difference oaep_decrypt(const json::Value& vector) {
  const auto key = crypto::RsaPrivateKey::from_text(key_text(vector, "private_key_pem"));
  if (!key) return std::string(no_key);
  const auto sealed = crypto::from_base64(vector.text_of("ciphertext_b64"));
  return as_expected(vector, "expect_plaintext",
                     sealed ? key->decrypt_oaep(*sealed) : std::nullopt);
}

struct BillSeen {
  std::int64_t row_count = 0;
  std::map<std::string, std::string> summary;
};

wechatpay::BillRows counting(BillSeen& seen) {
  return {.header = [](const wechatpay::Cells&) { return true; },
          .detail =
              [&seen](const wechatpay::Cells&, std::int64_t) {
                ++seen.row_count;
                return true;
              },
          .summary =
              [&seen](const wechatpay::Cells& names, const wechatpay::Cells& values) {
                for (std::size_t i = 0; i < names.size(); ++i) {
                  seen.summary.emplace(names[i], values[i]);
                }
                return true;
              }};
}

Difference count_differs(const json::Value& expect, std::string_view name, std::int64_t got) {
  const json::Value* const value = expect.find(name);
  if (value == nullptr) return std::nullopt;
  const std::string wanted =
      value->integer() == nullptr ? "a number" : std::to_string(*value->integer());
  return differs(wanted, std::to_string(got));
}

Difference summary_differs(const json::Value& expect, const BillSeen& seen) {
  const json::Value* const summary = expect.find("summary");
  if (summary == nullptr || summary->object() == nullptr) return std::nullopt;
  for (const json::Member& member : *summary->object()) {
    const auto found = seen.summary.find(member.name);
    const std::string got = found == seen.summary.end() ? "nothing" : found->second;
    const std::string* const wanted = member.value.text();
    if (auto difference = differs(wanted == nullptr ? "a text" : *wanted, got)) return difference;
  }
  return std::nullopt;
}

Difference trade_bill_parse(const json::Value& vector) {
  const json::Value* const expect = vector.find("expect");
  if (expect == nullptr) return std::string(no_expectation);
  BillSeen seen;
  wechatpay::BillTable table(counting(seen));
  // In small pieces, as it comes over a network.
  std::string_view text = vector.text_of("csv_utf8");
  for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(text.size(), 97))) {
    table.feed(text.substr(0, 97));
  }
  if (!table.finish()) return table.problem();
  if (const auto bom = truth_of(*expect, "bom")) {
    if (auto difference = differs(*bom, table.has_byte_order_mark())) return difference;
  }
  const auto columns = static_cast<std::int64_t>(table.column_count());
  if (auto difference = count_differs(*expect, "header_columns", columns)) return difference;
  if (auto difference = count_differs(*expect, "detail_rows", seen.row_count)) return difference;
  return summary_differs(*expect, seen);
}

// The old protocol's rule: sorted name=value pairs without empty ones, then the key.
Difference v2_md5_sign(const json::Value& vector) {
  const json::Value* const params = vector.find("params");
  if (params == nullptr || params->object() == nullptr) return std::string(no_input);
  std::map<std::string, std::string> sorted;
  for (const json::Member& member : *params->object()) {
    const std::string* const text = member.value.text();
    const std::int64_t* const number = member.value.integer();
    if (text == nullptr && number == nullptr) return std::string(no_input);
    std::string value = text == nullptr ? std::to_string(*number) : *text;
    if (member.name != "sign" && !value.empty()) sorted.emplace(member.name, std::move(value));
  }
  std::string text;
  for (const auto& [name, value] : sorted) text.append(name).append("=").append(value).append("&");
  const std::string_view key = vector.text_of("key");
  text.append("key=").append(key);
  if (auto difference = as_expected(vector, "expect_md5", base::upper(crypto::md5_hex(text)))) {
    return difference;
  }
  if (vector.find("expect_hmac_sha256") == nullptr) return std::nullopt;
  const auto mac = base::hmac_sha256(key, text);
  return as_expected(vector, "expect_hmac_sha256", base::upper(base::to_hex(base::view(mac))));
}

}  // namespace

std::span<const Kind> wechatpay_kinds() {
  static constexpr auto kinds = std::to_array<Kind>({
      {"aead_decrypt", aead_decrypt},
      {"aead_encrypt", aead_encrypt},
      {"rsa_verify", rsa_verify},
      {"rsa_sign", rsa_sign},
      {"request_message", request_message},
      {"response_message", response_message},
      {"response_verify", response_verify},
      {"authorization", authorization},
      {"notify", notify},
      {"oaep_decrypt", oaep_decrypt},
      {"trade_bill_parse", trade_bill_parse},
      {"v2_md5_sign", v2_md5_sign},
  });
  return kinds;
}

}  // namespace daozhang::vectors
