// Makes a ZIP file in memory, for whoever plays a provider: the sandbox and tests. Deterministic:
// the same entries give the same bytes. Any thread.
#pragma once

#include <span>
#include <string>

namespace daozhang::zip {

struct ZipContent {
  std::string name;  // Bytes as they shall stand.
  std::string bytes;
};

std::string zip_of(std::span<const ZipContent> contents);

}  // namespace daozhang::zip
