// How both sides of the supplier protocol sign, requests and callbacks alike
// (docs/reference/supplier_protocol.md). Pure; any thread.
//
// Signature = lower-case hexadecimal HMAC-SHA256(secret,
//   METHOD \n PATH \n TIMESTAMP \n NONCE \n lower-case hexadecimal SHA256(body))
// PATH is the path as sent, without query. The time is checked and the nonce is signed; whoever
// must not act twice on a repeat inside the tolerance relies on the order's reference.
#pragma once

#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"

namespace daozhang::connectors::supplier::http {

inline constexpr std::string_view key_header = "Daozhang-Key";
inline constexpr std::string_view timestamp_header = "Daozhang-Timestamp";  // Unix seconds.
inline constexpr std::string_view nonce_header = "Daozhang-Nonce";  // 16 to 64 of [A-Za-z0-9_-].
inline constexpr std::string_view signature_header = "Daozhang-Signature";

inline constexpr base::Duration timestamp_tolerance = base::seconds(300);  // Both ways, inclusive.

// One account: the supplier gives both to the shop. The secret is never logged.
struct Credentials {
  std::string key;
  std::string secret;
};

// False if the key is empty or the secret shorter than 16 bytes: such an account must not start,
// an empty secret would let anyone sign.
[[nodiscard]] bool are_usable(const Credentials& credentials);

struct SignatureHeaders {
  std::string key;
  std::string timestamp;
  std::string nonce;
  std::string signature;
};

// The nonce must have the shape said above and be random: 32 hexadecimal digits do.
[[nodiscard]] SignatureHeaders sign(const Credentials& credentials, std::string_view method,
                                    std::string_view path, std::string_view body, base::Instant now,
                                    std::string_view nonce);

// A request as it came in; an absent header is empty.
struct SignedRequest {
  std::string_view method;
  std::string_view path;
  std::string_view body;
  std::string_view key;
  std::string_view timestamp;
  std::string_view nonce;
  std::string_view signature;
};

enum class SignatureRefusal {
  signature_missing,  // One of the four headers is absent.
  key_unknown,
  nonce_malformed,
  timestamp_malformed,
  timestamp_outside,
  signature_invalid,
};
constexpr auto names_of(std::type_identity<SignatureRefusal>) {
  return base::words("signature_missing", "key_unknown", "nonce_malformed", "timestamp_malformed",
                     "timestamp_outside", "signature_invalid");
}

// The value says when it was signed. The rungs are tried in the enumerators' order; the signature
// is compared in constant time.
[[nodiscard]] base::Result<base::Instant, SignatureRefusal> verify(const Credentials& credentials,
                                                                   const SignedRequest& request,
                                                                   base::Instant now);

}  // namespace daozhang::connectors::supplier::http
