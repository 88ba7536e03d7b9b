// Whether a merchant key of epay V1 is worth anything: it is all that stands between a stranger and
// a paid order. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/payment/epay/account.h"

namespace daozhang::connectors::payment::epay {

inline constexpr std::size_t merchant_key_size_min = 16;

// merchant_key_too_short, merchant_key_unusable, merchant_key_guessable, or nothing.
std::optional<AccountRefusal> refusal_of_key(std::string_view key, std::string_view pid);

}  // namespace daozhang::connectors::payment::epay
