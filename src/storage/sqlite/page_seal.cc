#include "storage/sqlite/page_seal.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#define XXH_INLINE_ALL  // Its header alone; nothing to link.
#include <xxhash.h>

namespace daozhang::storage::sqlite {
namespace {

constexpr sqlite3_int64 log_header_size = 32;
constexpr sqlite3_int64 frame_header_size = 24;
constexpr sqlite3_int64 frame_size = frame_header_size + page_size;
constexpr std::size_t body_size = page_size - seal_size;
constexpr std::string_view magic("SQLite format 3", 16);
// Where page 1 says how large a page is and how many bytes at its end are ours.
constexpr std::size_t page_size_at = 16;
constexpr std::size_t reserved_at = 20;

using Page = std::array<char, page_size>;

std::string_view body_of(const char* page) { return {page, body_size}; }

std::uint64_t seal_on(const char* page) {
  std::uint64_t seal = 0;
  std::memcpy(&seal, page + body_size, seal_size);
  return seal;
}

// The seals of the pages that this process wrote to one log or recovered from it; zero where it
// knows none.
class LogSeals {
 public:
  void set(std::size_t frame, std::uint64_t seal) {
    const std::lock_guard guard(lock_);
    if (seals_.size() <= frame) seals_.resize(frame + 1);
    seals_[frame] = seal;
  }
  bool fits(std::size_t frame, const char* page) {
    const std::lock_guard guard(lock_);
    if (frame >= seals_.size() || seals_[frame] == 0) return true;
    return seals_[frame] == seal_of({page, page_size}, frame);
  }
  void learn(std::size_t frame, const char* page) {
    const std::lock_guard guard(lock_);
    if (seals_.size() <= frame) seals_.resize(frame + 1);
    if (seals_[frame] == 0) seals_[frame] = seal_of({page, page_size}, frame);
  }
  void forget_from(std::size_t frame) {
    const std::lock_guard guard(lock_);
    if (frame < seals_.size()) seals_.resize(frame);
  }

 private:
  std::mutex lock_;
  std::vector<std::uint64_t> seals_;
};

// All connections to one log of this process share its seals.
std::shared_ptr<LogSeals> seals_of_log(const std::string& path) {
  static std::mutex lock;
  static std::map<std::string, std::weak_ptr<LogSeals>> logs;
  const std::lock_guard guard(lock);
  std::erase_if(logs, [](const auto& entry) { return entry.second.expired(); });
  auto seals = logs[path].lock();
  if (seals == nullptr) logs[path] = seals = std::make_shared<LogSeals>();
  return seals;
}

enum class Sealed { not_known, yes, no };

struct State {
  sqlite3_file* under;
  Sealed sealed = Sealed::not_known;      // Of the store's file.
  std::shared_ptr<LogSeals> log_seals{};  // Of a log.
};

// SQLite gives the memory; the file of the VFS below follows it.
struct Handle {
  sqlite3_file base;
  alignas(State) std::byte place[sizeof(State)];
};

State& of(sqlite3_file* handle) {
  return *std::launder(reinterpret_cast<State*>(reinterpret_cast<Handle*>(handle)->place));
}

sqlite3_file* under(sqlite3_file* handle) { return of(handle).under; }

void learn_from_first_page(State& state, const char* page) {
  if (std::string_view(page, magic.size()) != magic) return;
  const bool size_fits = page[page_size_at] == page_size >> 8 && page[page_size_at + 1] == 0;
  state.sealed = size_fits && page[reserved_at] == seal_size ? Sealed::yes : Sealed::no;
}

int close(sqlite3_file* handle) {
  auto& state = of(handle);
  const int code = state.under->pMethods->xClose(state.under);
  state.~State();
  handle->pMethods = nullptr;
  return code;
}

bool is_page(int size, sqlite3_int64 offset) {
  return size == page_size && offset % page_size == 0;
}

// Parts of a page are not checked: SQLite reads so only the head of the first one, from the file
// even where the log has a newer copy, and a power cut may have torn the file's. All that it
// believes of it comes again with the whole page.
int read_store(State& state, void* to, int size, sqlite3_int64 offset) {
  const int code = state.under->pMethods->xRead(state.under, to, size, offset);
  if (code != SQLITE_OK) return code;
  const auto* bytes = static_cast<const char*>(to);
  if (offset == 0 && size > static_cast<int>(reserved_at) && state.sealed == Sealed::not_known)
    learn_from_first_page(state, bytes);
  if (state.sealed != Sealed::yes || !is_page(size, offset)) return code;
  const auto number = static_cast<std::uint64_t>(offset / page_size);
  return seal_on(bytes) == seal_of(body_of(bytes), number) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

bool is_page_of_frame(sqlite3_int64 in_frames, int size) {
  return in_frames % frame_size == frame_header_size && size == page_size;
}

int read_log(State& state, void* to, int size, sqlite3_int64 offset) {
  const int code = state.under->pMethods->xRead(state.under, to, size, offset);
  const auto in_frames = offset - log_header_size;
  const bool is_whole = size == frame_size && in_frames % frame_size == 0;
  if (code != SQLITE_OK || in_frames < 0) return code;
  if (!is_whole && !is_page_of_frame(in_frames, size)) return code;
  const auto* page = static_cast<const char*>(to) + (size - page_size);
  const auto frame = static_cast<std::size_t>(in_frames / frame_size);
  // SQLite reads frames whole when it recovers, and checks them itself.
  if (is_whole) state.log_seals->learn(frame, page);
  return state.log_seals->fits(frame, page) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

int read(sqlite3_file* handle, void* to, int size, sqlite3_int64 offset) {
  auto& state = of(handle);
  return state.log_seals != nullptr ? read_log(state, to, size, offset)
                                    : read_store(state, to, size, offset);
}

int write_log(State& state, const void* from, int size, sqlite3_int64 offset) {
  const auto in_frames = offset - log_header_size;
  if (in_frames >= 0 && size > 0) {
    const auto frame = static_cast<std::size_t>(in_frames / frame_size);
    const auto within = in_frames % frame_size;
    const bool is_header = within + size <= frame_header_size;
    if (is_page_of_frame(in_frames, size))
      state.log_seals->set(frame, seal_of({static_cast<const char*>(from), page_size}, frame));
    else if (!is_header)
      state.log_seals->set(frame, 0);
  }
  return state.under->pMethods->xWrite(state.under, from, size, offset);
}

int write(sqlite3_file* handle, const void* from, int size, sqlite3_int64 offset) {
  auto& state = of(handle);
  if (state.log_seals != nullptr) return write_log(state, from, size, offset);
  const auto* bytes = static_cast<const char*>(from);
  if (!is_page(size, offset)) return state.under->pMethods->xWrite(state.under, from, size, offset);
  if (offset == 0) learn_from_first_page(state, bytes);
  if (state.sealed != Sealed::yes)
    return state.under->pMethods->xWrite(state.under, from, size, offset);
  Page page;
  std::memcpy(page.data(), bytes, body_size);
  const auto seal = seal_of(body_of(bytes), static_cast<std::uint64_t>(offset / page_size));
  std::memcpy(page.data() + body_size, &seal, seal_size);
  return state.under->pMethods->xWrite(state.under, page.data(), size, offset);
}

int truncate(sqlite3_file* handle, sqlite3_int64 size) {
  auto& state = of(handle);
  if (state.log_seals != nullptr)
    state.log_seals->forget_from(static_cast<std::size_t>(size / frame_size));
  return state.under->pMethods->xTruncate(state.under, size);
}

int sync(sqlite3_file* handle, int flags) {
  return under(handle)->pMethods->xSync(under(handle), flags);
}
int file_size(sqlite3_file* handle, sqlite3_int64* size) {
  return under(handle)->pMethods->xFileSize(under(handle), size);
}
int lock(sqlite3_file* handle, int level) {
  return under(handle)->pMethods->xLock(under(handle), level);
}
int unlock(sqlite3_file* handle, int level) {
  return under(handle)->pMethods->xUnlock(under(handle), level);
}
int check_reserved(sqlite3_file* handle, int* is_reserved) {
  return under(handle)->pMethods->xCheckReservedLock(under(handle), is_reserved);
}
int control(sqlite3_file* handle, int what, void* argument) {
  if (what == file_is_sealed) {
    *static_cast<int*>(argument) = of(handle).sealed == Sealed::yes ? 1 : 0;
    return SQLITE_OK;
  }
  return under(handle)->pMethods->xFileControl(under(handle), what, argument);
}
int sector(sqlite3_file* handle) { return under(handle)->pMethods->xSectorSize(under(handle)); }
// A part of a page can not be checked, so SQLite shall not read parts.
int properties(sqlite3_file* handle) {
  return under(handle)->pMethods->xDeviceCharacteristics(under(handle)) &
         ~SQLITE_IOCAP_SUBPAGE_READ;
}
int map(sqlite3_file* handle, int region, int size, int extend, void volatile** memory) {
  return under(handle)->pMethods->xShmMap(under(handle), region, size, extend, memory);
}
int lock_slots(sqlite3_file* handle, int first, int count, int flags) {
  return under(handle)->pMethods->xShmLock(under(handle), first, count, flags);
}
void barrier(sqlite3_file* handle) { under(handle)->pMethods->xShmBarrier(under(handle)); }
int unmap(sqlite3_file* handle, int remove) {
  return under(handle)->pMethods->xShmUnmap(under(handle), remove);
}

// Version 2: no memory mapping, whose reads nobody could check.
const sqlite3_io_methods io_methods = {
    2,          close,   read,           write,   truncate, sync,       file_size,
    lock,       unlock,  check_reserved, control, sector,   properties, map,
    lock_slots, barrier, unmap,          nullptr, nullptr,
};

sqlite3_vfs* vfs_under(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* handle, int flags, int* flags_out) {
  auto* below = vfs_under(vfs);
  if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
    return below->xOpen(below, name, handle, flags, flags_out);
  auto* file = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(handle) + sizeof(Handle));
  handle->pMethods = nullptr;
  const int code = below->xOpen(below, name, file, flags, flags_out);
  if (code != SQLITE_OK) {
    if (file->pMethods != nullptr) file->pMethods->xClose(file);
    return code;
  }
  auto* state = new (reinterpret_cast<Handle*>(handle)->place) State{file};
  if ((flags & SQLITE_OPEN_WAL) != 0) state->log_seals = seals_of_log(name);
  handle->pMethods = &io_methods;
  return SQLITE_OK;
}

int remove_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  return vfs_under(vfs)->xDelete(vfs_under(vfs), name, sync_folder);
}
int access(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
  return vfs_under(vfs)->xAccess(vfs_under(vfs), name, flags, answer);
}
int full_path(sqlite3_vfs* vfs, const char* name, int size, char* to) {
  return vfs_under(vfs)->xFullPathname(vfs_under(vfs), name, size, to);
}
int randomness(sqlite3_vfs* vfs, int size, char* to) {
  return vfs_under(vfs)->xRandomness(vfs_under(vfs), size, to);
}
int sleep(sqlite3_vfs* vfs, int microseconds) {
  return vfs_under(vfs)->xSleep(vfs_under(vfs), microseconds);
}
int current_time(sqlite3_vfs* vfs, sqlite3_int64* now) {
  return vfs_under(vfs)->xCurrentTimeInt64(vfs_under(vfs), now);
}
int last_error(sqlite3_vfs* vfs, int size, char* text) {
  return vfs_under(vfs)->xGetLastError(vfs_under(vfs), size, text);
}

sqlite3_vfs layer_over(sqlite3_vfs& below, const char* name) {
  sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(Handle)) + below.szOsFile;
  vfs.mxPathname = below.mxPathname;
  vfs.zName = name;
  vfs.pAppData = &below;
  vfs.xOpen = open_file;
  vfs.xDelete = remove_file;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
  vfs.xCurrentTimeInt64 = current_time;
  vfs.xGetLastError = last_error;
  return vfs;
}

}  // namespace

// Zero stands for a seal that is not known.
std::uint64_t seal_of(std::string_view bytes, std::uint64_t page_number) {
  const std::uint64_t seal = XXH3_64bits_withSeed(bytes.data(), bytes.size(), page_number);
  return seal == 0 ? 1 : seal;
}

std::string sealing_vfs(const std::string& under) {
  // Registered for as long as the process lives, as SQLite's own are.
  static std::mutex lock;
  static std::map<std::string, sqlite3_vfs> layers;
  const std::string name = "daozhang_sealed" + (under.empty() ? "" : "_over_" + under);
  const std::lock_guard guard(lock);
  const auto known = layers.find(name);
  if (known != layers.end()) return name;
  sqlite3_vfs* below = sqlite3_vfs_find(under.empty() ? nullptr : under.c_str());
  if (below == nullptr) return {};
  const auto added = layers.emplace(name, sqlite3_vfs{}).first;
  added->second = layer_over(*below, added->first.c_str());
  return sqlite3_vfs_register(&added->second, 0) == SQLITE_OK ? name : std::string();
}

}  // namespace daozhang::storage::sqlite
