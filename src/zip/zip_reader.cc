#include "zip/zip_reader.h"

#include <zip.h>

#include <array>

namespace daozhang::zip {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

struct FileClose {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

struct ZipReader::Archive {
  explicit Archive(zip_t* opened) : handle(opened) {}
  ~Archive() { zip_discard(handle); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  zip_t* handle;
};

base::Result<std::unique_ptr<ZipReader>, ZipRefusal> ZipReader::open(std::FILE* file,
                                                                     const ZipLimits& limits) {
  zip_source_t* const source = zip_source_filep_create(file, 0, -1, nullptr);
  if (source == nullptr) {
    std::fclose(file);
    return base::refuse(ZipRefusal::not_a_zip);
  }
  zip_t* const handle = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, nullptr);
  if (handle == nullptr) {
    zip_source_free(source);
    return base::refuse(ZipRefusal::not_a_zip);
  }
  std::unique_ptr<ZipReader> reader(new ZipReader(std::make_unique<Archive>(handle)));
  const zip_int64_t count = zip_get_num_entries(handle, 0);
  if (static_cast<std::size_t>(count) > limits.entry_count_max)
    return base::refuse(ZipRefusal::too_many_files);
  std::int64_t unpacked = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t about;
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(handle, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW, &about) != 0 ||
        (about.valid & needed) != needed)
      return base::refuse(ZipRefusal::damaged);
    if (about.encryption_method != ZIP_EM_NONE) return base::refuse(ZipRefusal::encrypted);
    if (about.size > static_cast<zip_uint64_t>(limits.unpacked_bytes_max - unpacked))
      return base::refuse(ZipRefusal::too_large);
    unpacked += static_cast<std::int64_t>(about.size);
    reader->entries_.push_back({about.name, static_cast<std::int64_t>(about.size)});
  }
  return reader;
}

ZipReader::ZipReader(std::unique_ptr<Archive> archive) : archive_(std::move(archive)) {}
ZipReader::~ZipReader() = default;

base::Result<void, ZipRefusal> ZipReader::read(std::size_t entry,
                                               const std::function<bool(std::string_view)>& take) {
  const std::unique_ptr<zip_file_t, FileClose> file(zip_fopen_index(archive_->handle, entry, 0));
  if (file == nullptr) return base::refuse(ZipRefusal::damaged);
  std::array<char, piece_bytes> piece;
  std::int64_t left = entries_[entry].unpacked_bytes;
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) return base::refuse(ZipRefusal::damaged);
    if (got == 0) break;
    // The size that the file gives is what the limit was held against.
    left -= got;
    if (left < 0) return base::refuse(ZipRefusal::damaged);
    if (!take({piece.data(), static_cast<std::size_t>(got)}))
      return base::refuse(ZipRefusal::not_taken);
  }
  if (left != 0) return base::refuse(ZipRefusal::damaged);
  return {};
}

}  // namespace daozhang::zip
