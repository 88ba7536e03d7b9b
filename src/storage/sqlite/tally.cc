#include "storage/sqlite/tally.h"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "storage/sqlite/page_seal.h"

namespace daozhang::storage::sqlite {
namespace {

constexpr std::string_view count_word = "commits ";

std::uint64_t seal_of_event(std::int64_t partition, std::int64_t order_id, std::int64_t version,
                            std::string_view leaf) {
  const auto key =
      static_cast<std::uint64_t>(order_id) * 64 + static_cast<std::uint64_t>(partition);
  return seal_of(leaf, key * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(version));
}

std::string count_text(std::int64_t commits) {
  const auto text = fmt::format("{}{:020}", count_word, commits);
  return fmt::format("{} {:016x}\n", text, seal_of(text, 0));
}

}  // namespace

std::uint64_t seal_of_event(const domain::Event& event) {
  return seal_of_event(event.partition.value, event.order_id.value, event.version, event.leaf);
}

CommitCountFile::~CommitCountFile() {
  if (file_ != nullptr && file_->pMethods != nullptr) file_->pMethods->xClose(file_);
  if (name_ != nullptr) sqlite3_free_filename(name_);
}

std::optional<OpenProblem> CommitCountFile::open(const std::string& store_path,
                                                 const FileSystem& files) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(files.vfs.empty() ? nullptr : files.vfs.c_str());
  const std::string path = store_path + ".commits";
  const auto cannot_open = [&] {
    return OpenProblem{OpenRefusal::cannot_open,
                       path + " can not be opened; check the folder's permissions."};
  };
  if (vfs == nullptr) return cannot_open();
  name_ = sqlite3_create_filename(path.c_str(), "", "", 0, nullptr);
  memory_ = std::make_unique<char[]>(static_cast<std::size_t>(vfs->szOsFile));
  file_ = reinterpret_cast<sqlite3_file*>(memory_.get());
  // For the operating system's VFS this is the kind without meaning of its own.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_SUPER_JOURNAL;
  if (vfs->xOpen(vfs, name_, file_, flags, nullptr) != SQLITE_OK) return cannot_open();
  return std::nullopt;
}

base::Result<std::optional<std::int64_t>, OpenProblem> CommitCountFile::read(
    const std::string& store_path) {
  std::string text = count_text(0);
  const int code = file_->pMethods->xRead(file_, text.data(), static_cast<int>(text.size()), 0);
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
    return base::refuse(
        OpenProblem{OpenRefusal::cannot_open,
                    store_path + ".commits can not be read; see whether the disk has errors."});
  std::int64_t commits = 0;
  std::from_chars(text.data() + count_word.size(), text.data() + text.size(), commits);
  if (count_text(commits) != text) return std::optional<std::int64_t>();
  return std::optional(commits);
}

std::optional<OpenProblem> CommitCountFile::establish(std::int64_t commits,
                                                      const std::string& store_path) {
  if (write(commits) == SQLITE_OK && file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL) == SQLITE_OK)
    return std::nullopt;
  return OpenProblem{OpenRefusal::cannot_open,
                     store_path + ".commits can not be written; see whether the disk has errors."};
}

int CommitCountFile::write(std::int64_t commits) {
  const auto text = count_text(commits);
  const int code = file_->pMethods->xWrite(file_, text.data(), static_cast<int>(text.size()), 0);
  return code == SQLITE_FULL ? SQLITE_OK : code;
}

Tally::Delta Tally::delta_of(const ports::Commit& commit) {
  Delta delta;
  delta.now = commit.now;
  for (const auto& change : commit.orders) delta.event_sum += seal_of_event(change.event);
  for (const auto& entry : commit.inbox) delta.messages += entry.seen_count;
  return delta;
}

Tally::Tally(Database& database)
    : database_(database),
      update_(database,
              "UPDATE meta SET value = CASE name WHEN 'time_high_water' THEN ?1 "
              "WHEN 'commit_count' THEN ?2 WHEN 'event_sum' THEN ?3 "
              "WHEN 'message_count' THEN ?4 WHEN 'item_count' THEN ?5 ELSE value END"),
      now_(read(database)) {}

Tally::Numbers Tally::read(Database& database) {
  Numbers numbers;
  Statement rows(database, "SELECT name, value FROM meta");
  while (rows.row()) {
    const auto name = rows.text(0);
    const auto value = rows.integer(1);
    if (name == "time_high_water") numbers.time.micros = value;
    if (name == "commit_count") numbers.commits = value;
    if (name == "event_sum") numbers.event_sum = static_cast<std::uint64_t>(value);
    if (name == "message_count") numbers.messages = value;
    if (name == "item_count") numbers.items = value;
  }
  return numbers;
}

std::optional<OpenProblem> Tally::compare(const std::string& store_path, const FileSystem& files) {
  if (auto problem = count_file_.open(store_path, files)) return problem;
  const auto kept = count_file_.read(store_path);
  if (!kept) return kept.error();
  const auto& acknowledged = *kept;
  is_count_missing_ = !acknowledged;
  if (!acknowledged || *acknowledged <= now_.commits) return std::nullopt;
  return OpenProblem{
      OpenRefusal::commits_lost,
      fmt::format(
          "{0} ends with commit {1}, but commit {2} was acknowledged (see {0}.commits): the "
          "disk lost what it had said was safe, or an older copy was put in its place. If "
          "you restored a backup, reconcile what came after it and remove {0}.commits; if "
          "not, keep the files as they are and restore a backup elsewhere.",
          store_path, now_.commits, *acknowledged)};
}

std::optional<OpenProblem> Tally::establish_if_missing(const std::string& store_path) {
  if (!is_count_missing_) return std::nullopt;
  return count_file_.establish(now_.commits, store_path);
}

Outcome Tally::add(const Delta& delta) {
  next_ = now_;
  next_.time = std::max(now_.time, delta.now);
  next_.commits += 1;
  next_.event_sum += delta.event_sum;
  next_.messages += delta.messages;
  next_.items += delta.items;
  update_.bind(1, next_.time.micros);
  update_.bind(2, next_.commits);
  update_.bind(3, static_cast<std::int64_t>(next_.event_sum));
  update_.bind(4, next_.messages);
  update_.bind(5, next_.items);
  return update_.execute();
}

void Tally::committed() {
  now_ = next_;
  const int code = count_file_.write(now_.commits);
  if (code != SQLITE_OK) database_.stop("writing the number of commits", code);
}

std::vector<std::string> Tally::differences(Database& database) {
  std::vector<std::string> found;
  const Numbers kept = read(database);
  std::uint64_t event_sum = 0;
  Statement events(database, "SELECT partition, order_id, version, leaf FROM events");
  while (events.row())
    event_sum +=
        seal_of_event(events.integer(0), events.integer(1), events.integer(2), events.text(3));
  if (event_sum != kept.event_sum)
    found.emplace_back(
        "the events do not add up to the sum that the store kept: some are missing, "
        "or older than the rest");
  const auto messages = database.number("SELECT coalesce(sum(seen_count), 0) FROM inbox");
  if (messages != kept.messages)
    found.push_back(fmt::format("the inbox holds {} messages, the store has counted {}", messages,
                                kept.messages));
  const auto items = database.number("SELECT count(*) FROM stock_items");
  if (items != kept.items)
    found.push_back(fmt::format("{} stock items are there, {} were imported", items, kept.items));
  return found;
}

}  // namespace daozhang::storage::sqlite
