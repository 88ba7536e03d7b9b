#include "storage/sqlite/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace daozhang::storage::sqlite {
namespace {

std::string holder_of(int file) {
  std::array<char, 32> text{};
  const auto size = ::pread(file, text.data(), text.size() - 1, 0);
  std::string holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder.empty() ? "another process" : "process " + holder;
}

}  // namespace

WriterLock::~WriterLock() {
  if (file_ >= 0) ::close(file_);
}

std::optional<OpenProblem> WriterLock::take(const std::string& store_path) {
  const std::string path = store_path + ".lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0)
    return OpenProblem{OpenRefusal::cannot_open,
                       path + " can not be created: " + std::strerror(errno) + "."};
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
    return OpenProblem{OpenRefusal::in_use, store_path + " is in use by " + holder_of(file_) +
                                                "; only one process may write to a store."};
  const std::string holder = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file_, 0) != 0 ||
      ::pwrite(file_, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size()))
    return OpenProblem{OpenRefusal::no_space, path + " can not be written; is the disk full?"};
  return std::nullopt;
}

}  // namespace daozhang::storage::sqlite
