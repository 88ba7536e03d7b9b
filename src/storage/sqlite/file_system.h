// Where a store's files live, and what happens when they can not be trusted any more.
#pragma once

#include <functional>
#include <string>

namespace daozhang::storage::sqlite {

struct FileSystem {
  // A VFS that is registered with SQLite; empty for the operating system's own. Only there is a
  // second process kept out by a lock file: the others live in one process.
  std::string vfs;
  // Called with a sentence for the log when a file failed in a way after which neither a retry nor
  // a rollback can be trusted (SETTLED 33). It must not return; if it does, the process ends.
  // Empty: the sentence goes to stderr and the process ends. One that throws leaves the store good
  // for nothing but destruction.
  std::function<void(const std::string&)> fatal;
};

}  // namespace daozhang::storage::sqlite
