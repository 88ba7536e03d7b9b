// Alipay's content encryption: AES-128-CBC with an IV of zeros, as base64. The signature is made
// over the ciphertext, so a reply is verified first and opened afterwards. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace daozhang::connectors::payment::alipay {

// `key` has 16 raw bytes.
std::string encrypt_content(std::string_view key, std::string_view plain);
std::optional<std::string> decrypt_content(std::string_view key, std::string_view base64);

}  // namespace daozhang::connectors::payment::alipay
