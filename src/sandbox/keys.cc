#include "sandbox/keys.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/hex.h"
#include "crypto/random.h"
#include "crypto/rsa.h"

namespace daozhang::sandbox {
namespace {

namespace fs = std::filesystem;
using Written = base::Result<void, std::string>;

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

}  // namespace

base::Result<std::vector<std::string>, std::string> generate_keys(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return base::refuse(fmt::format("can not make {}: {}", directory, error.message()));
  std::vector<std::string> written;
  for (const char* name : {"app", "alipay"})
    if (auto done = write_pair(directory, name, written); !done) return base::refuse(done.error());
  const fs::path secret = fs::path(directory) / "supplier_secret";
  if (!fs::exists(secret)) {
    const std::string text = base::to_hex(crypto::random_bytes(32)) + "\n";
    if (auto done = write_secret(secret, text); !done) return base::refuse(done.error());
    written.push_back(secret.filename());
  }
  return written;
}

}  // namespace daozhang::sandbox
