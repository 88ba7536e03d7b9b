// A checksum for every page, so that a page which comes back from the disk other than it was
// written is an error and never a wrong row. A VFS that lies over another one:
//
// * the last eight bytes of each page of the store's file hold its seal, which also covers the
//   page's number; it is set when a page is written there and checked whenever one is read;
// * for each page in the write-ahead log the seal of what this process wrote, or read when it
//   recovered the log (then SQLite checks the log's own checksums, and never again), is kept in
//   memory and checked when it is read back.
//
// A page that does not fit its seal is answered with SQLITE_IOERR_DATA. A page that was never
// written (a lost write) still fits its old seal: that is not this layer's to find (decision 0016).
//
// Threads: as the VFS below.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daozhang::storage::sqlite {

inline constexpr int page_size = 4096;
inline constexpr int seal_size = 8;

// XXH3 (64 bits) with the page's number as seed; never zero. Another content fits by chance once in
// 2^64.
std::uint64_t seal_of(std::string_view bytes, std::uint64_t page_number);

// The name of the sealing VFS over this one, which it registers at the first call; an empty name
// means the operating system's. Empty if there is no VFS of that name. Any thread.
std::string sealing_vfs(const std::string& under);

// For sqlite3_file_control: whether the pages of this file are sealed, into an int.
inline constexpr int file_is_sealed = 0x44414F5A;

}  // namespace daozhang::storage::sqlite
