#include "connectors/payment/wechatpay/signed_message.h"

#include <charconv>
#include <cstdint>

#include "base/ascii.h"
#include "crypto/base64.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::NoticeRefusal;

constexpr std::string_view scheme = "WECHATPAY2-SHA256-RSA2048";
constexpr std::string_view probe = "WECHATPAY/SIGNTEST/";

struct Found {
  std::string_view value;
  std::size_t count = 0;
};

Found find(const HeaderList& headers, std::string_view name) {
  Found found;
  for (const auto& [known, value] : headers) {
    if (!base::equal_without_case(known, name)) continue;
    if (found.count++ == 0) found.value = value;
  }
  return found;
}

std::optional<base::Instant> instant_of(std::string_view seconds) {
  if (seconds.empty() || seconds.size() > 12 || seconds.front() == '-') return std::nullopt;
  std::int64_t number = 0;
  const char* const end = seconds.data() + seconds.size();
  const auto read = std::from_chars(seconds.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return base::Instant{} + base::seconds(number);
}

bool is_near(base::Instant at, base::Instant now) {
  return at - now <= clock_difference_max && now - at <= clock_difference_max;
}

std::optional<NoticeRefusal> refusal_of_headers(const HeaderList& headers) {
  bool missing = false;
  for (const std::string_view name :
       {"Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial"}) {
    const Found found = find(headers, name);
    if (found.count > 1) return NoticeRefusal::duplicate_field;
    if (found.value.empty()) missing = true;
  }
  const Found type = find(headers, "Wechatpay-Signature-Type");
  if (type.count > 1) return NoticeRefusal::duplicate_field;
  if (missing) return NoticeRefusal::signature_missing;
  if (type.count == 1 && type.value != scheme) return NoticeRefusal::signature_type_unsupported;
  return std::nullopt;
}

}  // namespace

std::string request_text(std::string_view method, std::string_view target,
                         std::string_view timestamp, std::string_view nonce,
                         std::string_view body) {
  std::string text;
  for (const std::string_view line : {method, target_of(target), timestamp, nonce, body}) {
    text.append(line).push_back('\n');
  }
  return text;
}

std::string response_text(std::string_view timestamp, std::string_view nonce,
                          std::string_view body) {
  std::string text;
  for (const std::string_view line : {timestamp, nonce, body}) text.append(line).push_back('\n');
  return text;
}

std::string_view target_of(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return url;
  url.remove_prefix(url.find("//") + 2);
  url = url.substr(0, url.find('#'));
  const auto path = url.find('/');
  return path == std::string_view::npos ? "/" : url.substr(path);
}

std::string authorization(std::string_view mchid, std::string_view serial,
                          std::string_view timestamp, std::string_view nonce,
                          std::string_view signature_base64) {
  std::string text(scheme);
  text.append(" mchid=\"").append(mchid);
  text.append("\",nonce_str=\"").append(nonce);
  text.append("\",timestamp=\"").append(timestamp);
  text.append("\",serial_no=\"").append(serial);
  text.append("\",signature=\"").append(signature_base64).append("\"");
  return text;
}

std::string signature_of(std::string_view text, const crypto::RsaPrivateKey& key) {
  return crypto::to_base64(key.sign_sha256(text));
}

bool is_signed(std::string_view text, std::string_view signature_base64,
               const crypto::RsaPublicKey& key) {
  if (signature_base64.find(probe) != std::string_view::npos) return false;
  const auto signature = crypto::from_base64(signature_base64);
  return signature && !signature->empty() && key.verify_sha256(text, *signature);
}

base::Result<Proof, NoticeRefusal> verify(const PlatformKeys& keys, const HeaderList& headers,
                                          std::string_view body, base::Instant now) {
  if (const auto refusal = refusal_of_headers(headers)) return base::refuse(*refusal);
  const Proof proof = claimed_proof(headers);
  const auto at = instant_of(proof.timestamp);
  if (!at || !is_near(*at, now)) return base::refuse(NoticeRefusal::timestamp_differs);
  const crypto::RsaPublicKey* const key = keys.find(proof.serial, now);
  if (key == nullptr) return base::refuse(NoticeRefusal::serial_unknown);
  if (!is_signed(response_text(proof.timestamp, proof.nonce, body), proof.signature, *key)) {
    return base::refuse(NoticeRefusal::signature_invalid);
  }
  return proof;
}

Proof claimed_proof(const HeaderList& headers) {
  return {.timestamp = find(headers, "Wechatpay-Timestamp").value,
          .nonce = find(headers, "Wechatpay-Nonce").value,
          .signature = find(headers, "Wechatpay-Signature").value,
          .serial = find(headers, "Wechatpay-Serial").value};
}

}  // namespace daozhang::connectors::payment::wechatpay
