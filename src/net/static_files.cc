#include "net/static_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/hex.h"
#include "base/sha256.h"

namespace daozhang::net {
namespace {

namespace fs = std::filesystem;

struct MediaType {
  std::string_view extension;
  std::string_view name;
};

constexpr std::array media_types{
    MediaType{".html", "text/html; charset=utf-8"},
    MediaType{".js", "text/javascript; charset=utf-8"},
    MediaType{".mjs", "text/javascript; charset=utf-8"},
    MediaType{".css", "text/css; charset=utf-8"},
    MediaType{".json", "application/json"},
    MediaType{".webmanifest", "application/manifest+json"},
    MediaType{".svg", "image/svg+xml"},
    MediaType{".png", "image/png"},
    MediaType{".jpg", "image/jpeg"},
    MediaType{".webp", "image/webp"},
    MediaType{".ico", "image/x-icon"},
    MediaType{".woff2", "font/woff2"},
    MediaType{".txt", "text/plain; charset=utf-8"},
    MediaType{".map", "application/json"},
};

std::string_view media_type_of(std::string_view path) {
  for (const MediaType& type : media_types) {
    if (path.ends_with(type.extension)) return type.name;
  }
  return "application/octet-stream";
}

// The path below the root, or nothing if no file of ours can have that name.
std::optional<std::string> relative_path(std::string_view path) {
  auto decoded = percent_decode(path);
  if (!decoded || decoded->empty() || decoded->front() != '/') return std::nullopt;
  const auto slashes = [](std::string_view text) {
    return std::count(text.begin(), text.end(), '/');
  };
  if (slashes(*decoded) != slashes(path)) return std::nullopt;
  const auto is_foreign = [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\\' || c == 127;
  };
  if (std::any_of(decoded->begin(), decoded->end(), is_foreign)) return std::nullopt;
  if (decoded->find("/.") != std::string::npos) return std::nullopt;
  if (decoded->find("//") != std::string::npos) return std::nullopt;
  return decoded->substr(1);
}

bool has_extension(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
}

struct CachedFile {
  fs::file_time_type changed;
  std::uintmax_t size = 0;
  std::shared_ptr<const std::string> bytes;
  std::string etag;
};

class FileTree {
 public:
  explicit FileTree(StaticFilesOptions options) : options_(std::move(options)) {
    std::error_code ignored;
    root_ = fs::canonical(options_.root, ignored);
  }

  Response answer(const Request& request) {
    for (const std::string& prefix : options_.api_prefixes) {
      const std::string_view bare = std::string_view(prefix).substr(0, prefix.size() - 1);
      if (request.path.starts_with(prefix) || request.path == bare) return not_found();
    }
    const auto relative = relative_path(request.path);
    if (!relative) return not_found();
    if (!relative->empty()) {
      if (const auto file = load(*relative)) return file_response(request, *relative, *file);
      if (has_extension(*relative)) return not_found();
    }
    const auto page = load(options_.fallback_page);
    return page ? file_response(request, options_.fallback_page, *page) : not_found();
  }

 private:
  static Response not_found() {
    Response response = problem_response(404, "not_found");
    return std::move(response.with("X-Content-Type-Options", "nosniff"));
  }

  static Response file_response(const Request& request, std::string_view relative,
                                const CachedFile& file) {
    Response response;
    response.headers = browser_security_headers();
    const bool is_hashed = relative.starts_with("assets/");
    response.with("ETag", file.etag);
    response.with("Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (request.header("If-None-Match") == file.etag) {
      response.status = 304;
      return response;
    }
    response.with("Content-Type", std::string(media_type_of(relative)));
    response.shared_body = file.bytes;
    return response;
  }

  bool is_below_root(const fs::path& path) const {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error || root_.empty()) return false;
    return std::mismatch(root_.begin(), root_.end(), real.begin(), real.end()).first == root_.end();
  }

  std::optional<CachedFile> load(const std::string& relative) {
    const fs::path path = root_ / relative;
    std::error_code error;
    if (!fs::is_regular_file(path, error) || !is_below_root(path)) return std::nullopt;
    const auto changed = fs::last_write_time(path, error);
    const auto size = fs::file_size(path, error);
    if (error || size > options_.file_bytes_max) return std::nullopt;
    const std::lock_guard lock(mutex_);
    CachedFile& cached = files_[relative];
    if (cached.bytes != nullptr && cached.changed == changed && cached.size == size) return cached;
    std::ifstream in(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (in.bad()) return std::nullopt;
    cached = {changed, size, nullptr, etag_of(bytes)};
    cached.bytes = std::make_shared<const std::string>(std::move(bytes));
    return cached;
  }

  static std::string etag_of(std::string_view bytes) {
    return "\"" + base::to_hex(base::view(base::sha256(bytes)).substr(0, 16)) + "\"";
  }

  const StaticFilesOptions options_;
  fs::path root_;
  std::mutex mutex_;
  std::unordered_map<std::string, CachedFile> files_;
};

}  // namespace

std::vector<FormField> browser_security_headers() {
  return {{"Content-Security-Policy",
           "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
           "connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "same-origin"}};
}

Handler static_files(StaticFilesOptions options) {
  auto tree = std::make_shared<FileTree>(std::move(options));
  return [tree](Request&& request, Responder responder) { responder.send(tree->answer(request)); };
}

}  // namespace daozhang::net
