// A ZIP file of anybody: it is refused, or what comes out is within the limits and what it says.
#include <cstdio>

#include "tests/fuzz/input.h"
#include "zip/zip_reader.h"

namespace daozhang::fuzz {

void zip_file(std::string_view bytes) {
  std::FILE* const file = std::tmpfile();
  CHECK(file != nullptr);
  CHECK(std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size());
  std::rewind(file);
  constexpr std::int64_t unpacked_max = 1 << 20;
  const auto reader =
      zip::ZipReader::open(file, {.entry_count_max = 8, .unpacked_bytes_max = unpacked_max});
  if (!reader) return;
  std::int64_t unpacked = 0;
  CHECK((*reader)->entries().size() <= 8);
  for (std::size_t i = 0; i < (*reader)->entries().size(); ++i) {
    std::int64_t size = 0;
    const auto read = (*reader)->read(i, [&](std::string_view piece) {
      size += static_cast<std::int64_t>(piece.size());
      CHECK(size <= unpacked_max);
      return true;
    });
    if (read) CHECK(size == (*reader)->entries()[i].unpacked_bytes);
    unpacked += size;
  }
  CHECK(unpacked <= unpacked_max);
}

}  // namespace daozhang::fuzz
