#include "sandbox/keys.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/instant.h"
#include "crypto/certificate.h"
#include "crypto/random.h"
#include "crypto/rsa.h"

namespace daozhang::sandbox {
namespace {

namespace fs = std::filesystem;
using Written = base::Result<void, std::string>;

constexpr base::Duration certificate_life = base::hours(5 * 365 * 24);

Written write_secret(const fs::path& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return base::refuse(fmt::format("can not write {}: {}", path.string(), std::strerror(errno)));
  const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool safe = ::fsync(file) == 0;
  if (::close(file) != 0 || !whole || !safe)
    return base::refuse(fmt::format("can not write {}", path.string()));
  return {};
}

Written write_pair(const fs::path& directory, const std::string& name,
                   std::vector<std::string>& written) {
  const fs::path secret = directory / (name + "_private.pem");
  const fs::path open = directory / (name + "_public.pem");
  const bool has_secret = fs::exists(secret);
  const bool has_open = fs::exists(open);
  if (has_secret && has_open) return {};
  if (has_secret || has_open)
    return base::refuse(fmt::format("only one of {} and {} is there; restore or remove it",
                                    secret.string(), open.string()));
  const auto key = crypto::RsaPrivateKey::generate(2048);
  if (auto done = write_secret(secret, key.to_pem()); !done) return done;
  if (auto done = write_secret(open, key.public_key_pem()); !done) return done;
  written.push_back(secret.filename());
  written.push_back(open.filename());
  return {};
}

// `digits` hexadecimal ones.
Written write_random(const fs::path& path, std::size_t digits, std::vector<std::string>& written) {
  if (fs::exists(path)) return {};
  const std::string text = base::to_hex(crypto::random_bytes(digits / 2)) + "\n";
  if (auto done = write_secret(path, text); !done) return done;
  written.push_back(path.filename());
  return {};
}

// Of the key that is there; made anew if it is lost.
Written write_certificate(const fs::path& directory, std::vector<std::string>& written) {
  const fs::path path = directory / "wechatpay_platform_certificate.pem";
  if (fs::exists(path)) return {};
  std::ifstream in(directory / "wechatpay_platform_private.pem", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto key = crypto::RsaPrivateKey::from_text(text);
  if (!key) return base::refuse(std::string("wechatpay_platform_private.pem is no private key"));
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const base::Instant now{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  // A serial never begins with a zero, which some would leave out.
  const std::string serial = "5" + base::to_hex(crypto::random_bytes(20)).substr(1);
  const std::string pem =
      crypto::make_certificate(*key, serial, now - base::hours(24), now + certificate_life);
  if (auto done = write_secret(path, pem); !done) return done;
  written.push_back(path.filename());
  return {};
}

}  // namespace

base::Result<std::vector<std::string>, std::string> generate_keys(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return base::refuse(fmt::format("can not make {}: {}", directory, error.message()));
  std::vector<std::string> written;
  for (const char* name : {"app", "alipay", "wechatpay_merchant", "wechatpay_platform",
                           "epay_merchant", "epay_platform"})
    if (auto done = write_pair(directory, name, written); !done) return base::refuse(done.error());
  if (auto done = write_certificate(directory, written); !done) return base::refuse(done.error());
  for (const auto& [name, digits] :
       {std::pair{"supplier_secret", 64u}, std::pair{"wechatpay_api_v3_key", 32u},
        std::pair{"wechatpay_app_secret", 32u}, std::pair{"epay_key", 32u}})
    if (auto done = write_random(fs::path(directory) / name, digits, written); !done)
      return base::refuse(done.error());
  return written;
}

}  // namespace daozhang::sandbox
