#include "settings/secret_file.h"

#include <sys/stat.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace daozhang::settings {
namespace {

tl::unexpected<std::string> sentence(const std::string& what, const std::string& path,
                                     const std::string& en, const std::string& zh) {
  const std::string place = path.empty() ? what : what + " (" + path + ")";
  return base::refuse(place + ": " + en + "\n" + place + "：" + zh);
}

}  // namespace

base::Result<std::string, std::string> read_text_file(const std::string& path,
                                                      const std::string& what,
                                                      std::size_t bytes_max) {
  if (path.empty()) return sentence(what, path, "no file is named", "没有指定文件");
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) {
    const std::string reason = std::strerror(errno);
    return sentence(what, path, "can not be read: " + reason, "无法读取：" + reason);
  }
  if (!S_ISREG(facts.st_mode)) return sentence(what, path, "is not a file", "不是文件");
  if (static_cast<std::size_t>(facts.st_size) > bytes_max) {
    const std::string limit = std::to_string(bytes_max);
    return sentence(what, path, "is larger than " + limit + " bytes", "超过 " + limit + " 字节");
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad() || (bytes.empty() && facts.st_size > 0)) {
    return sentence(what, path, "can not be read", "无法读取");
  }
  return bytes;
}

base::Result<std::string, std::string> read_secret_file(const std::string& path,
                                                        const std::string& what) {
  auto bytes = read_text_file(path, what, secret_file_bytes_max);
  if (!bytes) return bytes;
  const std::size_t last = bytes->find_last_not_of(" \t\r\n");
  if (last == std::string::npos) {
    return sentence(what, path, "is empty; a key or secret is needed", "文件为空，必须包含密钥");
  }
  bytes->resize(last + 1);
  return bytes;
}

}  // namespace daozhang::settings
