#include "connectors/supplier/http/signature.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "crypto/digest.h"

namespace daozhang::connectors::supplier::http {
namespace {

constexpr std::size_t secret_length_min = 16;
constexpr std::size_t nonce_length_min = 16;
constexpr std::size_t nonce_length_max = 64;
constexpr std::int64_t unix_seconds_max = 253'402'300'799;  // The end of the year 9999.

bool is_nonce(std::string_view text) {
  if (text.size() < nonce_length_min || text.size() > nonce_length_max) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  });
}

std::optional<base::Instant> from_unix_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds < 0 || seconds > unix_seconds_max) {
    return std::nullopt;
  }
  return base::Instant{} + base::seconds(seconds);
}

std::string signature_of(std::string_view secret, std::string_view method, std::string_view path,
                         std::string_view timestamp, std::string_view nonce,
                         std::string_view body) {
  std::string signed_text;
  for (const std::string_view part : {method, path, timestamp, nonce}) {
    signed_text.append(part).push_back('\n');
  }
  signed_text += base::to_hex(base::view(base::sha256(body)));
  return base::to_hex(base::view(base::hmac_sha256(secret, signed_text)));
}

}  // namespace

bool are_usable(const Credentials& credentials) {
  return !credentials.key.empty() && credentials.secret.size() >= secret_length_min;
}

SignatureHeaders sign(const Credentials& credentials, std::string_view method,
                      std::string_view path, std::string_view body, base::Instant now,
                      std::string_view nonce) {
  CHECK(are_usable(credentials));
  CHECK(is_nonce(nonce));
  SignatureHeaders headers;
  headers.key = credentials.key;
  headers.timestamp = std::to_string(now.micros / base::seconds(1).micros);
  headers.nonce = nonce;
  headers.signature =
      signature_of(credentials.secret, method, path, headers.timestamp, headers.nonce, body);
  return headers;
}

base::Result<base::Instant, SignatureRefusal> verify(const Credentials& credentials,
                                                     const SignedRequest& request,
                                                     base::Instant now) {
  CHECK(are_usable(credentials));
  if (request.key.empty() || request.timestamp.empty() || request.nonce.empty() ||
      request.signature.empty()) {
    return base::refuse(SignatureRefusal::signature_missing);
  }
  if (request.key != credentials.key) return base::refuse(SignatureRefusal::key_unknown);
  if (!is_nonce(request.nonce)) return base::refuse(SignatureRefusal::nonce_malformed);
  const auto signed_at = from_unix_seconds(request.timestamp);
  if (!signed_at) return base::refuse(SignatureRefusal::timestamp_malformed);
  // Whole seconds are sent, so whole seconds are compared.
  const base::Instant now_second{now.micros - now.micros % base::seconds(1).micros};
  const base::Duration apart = std::max(*signed_at - now_second, now_second - *signed_at);
  if (apart > timestamp_tolerance) return base::refuse(SignatureRefusal::timestamp_outside);
  const std::string expected = signature_of(credentials.secret, request.method, request.path,
                                            request.timestamp, request.nonce, request.body);
  if (!crypto::equal_in_constant_time(expected, request.signature)) {
    return base::refuse(SignatureRefusal::signature_invalid);
  }
  return *signed_at;
}

}  // namespace daozhang::connectors::supplier::http
