#include "sim/stores/sqlite_run_store.h"

#include "audit/audit.h"
#include "base/check.h"
#include "storage/sqlite/disk/disk_vfs.h"
#include "storage/sqlite/sqlite_audit.h"
#include "storage/sqlite/sqlite_ledger_reader.h"
#include "storage/sqlite/statement.h"

namespace daozhang::sim {
namespace {

using storage::sqlite::OpenRefusal;
using storage::sqlite::SqliteAudit;
using storage::sqlite::SqliteReader;
using storage::sqlite::SqliteStore;
using storage::sqlite::disk::Call;
using storage::sqlite::disk::Disk;
using storage::sqlite::disk::Verdict;

constexpr std::string_view store_name = "shop.db";
// A lying disk ends most of its runs, so few are.
constexpr std::uint64_t honest_per_lying = 12;

using Image = std::map<std::string, std::string>;

// Making the schema takes longer than most runs, so it is made once.
const Image& empty_shop() {
  static const Image image = [] {
    Disk disk(1);
    storage::sqlite::StoreSettings settings;
    settings.path = disk.path_of(store_name);
    settings.files.vfs = storage::sqlite::disk::disk_vfs();
    CHECK(SqliteStore::open(settings));
    return disk.image();
  }();
  return image;
}

}  // namespace

SqliteRunStore::SqliteRunStore(Scene& scene)
    : scene_(scene), prng_(scene.stream("store")), disk_(scene.seed) {
  lies_ = prng_.chance(1, honest_per_lying);
  settings_.path = disk_.path_of(store_name);
  settings_.files = files();
  // Small ones make checkpoints and reads from the file frequent.
  settings_.checkpoint_pages = static_cast<int>(prng_.between(8, 1'000));
  settings_.cache_kib = prng_.chance(1, 4) ? 64 : 2'048;
  disk_.load(empty_shop());
  disk_.set_policy(this);
  CHECK(try_to_open());
}

SqliteRunStore::~SqliteRunStore() { is_paused_ = true; }

storage::sqlite::FileSystem SqliteRunStore::files() {
  return {storage::sqlite::disk::disk_vfs(), [this](const std::string& reason) { die(reason); }};
}

void SqliteRunStore::die(const std::string& reason) {
  has_died_ = true;
  if (!has_struck_) scene_.record.violated("S1", "the store died though nothing failed: " + reason);
  throw StoreDied();
}

Verdict SqliteRunStore::judge(Call call, std::string_view /*path*/) {
  // The shop is built before time begins.
  if (is_paused_ || scene_.now() == start_of_time) return Verdict::ok;
  const Verdict verdict = draw(call);
  if (verdict != Verdict::ok) has_struck_ = true;
  return verdict;
}

Verdict SqliteRunStore::draw(Call call) {
  if (scene_.faults.strikes(FaultKind::power_cut)) return Verdict::power_cut;
  switch (call) {
    case Call::write:
      return judge_write();
    case Call::sync:
      return judge_sync();
    case Call::read:
      if (lies_ && scene_.faults.strikes(FaultKind::read_flipped)) {
        has_lied_ = true;
        return Verdict::flipped;
      }
      break;
    default:
      break;
  }
  return scene_.faults.strikes(FaultKind::disk_error) ? Verdict::io_error : Verdict::ok;
}

Verdict SqliteRunStore::judge_write() {
  if (full_for_ > 0 && !scene_.faults.healed()) {
    --full_for_;
    return Verdict::no_space;
  }
  if (scene_.faults.strikes(FaultKind::disk_full)) {
    full_for_ = prng_.between(0, 40);
    return Verdict::no_space;
  }
  if (scene_.faults.strikes(FaultKind::short_write)) return Verdict::short_write;
  return scene_.faults.strikes(FaultKind::disk_error) ? Verdict::io_error : Verdict::ok;
}

Verdict SqliteRunStore::judge_sync() {
  if (lies_ && scene_.faults.strikes(FaultKind::sync_ignored)) {
    has_lied_ = true;
    return Verdict::ignored;
  }
  return scene_.faults.strikes(FaultKind::sync_error) ? Verdict::io_error : Verdict::ok;
}

void SqliteRunStore::audit(const std::function<void(ports::AuditSource&)>& look) {
  is_paused_ = true;
  auto source = SqliteAudit::open(settings_.path, settings_.files);
  CHECK(source);
  look(**source);
  is_paused_ = false;
}

void SqliteRunStore::books(const std::function<void(ports::LedgerReader&)>& look) {
  is_paused_ = true;
  auto reader = storage::sqlite::SqliteLedgerReader::open(settings_.path, settings_.files);
  CHECK(reader);
  look(**reader);
  is_paused_ = false;
}

void SqliteRunStore::edit_by_hand(const ports::AuditSource::OrderStory& story) {
  using storage::sqlite::Outcome;
  using storage::sqlite::Statement;
  is_paused_ = true;
  storage::sqlite::Database database;
  CHECK(database.open(settings_.path, storage::sqlite::Access::read_write, settings_.files));
  const auto change = [&](std::string set, std::int64_t number, const auto& bind) {
    Statement statement(database, "UPDATE " + std::move(set));
    statement.bind(1, std::int64_t{story.order.header.partition.value});
    statement.bind(2, story.order.header.order_id.value);
    statement.bind(3, number);
    bind(statement);
    CHECK(statement.execute() == Outcome::done);
  };
  const std::string of_order = " WHERE partition = ?1 AND order_id = ?2 AND ";
  database.run("BEGIN IMMEDIATE");
  change("orders SET unit_price_minor = ?4" + of_order + "version = ?3", story.order.header.version,
         [&](Statement& statement) { statement.bind(4, story.order.header.unit_price_minor); });
  for (const auto& event : story.events)
    change("events SET body = ?4, leaf = ?5" + of_order + "version = ?3", event.version,
           [&](Statement& statement) {
             statement.bind(4, std::string_view(event.body));
             statement.bind(5, std::string_view(event.leaf));
           });
  for (const auto& transfer : story.transfers)
    change("transfers SET credit = ?4, amount_minor = ?5" + of_order + "transfer_no = ?3",
           transfer.transfer_no, [&](Statement& statement) {
             statement.bind(4, std::string_view(transfer.credit));
             statement.bind(5, transfer.amount_minor);
           });
  database.run("COMMIT");
  is_paused_ = false;
}

std::int64_t SqliteRunStore::commit_count() { return store_->commit_count(); }

void SqliteRunStore::crash() {
  const bool machine_dies = disk_.is_cut() || scene_.faults.strikes(FaultKind::machine_crash);
  // To open a store costs as much as many orders; when only the engine's process has died, between
  // commits, it has little to show.
  if (!machine_dies && !has_died_ && !prng_.chance(1, 8)) return;
  commits_at_death_ = store_->commit_count();
  lose(machine_dies);
  reopen();
  if (!has_halted_ && has_lied_) look_after_a_lie();
}

// The dead process may do no more before its objects go.
void SqliteRunStore::lose(bool machine_dies) {
  if (machine_dies) {
    const auto cut = disk_.cut_power();
    scene_.faults.count(FaultKind::write_torn, cut.torn);
    scene_.faults.count(FaultKind::write_lost, cut.lost);
  } else {
    disk_.end_process();
  }
  reader_.reset();
  store_.reset();
  has_died_ = false;
}

// A start may fail as well, and is then tried again.
void SqliteRunStore::reopen() {
  for (int tries = 0; !has_halted_; ++tries) {
    is_paused_ = tries >= 3;
    const bool is_open = try_to_open();
    is_paused_ = false;
    if (is_open) return;
    lose(disk_.is_cut());
  }
}

bool SqliteRunStore::try_to_open() {
  // What a lie did shows itself later.
  has_struck_ = has_lied_;
  try {
    auto opened = SqliteStore::open(settings_);
    if (opened) {
      store_ = std::move(*opened);
      open_reader();
      return reader_ != nullptr;
    }
    const auto refusal = opened.error().refusal;
    // Whatever else it says while things go wrong may be otherwise the next time; while nothing
    // goes wrong it is the last word.
    if (!is_paused_ && refusal != OpenRefusal::commits_lost) return false;
    if (!has_lied_)
      scene_.record.violated("S1",
                             "an honest disk does not open any more: " + opened.error().words);
    halt();
  } catch (const StoreDied&) {
  }
  return false;
}

void SqliteRunStore::open_reader() {
  auto reader = SqliteReader::open(settings_.path, settings_.files);
  if (reader) reader_ = std::move(*reader);
}

void SqliteRunStore::halt() {
  has_halted_ = true;
  scene_.record.reached(Sometimes::disk_lie_noticed);
}

// What a person would do after such a crash: run fsck.
void SqliteRunStore::look_after_a_lie() {
  bool is_clean = false;
  is_paused_ = true;
  try {
    audit([&](ports::AuditSource& source) { is_clean = audit::audit(source).is_clean(); });
  } catch (const StoreDied&) {
    has_died_ = false;
  }
  is_paused_ = false;
  if (!is_clean || store_->commit_count() < commits_at_death_) halt();
}

}  // namespace daozhang::sim
