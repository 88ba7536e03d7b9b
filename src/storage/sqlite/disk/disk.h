// A disk in memory that behaves as badly as real ones may: what was written but not synced can be
// lost, torn or kept in any mixture when the power goes, and any call can fail. SQLite reaches it
// through disk_vfs.h; the simulator and the store's tests run over it.
//
// What the power leaves of a file: each write and each truncation since the last sync survives
// whole, in part (at sector borders) or not at all, independently of its neighbors. Within one
// sector time never runs backwards: an older write does not overwrite a newer one. A file that was
// made or removed without a sync of its folder may be there or not.
//
// Thread: one. Deterministic by its seed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/prng.h"

namespace daozhang::storage::sqlite::disk {

inline constexpr std::size_t sector_size = 512;

enum class Call { open, read, write, truncate, sync, remove, size, access, lock, map };
constexpr auto names_of(std::type_identity<Call>) {
  return base::words("open", "read", "write", "truncate", "sync", "remove", "size", "access",
                     "lock", "map");
}

// What a call comes to. Those that do not fit the call are taken as io_error.
enum class Verdict {
  ok,
  no_space,     // Of a write: nothing was written.
  short_write,  // Of a write: a part was written, then the space was gone.
  io_error,     // Not done; of a sync: what was pending stays pending.
  ignored,      // Of a sync: answered with success, and nothing was synced.
  flipped,      // Of a read: one bit of the answer is wrong.
  power_cut,    // The call and every later one of this process fail, until cut_power().
};
constexpr auto names_of(std::type_identity<Verdict>) {
  return base::words("ok", "no_space", "short_write", "io_error", "ignored", "flipped",
                     "power_cut");
}

// Decides about every call. Must outlive the disk that asks it.
class Policy {
 public:
  virtual ~Policy() = default;
  virtual Verdict judge(Call call, std::string_view path) = 0;
};

// The n-th call that fits gets the verdict, and so do the `length` - 1 fitting ones after it.
class NthCall final : public Policy {
 public:
  NthCall(Verdict verdict, std::int64_t n, std::optional<Call> call = std::nullopt,
          std::int64_t length = 1)
      : verdict_(verdict), first_(n), length_(length), call_(call) {}

  Verdict judge(Call call, std::string_view path) override;
  // Whether it has struck: a sweep over n ends with the first clean pass.
  [[nodiscard]] bool struck() const { return seen_ >= first_; }

 private:
  Verdict verdict_;
  std::int64_t first_;
  std::int64_t length_;
  std::optional<Call> call_;
  std::int64_t seen_ = 0;
};

// What one power cut did to the changes that were pending.
struct PowerCut {
  std::int64_t kept = 0;
  std::int64_t torn = 0;
  std::int64_t lost = 0;
};

// Locks of a file as SQLite asks for them: none, shared, reserved, pending, exclusive.
struct FileLocks {
  int shared = 0;
  bool reserved = false;
  bool pending = false;
  bool exclusive = false;
};

// The memory that the connections to one write-ahead log share.
struct SharedMemory {
  static constexpr int lock_count = 8;
  std::vector<std::unique_ptr<char[]>> regions;
  int readers[lock_count] = {};
  bool writer[lock_count] = {};
};

class File {
 public:
  // The bytes that were there; fewer at the end of the file.
  std::size_t read(char* to, std::size_t size, std::size_t offset) const;
  void write(std::string_view bytes, std::size_t offset);
  void truncate(std::size_t size);
  void sync();
  void lose(base::Prng& prng, PowerCut& cut);

  [[nodiscard]] const std::string& bytes() const { return now_; }
  void set_bytes(std::string bytes);

  FileLocks locks;
  std::shared_ptr<SharedMemory> shared = std::make_shared<SharedMemory>();

 private:
  struct Change {
    bool is_truncation = false;
    std::size_t offset = 0;  // Of a truncation: the new size.
    std::size_t size = 0;
    std::size_t size_before = 0;  // Of the file.
    std::size_t at = 0;           // Where the bytes that it replaced begin in replaced_.
  };
  void apply(const Change& change, std::string_view bytes, std::size_t from, std::size_t to);
  std::vector<std::string> take_back();

  std::string now_;  // As every process sees it.
  // What is not synced. Syncs are many and power cuts few, so what is kept is the way back.
  std::vector<Change> pending_;
  std::string replaced_;
};

class Disk {
 public:
  explicit Disk(std::uint64_t seed);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // Nothing fails while there is none.
  void set_policy(Policy* policy) { policy_ = policy; }
  [[nodiscard]] Policy* policy() const { return policy_; }

  // The name under which SQLite finds a file of this disk.
  [[nodiscard]] std::string path_of(std::string_view file) const;
  // The disk that a path is on, and the file's name there; the disk must exist.
  static Disk& of_path(std::string_view path);

  // The process dies: its open files do no more, its locks and shared memory are gone. What it
  // wrote is in the hands of the system and stays.
  void end_process();
  // The machine dies, and with it what was not durable.
  PowerCut cut_power();
  // Whether a call has met power_cut and nothing works until cut_power().
  [[nodiscard]] bool is_cut() const { return is_cut_; }

  // Every file, by path.
  [[nodiscard]] std::map<std::string, std::string> image() const;
  // Puts durable files in the place of all.
  void load(const std::map<std::string, std::string>& image);

  // For disk_vfs.cc.
  Verdict judge(Call call, std::string_view path);
  std::shared_ptr<File> open(const std::string& path, bool create);
  void remove(const std::string& path, bool sync_folder);
  void sync(const std::string& path, const std::shared_ptr<File>& file);
  [[nodiscard]] bool exists(const std::string& path) const { return files_.contains(path); }
  [[nodiscard]] std::uint64_t process() const { return process_; }
  base::Prng& prng() { return prng_; }

 private:
  using Folder = std::map<std::string, std::shared_ptr<File>>;

  std::uint64_t id_;
  base::Prng prng_;
  Policy* policy_ = nullptr;
  bool is_cut_ = false;
  std::uint64_t process_ = 0;
  Folder files_;
  Folder durable_files_;
};

}  // namespace daozhang::storage::sqlite::disk
