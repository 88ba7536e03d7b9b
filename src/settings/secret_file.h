// Keys and secrets are files, never values in the settings: a settings file may be shown to others.
#pragma once

#include <string>

#include "base/result.h"

namespace daozhang::settings {

inline constexpr std::size_t secret_file_bytes_max = 64 * 1024;

// The file's bytes without line breaks and blanks at the end. Refuses with a sentence for the
// operator, in English and Chinese: no name given, missing, not a file, not readable, empty,
// too large. `what` names its purpose, for example `channel.alipay.app_private_key_file`.
base::Result<std::string, std::string> read_secret_file(const std::string& path,
                                                        const std::string& what);

// Any text file, such as the settings or the catalogue, up to `bytes_max`.
base::Result<std::string, std::string> read_text_file(const std::string& path,
                                                      const std::string& what,
                                                      std::size_t bytes_max = 16 * 1024 * 1024);

}  // namespace daozhang::settings
