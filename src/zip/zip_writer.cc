#include "zip/zip_writer.h"

#include <zip.h>

#include "base/check.h"

namespace daozhang::zip {
namespace {

// The first moment that the format can tell; no clock is read.
void set_oldest_time(zip_t* archive, zip_uint64_t index) {
  constexpr zip_uint16_t first_of_january_1980 = 0x21;
  CHECK(zip_file_set_dostime(archive, index, 0, first_of_january_1980, 0) == 0);
}

}  // namespace

std::string zip_of(std::span<const ZipContent> contents) {
  zip_source_t* const target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  CHECK(target != nullptr);
  zip_source_keep(target);
  zip_t* const archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  CHECK(archive != nullptr);
  for (const ZipContent& content : contents) {
    zip_source_t* const bytes =
        zip_source_buffer(archive, content.bytes.data(), content.bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, content.name.c_str(), bytes, ZIP_FL_ENC_GUESS);
    CHECK(index >= 0);
    set_oldest_time(archive, static_cast<zip_uint64_t>(index));
  }
  CHECK(zip_close(archive) == 0);
  zip_stat_t about;
  CHECK(zip_source_stat(target, &about) == 0);
  std::string file(about.size, '\0');
  CHECK(zip_source_open(target) == 0);
  CHECK(zip_source_read(target, file.data(), file.size()) == static_cast<zip_int64_t>(file.size()));
  zip_source_close(target);
  zip_source_free(target);
  return file;
}

}  // namespace daozhang::zip
