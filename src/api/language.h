// Which of our two languages a buyer reads.
#pragma once

#include <string_view>

namespace daozhang::api {

enum class Language { zh, en };

// From Accept-Language (RFC 9110, 12.5.4): English if it is preferred to Chinese, else Chinese.
Language language_of(std::string_view accept_language);

}  // namespace daozhang::api
