// Encrypted resources of notifications and of downloaded certificates (AEAD_AES_256_GCM). Pure; any
// thread. Reference: protocols/wechatpay.md 4.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

// `resource`: algorithm, ciphertext, nonce, and associated_data, which may be absent. `api_v3_key`
// has 32 bytes; 16 as in WeChat's own examples work too. Refuses unreadable (another algorithm, a
// part missing or no text) and decryption_failed.
base::Result<std::string, ports::NoticeRefusal> open_resource(const json::Value& resource,
                                                              std::string_view api_v3_key);

}  // namespace daozhang::connectors::payment::wechatpay
