// Reads a ZIP file that others made, entry by entry and piece by piece, in memory that does not
// grow with it. What is read is checked: the sum of an entry's bytes (CRC-32) against the file's
// own, and their number against limits, so that a small file that unpacks to a huge one is refused
// early.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/result.h"

namespace daozhang::zip {

struct ZipLimits {
  std::size_t entry_count_max = 64;
  std::int64_t unpacked_bytes_max = 4LL * 1024 * 1024 * 1024;  // All entries together.
};

enum class ZipRefusal {
  not_a_zip,       // No ZIP file, or cut off.
  too_many_files,  // More entries than the limit.
  too_large,       // Unpacks to more than the limit.
  encrypted,
  damaged,    // An entry does not unpack, or not to what the file says of it.
  not_taken,  // The taker said no.
};
constexpr auto names_of(std::type_identity<ZipRefusal>) {
  return base::words("not_a_zip", "too_many_files", "too_large", "encrypted", "damaged",
                     "not_taken");
}

struct ZipEntry {
  std::string name;  // The bytes as they stand; of no known encoding, so never a path to write to.
  std::int64_t unpacked_bytes = 0;  // As the file says.
};

class ZipReader {
 public:
  // Takes the file over and closes it, also when it refuses; it must be readable and seekable.
  static base::Result<std::unique_ptr<ZipReader>, ZipRefusal> open(std::FILE* file,
                                                                   const ZipLimits& limits = {});
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }
  // Unpacks an entry into `take`, at most 64 KiB a piece; false from it ends the reading. A refusal
  // may come after pieces were taken: what was taken then counts for nothing.
  base::Result<void, ZipRefusal> read(std::size_t entry,
                                      const std::function<bool(std::string_view)>& take);

 private:
  struct Archive;
  explicit ZipReader(std::unique_ptr<Archive> archive);

  std::unique_ptr<Archive> archive_;
  std::vector<ZipEntry> entries_;
};

}  // namespace daozhang::zip
