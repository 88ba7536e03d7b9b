// What WeChat Pay signs, in both directions, and how it proves itself (SHA256withRSA, PKCS#1 v1.5,
// base64). Pure; any thread. Reference: protocols/wechatpay.md 2 and 3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/platform_keys.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

// Names in any case, in their order.
using HeaderList = std::vector<std::pair<std::string, std::string>>;

// Five lines, each with a line end. `target` is path and query exactly as sent; an absolute URL is
// cut to that.
std::string request_text(std::string_view method, std::string_view target,
                         std::string_view timestamp, std::string_view nonce, std::string_view body);
// Three lines: of a response and of a notification.
std::string response_text(std::string_view timestamp, std::string_view nonce,
                          std::string_view body);

// Path and query of an absolute URL; `/` if it has none. A text without scheme stays as it is.
std::string_view target_of(std::string_view url);

// The header's value for a signature over `request_text`.
std::string authorization(std::string_view mchid, std::string_view serial,
                          std::string_view timestamp, std::string_view nonce,
                          std::string_view signature_base64);

std::string signature_of(std::string_view text, const crypto::RsaPrivateKey& key);
bool is_signed(std::string_view text, std::string_view signature_base64,
               const crypto::RsaPublicKey& key);

inline constexpr base::Duration clock_difference_max = base::seconds(300);  // Either way.

// The headers by which a response or notification proves itself. Views into the list.
struct Proof {
  std::string_view timestamp;
  std::string_view nonce;
  std::string_view signature;
  std::string_view serial;
};

// The rungs, in this order: duplicate_field (one of the headers came twice), signature_missing,
// signature_type_unsupported, timestamp_differs (no decimal seconds, or more than
// `clock_difference_max` from `now`), serial_unknown, signature_invalid (also WeChat's probes,
// whose signature contains WECHATPAY/SIGNTEST/).
base::Result<Proof, ports::NoticeRefusal> verify(const PlatformKeys& keys,
                                                 const HeaderList& headers, std::string_view body,
                                                 base::Instant now);

// What a message's headers claim, unproven; empty where absent.
Proof claimed_proof(const HeaderList& headers);

}  // namespace daozhang::connectors::payment::wechatpay
