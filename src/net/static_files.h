// Serves a directory of built web files, with the headers that keep a browser strict.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "net/router.h"

namespace daozhang::net {

struct StaticFilesOptions {
  std::string root;  // A directory.
  // Paths below these are never files: 404 as problem+json instead of the page.
  std::vector<std::string> api_prefixes{"/v1/", "/api/"};
  // A path without a file extension that names no file gets this page (single-page application).
  std::string fallback_page = "index.html";
  std::size_t file_bytes_max = 32 * 1024 * 1024;
};

// For Router::set_fallback. Reads a file when its size or time has changed, else answers from
// memory; one lock, held shortly. Dot files, `..`, encoded slashes and links that leave the root
// are 404. Files below /assets/ (hashed names) are cacheable for ever, all others are revalidated
// by ETag.
Handler static_files(StaticFilesOptions options);

// Content-Security-Policy without inline scripts, X-Content-Type-Options, Referrer-Policy.
std::vector<FormField> browser_security_headers();

}  // namespace daozhang::net
