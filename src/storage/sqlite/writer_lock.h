// At most one writing process a store: a lock on PATH.lock, held until the object goes, which the
// kernel also releases when the process dies. The file names the holder's process id.
#pragma once

#include <optional>
#include <string>

#include "storage/sqlite/open_problem.h"

namespace daozhang::storage::sqlite {

class WriterLock {
 public:
  WriterLock() = default;
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

  // Refuses: in_use, cannot_open.
  std::optional<OpenProblem> take(const std::string& store_path);

 private:
  int file_ = -1;
};

}  // namespace daozhang::storage::sqlite
