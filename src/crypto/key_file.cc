#include "crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "base/check.h"
#include "base/hex.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace daozhang::crypto {
namespace {

constexpr std::string_view first_line = "daozhang-keys 1";
constexpr std::string_view first_word = "daozhang-keys ";
constexpr std::size_t key_size = 32;
constexpr std::size_t file_size_max = 4096;

struct NamedKey {
  std::string_view name;
  WipedBytes MasterKeys::*key;
};
constexpr std::array<NamedKey, 5> named_keys{{
    {"kek", &MasterKeys::kek},
    {"fingerprint", &MasterKeys::fingerprint},
    {"order_number", &MasterKeys::order_number},
    {"access_code", &MasterKeys::access_code},
    {"leaf_salt", &MasterKeys::leaf_salt},
}};

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  std::string folder = ".";
  if (slash == 0) folder = "/";
  if (slash != std::string::npos && slash > 0) folder = path.substr(0, slash);
  const File opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && ::fsync(opened.get()) == 0;
}

std::optional<KeyFileRefusal> refusal_of(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return KeyFileRefusal::can_not_read;
  if (!S_ISREG(status.st_mode)) return KeyFileRefusal::not_a_regular_file;
  if ((status.st_mode & 077) != 0) return KeyFileRefusal::permissions_too_wide;
  if (status.st_uid != ::geteuid()) return KeyFileRefusal::permissions_too_wide;
  return std::nullopt;
}

std::optional<WipedBytes> read_all(int descriptor) {
  WipedBytes text(file_size_max + 1);
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.shrink_to(size);
  return text;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::optional<KeyFileRefusal> read_line(std::string_view line, MasterKeys& keys) {
  for (const NamedKey& named : named_keys) {
    if (!line.starts_with(named.name)) continue;
    std::string_view rest = line.substr(named.name.size());
    if (!rest.starts_with(' ')) continue;
    auto bytes = base::from_hex(rest.substr(1));
    if (!bytes || bytes->size() != key_size) return KeyFileRefusal::malformed_line;
    WipedBytes key{std::string_view(*bytes)};
    wipe(bytes->data(), bytes->size());
    if (!(keys.*named.key).empty()) return KeyFileRefusal::malformed_line;
    keys.*named.key = std::move(key);
    return std::nullopt;
  }
  return KeyFileRefusal::malformed_line;
}

bool is_one_repeated_byte(std::string_view bytes) {
  return bytes.find_first_not_of(bytes.front()) == std::string_view::npos;
}

std::optional<KeyFileRefusal> refusal_of(const MasterKeys& keys) {
  for (const NamedKey& named : named_keys) {
    if ((keys.*named.key).empty()) return KeyFileRefusal::key_missing;
  }
  for (std::size_t i = 0; i < named_keys.size(); ++i) {
    const std::string_view key = (keys.*named_keys[i].key).view();
    if (is_one_repeated_byte(key)) return KeyFileRefusal::keys_repeat;
    for (std::size_t j = 0; j < i; ++j) {
      if (equal_in_constant_time(key, (keys.*named_keys[j].key).view())) {
        return KeyFileRefusal::keys_repeat;
      }
    }
  }
  return std::nullopt;
}

WipedBytes fresh_file_text() {
  std::string text(first_line);
  text.reserve(file_size_max);
  text += '\n';
  for (const NamedKey& named : named_keys) {
    std::string key = random_bytes(key_size);
    std::string digits = base::to_hex(key);
    text.append(named.name).append(" ").append(digits).append("\n");
    wipe(key.data(), key.size());
    wipe(digits.data(), digits.size());
  }
  WipedBytes wiped{std::string_view(text)};
  wipe(text.data(), text.size());
  return wiped;
}

}  // namespace

base::Result<void, KeyFileRefusal> create_key_file(const std::string& path) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    return base::refuse(errno == EEXIST ? KeyFileRefusal::file_exists
                                        : KeyFileRefusal::can_not_write);
  }
  const WipedBytes text = fresh_file_text();
  // A umask can only take rights away, so the mode is set once more.
  const bool written = ::fchmod(file.get(), 0600) == 0 && write_all(file.get(), text.view()) &&
                       ::fsync(file.get()) == 0 && sync_folder_of(path);
  if (written) return {};
  ::unlink(path.c_str());
  return base::refuse(KeyFileRefusal::can_not_write);
}

base::Result<MasterKeys, KeyFileRefusal> load_key_file(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ELOOP) return base::refuse(KeyFileRefusal::not_a_regular_file);
    return base::refuse(errno == ENOENT ? KeyFileRefusal::file_missing
                                        : KeyFileRefusal::can_not_read);
  }
  if (const auto refusal = refusal_of(file.get())) return base::refuse(*refusal);
  const auto text = read_all(file.get());
  if (!text) return base::refuse(KeyFileRefusal::can_not_read);
  if (text->size() > file_size_max) return base::refuse(KeyFileRefusal::malformed_line);
  std::string_view rest = text->view();
  const std::string_view version = take_line(rest);
  if (version != first_line) {
    return base::refuse(version.starts_with(first_word) ? KeyFileRefusal::unknown_version
                                                        : KeyFileRefusal::malformed_line);
  }
  MasterKeys keys;
  while (!rest.empty()) {
    if (const auto refusal = read_line(take_line(rest), keys)) return base::refuse(*refusal);
  }
  if (const auto refusal = refusal_of(keys)) return base::refuse(*refusal);
  return keys;
}

std::string_view name(KeyFileRefusal refusal) {
  switch (refusal) {
    case KeyFileRefusal::file_missing:
      return "file_missing";
    case KeyFileRefusal::file_exists:
      return "file_exists";
    case KeyFileRefusal::not_a_regular_file:
      return "not_a_regular_file";
    case KeyFileRefusal::permissions_too_wide:
      return "permissions_too_wide";
    case KeyFileRefusal::unknown_version:
      return "unknown_version";
    case KeyFileRefusal::malformed_line:
      return "malformed_line";
    case KeyFileRefusal::key_missing:
      return "key_missing";
    case KeyFileRefusal::keys_repeat:
      return "keys_repeat";
    case KeyFileRefusal::can_not_write:
      return "can_not_write";
    case KeyFileRefusal::can_not_read:
      return "can_not_read";
  }
  UNREACHABLE();
}

}  // namespace daozhang::crypto
