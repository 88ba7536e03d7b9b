#include "storage/sqlite/disk/disk.h"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/check.h"

namespace daozhang::storage::sqlite::disk {
namespace {

// SQLite knows a file by its path alone, so the path names the disk.
constexpr std::string_view path_prefix = "/disk_";

struct Registry {
  std::mutex lock;
  std::map<std::uint64_t, Disk*> disks;
  std::uint64_t last_id = 0;
};

Registry& registry() {
  static Registry all;
  return all;
}

}  // namespace

Verdict NthCall::judge(Call call, std::string_view /*path*/) {
  if (call_ && *call_ != call) return Verdict::ok;
  ++seen_;
  return seen_ >= first_ && seen_ < first_ + length_ ? verdict_ : Verdict::ok;
}

std::size_t File::read(char* to, std::size_t size, std::size_t offset) const {
  if (offset >= now_.size()) return 0;
  return now_.copy(to, size, offset);
}

void File::write(std::string_view bytes, std::size_t offset) {
  pending_.push_back({false, offset, bytes.size(), now_.size(), replaced_.size()});
  if (offset < now_.size()) replaced_.append(now_, offset, bytes.size());
  if (now_.size() < offset + bytes.size()) now_.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), now_.begin() + static_cast<std::ptrdiff_t>(offset));
}

void File::truncate(std::size_t size) {
  pending_.push_back({true, size, 0, now_.size(), replaced_.size()});
  if (size < now_.size()) replaced_.append(now_, size);
  now_.resize(size);
}

void File::sync() {
  pending_.clear();
  replaced_.clear();
}

void File::apply(const Change& change, std::string_view bytes, std::size_t from, std::size_t to) {
  if (change.is_truncation) return now_.resize(change.offset);
  if (now_.size() < change.offset + to) now_.resize(change.offset + to);
  std::copy_n(bytes.data() + from, to - from, now_.data() + change.offset + from);
}

// The file as it was synced last. Answers what each change had written.
std::vector<std::string> File::take_back() {
  std::vector<std::string> written(pending_.size());
  for (std::size_t i = pending_.size(); i-- > 0;) {
    const auto& change = pending_[i];
    if (!change.is_truncation) written[i] = now_.substr(change.offset, change.size);
    now_.resize(change.size_before);
    if (change.offset < change.size_before)
      std::copy_n(replaced_.data() + change.at, replaced_.size() - change.at,
                  now_.data() + change.offset);
    replaced_.resize(change.at);
  }
  return written;
}

void File::lose(base::Prng& prng, PowerCut& cut) {
  const auto written = take_back();
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const auto& change = pending_[i];
    const auto fate = prng.below(4);
    if (fate < 2) {
      apply(change, written[i], 0, change.size);
      ++cut.kept;
    } else if (fate == 2 && !change.is_truncation) {
      ++cut.torn;
      for (std::size_t from = 0; from < change.size;) {
        const auto border = (change.offset + from) / sector_size * sector_size + sector_size;
        const auto to = std::min(border - change.offset, change.size);
        if (prng.chance(1, 2)) apply(change, written[i], from, to);
        from = to;
      }
    } else {
      ++cut.lost;
    }
  }
  sync();
}

void File::set_bytes(std::string bytes) {
  sync();
  now_ = std::move(bytes);
}

Disk::Disk(std::uint64_t seed) : prng_(seed, "disk") {
  auto& all = registry();
  const std::lock_guard guard(all.lock);
  id_ = ++all.last_id;
  all.disks.emplace(id_, this);
}

Disk::~Disk() {
  auto& all = registry();
  const std::lock_guard guard(all.lock);
  all.disks.erase(id_);
}

std::string Disk::path_of(std::string_view file) const {
  std::string path(path_prefix);
  path += std::to_string(id_);
  path += '/';
  path += file;
  return path;
}

Disk& Disk::of_path(std::string_view path) {
  CHECK(path.starts_with(path_prefix));
  path.remove_prefix(path_prefix.size());
  std::uint64_t id = 0;
  CHECK(std::from_chars(path.data(), path.data() + path.size(), id).ec == std::errc{});
  auto& all = registry();
  const std::lock_guard guard(all.lock);
  return *all.disks.at(id);
}

void Disk::end_process() {
  ++process_;
  for (auto& [path, file] : files_) {
    file->locks = {};
    file->shared = std::make_shared<SharedMemory>();
  }
}

PowerCut Disk::cut_power() {
  end_process();
  is_cut_ = false;
  Folder left = durable_files_;
  for (const auto& [path, file] : files_) {
    const auto old = durable_files_.find(path);
    if (old != durable_files_.end() && old->second == file) continue;
    if (prng_.chance(1, 2)) left[path] = file;
  }
  for (const auto& [path, file] : durable_files_)
    if (!files_.contains(path) && prng_.chance(1, 2)) left.erase(path);
  PowerCut cut;
  for (auto& [path, file] : left) file->lose(prng_, cut);
  files_ = left;
  durable_files_ = std::move(left);
  return cut;
}

std::map<std::string, std::string> Disk::image() const {
  std::map<std::string, std::string> all;
  const auto prefix = path_of("").size();
  for (const auto& [path, file] : files_) all.emplace(path.substr(prefix), file->bytes());
  return all;
}

void Disk::load(const std::map<std::string, std::string>& image) {
  end_process();
  files_.clear();
  for (const auto& [name, bytes] : image) {
    const auto file = std::make_shared<File>();
    file->set_bytes(bytes);
    files_.emplace(path_of(name), file);
  }
  durable_files_ = files_;
}

Verdict Disk::judge(Call call, std::string_view path) {
  if (is_cut_) return Verdict::power_cut;
  const Verdict verdict = policy_ == nullptr ? Verdict::ok : policy_->judge(call, path);
  if (verdict == Verdict::power_cut) is_cut_ = true;
  return verdict;
}

std::shared_ptr<File> Disk::open(const std::string& path, bool create) {
  const auto found = files_.find(path);
  if (found != files_.end()) return found->second;
  if (!create) return nullptr;
  return files_.emplace(path, std::make_shared<File>()).first->second;
}

void Disk::remove(const std::string& path, bool sync_folder) {
  files_.erase(path);
  if (sync_folder) durable_files_.erase(path);
}

void Disk::sync(const std::string& path, const std::shared_ptr<File>& file) {
  file->sync();
  const auto found = files_.find(path);
  if (found != files_.end() && found->second == file) durable_files_[path] = file;
}

}  // namespace daozhang::storage::sqlite::disk
