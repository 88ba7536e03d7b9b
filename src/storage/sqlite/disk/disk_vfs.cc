#include "storage/sqlite/disk/disk_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "storage/sqlite/disk/disk.h"

namespace daozhang::storage::sqlite::disk {
namespace {

constexpr int path_size_max = 512;
// Noon of a day in 2026, in the milliseconds of the Julian day that SQLite counts in.
constexpr sqlite3_int64 julian_now = 211'643'323'200'000;

// What a connection holds open.
struct OpenFile {
  Disk& disk;
  std::string path;
  std::shared_ptr<File> file;
  std::uint64_t process;
  bool remove_at_close;
  int lock = SQLITE_LOCK_NONE;
  std::shared_ptr<SharedMemory> shared = {};
  bool reads[SharedMemory::lock_count] = {};
  bool writes[SharedMemory::lock_count] = {};

  [[nodiscard]] bool is_dead() const { return process != disk.process(); }
};

// SQLite gives the memory; the first member is what it looks at.
struct Handle {
  sqlite3_file base;
  alignas(OpenFile) std::byte place[sizeof(OpenFile)];
};

OpenFile& of(sqlite3_file* handle) {
  return *std::launder(reinterpret_cast<OpenFile*>(reinterpret_cast<Handle*>(handle)->place));
}

Verdict judge(OpenFile& open, Call call) {
  if (open.is_dead()) return Verdict::power_cut;
  return open.disk.judge(call, open.path);
}

int release(OpenFile& open, int wanted);
int unmap(sqlite3_file* handle, int remove);

int close(sqlite3_file* handle) {
  auto& open = of(handle);
  release(open, SQLITE_LOCK_NONE);
  unmap(handle, 0);
  if (open.remove_at_close && !open.is_dead()) open.disk.remove(open.path, false);
  open.~OpenFile();
  handle->pMethods = nullptr;
  return SQLITE_OK;
}

int read(sqlite3_file* handle, void* to, int size, sqlite3_int64 offset) {
  auto& open = of(handle);
  const Verdict verdict = judge(open, Call::read);
  if (verdict != Verdict::ok && verdict != Verdict::flipped) return SQLITE_IOERR_READ;
  auto* bytes = static_cast<char*>(to);
  const auto wanted = static_cast<std::size_t>(size);
  const auto got = open.file->read(bytes, wanted, static_cast<std::size_t>(offset));
  if (verdict == Verdict::flipped && got > 0) {
    const auto bit = open.disk.prng().below(got * 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  }
  if (got == wanted) return SQLITE_OK;
  std::memset(bytes + got, 0, wanted - got);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* handle, const void* from, int size, sqlite3_int64 offset) {
  auto& open = of(handle);
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(size));
  const auto at = static_cast<std::size_t>(offset);
  const Verdict verdict = judge(open, Call::write);
  if (verdict == Verdict::ok) {
    open.file->write(bytes, at);
    return SQLITE_OK;
  }
  if (verdict == Verdict::no_space) return SQLITE_FULL;
  // The part that was under way when it stopped.
  if (!open.is_dead() && verdict != Verdict::io_error)
    open.file->write(bytes.substr(0, open.disk.prng().below(bytes.size() + 1)), at);
  return verdict == Verdict::short_write ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* handle, sqlite3_int64 size) {
  auto& open = of(handle);
  if (judge(open, Call::truncate) != Verdict::ok) return SQLITE_IOERR_TRUNCATE;
  open.file->truncate(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync(sqlite3_file* handle, int /*flags*/) {
  auto& open = of(handle);
  const Verdict verdict = judge(open, Call::sync);
  if (verdict == Verdict::ok) open.disk.sync(open.path, open.file);
  return verdict == Verdict::ok || verdict == Verdict::ignored ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int file_size(sqlite3_file* handle, sqlite3_int64* size) {
  auto& open = of(handle);
  if (judge(open, Call::size) != Verdict::ok) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(open.file->bytes().size());
  return SQLITE_OK;
}

int lock(sqlite3_file* handle, int wanted) {
  auto& open = of(handle);
  if (open.lock >= wanted) return SQLITE_OK;
  if (judge(open, Call::lock) != Verdict::ok) return SQLITE_IOERR_LOCK;
  auto& locks = open.file->locks;
  if (wanted == SQLITE_LOCK_SHARED) {
    if (locks.pending || locks.exclusive) return SQLITE_BUSY;
    ++locks.shared;
  } else if (wanted == SQLITE_LOCK_RESERVED) {
    if (locks.reserved) return SQLITE_BUSY;
    locks.reserved = true;
  } else {
    if (locks.pending && open.lock < SQLITE_LOCK_PENDING) return SQLITE_BUSY;
    if (locks.reserved && open.lock < SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
    locks.reserved = locks.pending = true;
    open.lock = SQLITE_LOCK_PENDING;
    if (locks.shared > 1) return SQLITE_BUSY;
    locks.exclusive = true;
  }
  open.lock = wanted;
  return SQLITE_OK;
}

int release(OpenFile& open, int wanted) {
  if (open.lock <= wanted) return SQLITE_OK;
  if (!open.is_dead()) {
    auto& locks = open.file->locks;
    if (open.lock >= SQLITE_LOCK_RESERVED) locks.reserved = locks.pending = locks.exclusive = false;
    if (wanted == SQLITE_LOCK_NONE) --locks.shared;
  }
  open.lock = wanted;
  return SQLITE_OK;
}

int unlock(sqlite3_file* handle, int wanted) { return release(of(handle), wanted); }

int check_reserved(sqlite3_file* handle, int* is_reserved) {
  *is_reserved = of(handle).file->locks.reserved ? 1 : 0;
  return SQLITE_OK;
}

int control(sqlite3_file* /*handle*/, int /*what*/, void* /*argument*/) { return SQLITE_NOTFOUND; }

int sector(sqlite3_file* /*handle*/) { return 4096; }

// As SQLite's own VFS for Linux says; a torn write here too leaves what is outside of it alone.
int properties(sqlite3_file* /*handle*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map(sqlite3_file* handle, int region, int size, int extend, void volatile** memory) {
  auto& open = of(handle);
  *memory = nullptr;
  if (judge(open, Call::map) != Verdict::ok) return SQLITE_IOERR_SHMMAP;
  if (open.shared == nullptr) open.shared = open.file->shared;
  auto& regions = open.shared->regions;
  while (extend != 0 && regions.size() <= static_cast<std::size_t>(region))
    regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  if (static_cast<std::size_t>(region) < regions.size())
    *memory = regions[static_cast<std::size_t>(region)].get();
  return SQLITE_OK;
}

void unlock_slot(OpenFile& open, int slot) {
  if (open.reads[slot]) --open.shared->readers[slot];
  if (open.writes[slot]) open.shared->writer[slot] = false;
  open.reads[slot] = open.writes[slot] = false;
}

bool can_lock(const OpenFile& open, int slot, bool alone) {
  const auto& shared = *open.shared;
  if (shared.writer[slot] && !open.writes[slot]) return false;
  return !alone || shared.readers[slot] == (open.reads[slot] ? 1 : 0);
}

int lock_slots(sqlite3_file* handle, int first, int count, int flags) {
  auto& open = of(handle);
  if (open.shared == nullptr) return SQLITE_IOERR_SHMLOCK;  // It could not be mapped.
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int slot = first; slot < first + count; ++slot) unlock_slot(open, slot);
    return SQLITE_OK;
  }
  if (judge(open, Call::lock) != Verdict::ok) return SQLITE_IOERR_SHMLOCK;
  const bool alone = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (int slot = first; slot < first + count; ++slot)
    if (!can_lock(open, slot, alone)) return SQLITE_BUSY;
  for (int slot = first; slot < first + count; ++slot) {
    unlock_slot(open, slot);
    if (alone)
      open.shared->writer[slot] = open.writes[slot] = true;
    else
      ++open.shared->readers[slot], open.reads[slot] = true;
  }
  return SQLITE_OK;
}

void barrier(sqlite3_file* /*handle*/) { std::atomic_thread_fence(std::memory_order_seq_cst); }

int unmap(sqlite3_file* handle, int remove) {
  auto& open = of(handle);
  if (open.shared == nullptr) return SQLITE_OK;
  for (int slot = 0; slot < SharedMemory::lock_count; ++slot) unlock_slot(open, slot);
  if (remove != 0 && !open.is_dead()) open.file->shared = std::make_shared<SharedMemory>();
  open.shared.reset();
  return SQLITE_OK;
}

const sqlite3_io_methods io_methods = {
    2,          close,   read,           write,   truncate, sync,       file_size,
    lock,       unlock,  check_reserved, control, sector,   properties, map,
    lock_slots, barrier, unmap,          nullptr, nullptr,
};

int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* handle, int flags,
              int* flags_out) {
  handle->pMethods = nullptr;
  // Only temporary files have no name, and temp_store keeps those in memory.
  if (name == nullptr) return SQLITE_CANTOPEN;
  auto& disk = Disk::of_path(name);
  if (disk.judge(Call::open, name) != Verdict::ok) return SQLITE_CANTOPEN;
  auto file = disk.open(name, (flags & SQLITE_OPEN_CREATE) != 0);
  if (file == nullptr) return SQLITE_CANTOPEN;
  new (reinterpret_cast<Handle*>(handle)->place) OpenFile{
      disk, name, std::move(file), disk.process(), (flags & SQLITE_OPEN_DELETEONCLOSE) != 0};
  handle->pMethods = &io_methods;
  if (flags_out != nullptr) *flags_out = flags;
  return SQLITE_OK;
}

int remove_file(sqlite3_vfs* /*vfs*/, const char* name, int sync_folder) {
  auto& disk = Disk::of_path(name);
  if (disk.judge(Call::remove, name) != Verdict::ok) return SQLITE_IOERR_DELETE;
  if (!disk.exists(name)) return SQLITE_IOERR_DELETE_NOENT;
  disk.remove(name, sync_folder != 0);
  return SQLITE_OK;
}

int access(sqlite3_vfs* /*vfs*/, const char* name, int /*flags*/, int* answer) {
  auto& disk = Disk::of_path(name);
  if (disk.judge(Call::access, name) != Verdict::ok) return SQLITE_IOERR_ACCESS;
  *answer = disk.exists(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs* /*vfs*/, const char* name, int size, char* to) {
  const auto length = std::strlen(name);
  if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(to, name, length + 1);
  return SQLITE_OK;
}

// SQLite seeds its own generator with this once a process, so it is the same for every disk.
int randomness(sqlite3_vfs* /*vfs*/, int size, char* to) {
  std::memset(to, 42, static_cast<std::size_t>(size));
  return size;
}

int sleep(sqlite3_vfs* /*vfs*/, int microseconds) { return microseconds; }

int current_time(sqlite3_vfs* /*vfs*/, sqlite3_int64* now) {
  *now = julian_now;
  return SQLITE_OK;
}

int last_error(sqlite3_vfs* /*vfs*/, int /*size*/, char* /*text*/) { return 0; }

sqlite3_vfs make_vfs() {
  sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = path_size_max;
  vfs.zName = "daozhang_disk";
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

const char* disk_vfs() {
  static sqlite3_vfs vfs = make_vfs();
  [[maybe_unused]] static const int registered = sqlite3_vfs_register(&vfs, 0);
  return vfs.zName;
}

}  // namespace daozhang::storage::sqlite::disk
