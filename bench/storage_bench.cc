// How long a store takes for complete orders: storage_bench memory|PATH [orders] [batch] [joined]
// With "joined" payment and delivery share a commit, as the engine does it from stock.
#include <ctime>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "bench/storage_story.h"
#include "storage/memory/memory_store.h"
#include "storage/sqlite/sqlite_store.h"

namespace daozhang::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// Sums wall and processor time of what stands between start and stop.
struct Meter {
  const char* name;
  double wall = 0;
  double cpu = 0;

  template <class Work>
  auto measure(Work work) {
    const double wall_start = seconds_of(CLOCK_MONOTONIC);
    const double cpu_start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    auto result = work();
    wall += seconds_of(CLOCK_MONOTONIC) - wall_start;
    cpu += seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu_start;
    return result;
  }
  void print(std::int64_t orders) const {
    std::printf("%-10s %8.2f us wall %8.2f us cpu per order\n", name,
                wall * 1e6 / static_cast<double>(orders), cpu * 1e6 / static_cast<double>(orders));
  }
};

class Bench {
 public:
  Bench(ports::OrderStore& store, std::int64_t batch_size, bool joined)
      : store_(store), batch_size_(batch_size), joined_(joined) {}

  void run(std::int64_t orders) {
    first_ = store_.last_order_id().value + 1;
    import(orders);
    for (std::int64_t done = 0; done < orders; done += batch_size_) run_batch(first_ + done);
    double wall = 0;
    double cpu = 0;
    for (const Meter* meter : {&load_, &place_, &pay_, &deliver_}) {
      meter->print(orders);
      wall += meter->wall;
      cpu += meter->cpu;
    }
    std::printf("%-10s %8.2f us wall %8.2f us cpu per order; %.0f orders/s wall, %.0f per core\n",
                "all", wall * 1e6 / static_cast<double>(orders),
                cpu * 1e6 / static_cast<double>(orders), static_cast<double>(orders) / wall,
                static_cast<double>(orders) / cpu);
    import_.print(orders);
  }

 private:
  void import(std::int64_t orders) {
    constexpr std::int64_t piece = 1000;
    for (std::int64_t i = 0; i < orders + piece; i += piece) {
      const auto items = stock(first_ + i, first_ + i, piece);
      CHECK(import_.measure([&] { return store_.import_stock(items); }));
    }
  }

  void run_batch(std::int64_t first) {
    now_ = now_ + base::milliseconds(10);
    std::vector<domain::OrderKey> keys;
    place(first, keys);
    now_ = now_ + base::milliseconds(10);
    change(keys, pay_, true, joined_);
    if (!joined_) change(keys, deliver_, false, true);
  }

  void place(std::int64_t first, std::vector<domain::OrderKey>& keys) {
    Batch batch;
    batch.commit.now = now_;
    const auto items = load_.measure([&] {
      return store_.available_items(domain::first_shop, story_sku,
                                    static_cast<std::size_t>(batch_size_), {});
    });
    std::vector<domain::ClaimKey> claim_keys;
    for (std::int64_t i = 0; i < batch_size_; ++i) {
      const auto item = items[static_cast<std::size_t>(i)];
      batch.after.push_back(placed(first + i, item, now_));
      const auto& order = batch.after.back();
      keys.push_back(order.key());
      batch.commit.claims.push_back(claim(domain::ClaimKind::idempotency_key,
                                          "1/key" + std::to_string(first + i), order, now_));
      claim_keys.push_back(batch.commit.claims.back().key());
      ports::ItemChange change;
      change.item = item;
      change.order = order.key();
      change.unit_no = 1;
      change.hold_expires_at = order.header.pay_by;
      batch.commit.items.push_back(change);
    }
    CHECK(load_.measure([&] { return store_.find_claims(claim_keys); }).empty());
    finish(batch, "buyer", {"placed"});
    CHECK(place_.measure([&] { return store_.commit(batch.commit); }));
  }

  void change(const std::vector<domain::OrderKey>& keys, Meter& meter, bool with_payment,
              bool with_delivery) {
    Batch batch;
    batch.commit.now = now_;
    batch.before = load_.measure([&] { return store_.load_orders(keys); });
    CHECK(batch.before.size() == keys.size());
    batch.after = batch.before;
    std::vector<domain::ClaimKey> claim_keys;
    for (auto& order : batch.after) {
      if (with_payment) pay(order, batch.commit, now_);
      if (with_delivery) deliver(order, batch.commit, now_);
    }
    for (const auto& row : batch.commit.claims) claim_keys.push_back(row.key());
    if (with_payment) CHECK(load_.measure([&] { return store_.find_claims(claim_keys); }).empty());
    finish(batch, "channel:alipay", {"payment_applied"});
    CHECK(meter.measure([&] { return store_.commit(batch.commit); }));
  }

  ports::OrderStore& store_;
  std::int64_t batch_size_;
  bool joined_;
  std::int64_t first_ = 1;
  base::Instant now_{1'700'000'000'000'000};
  Meter import_{"import"};
  Meter load_{"load"};
  Meter place_{"place"};
  Meter pay_{"pay"};
  Meter deliver_{"deliver"};
};

}  // namespace
}  // namespace daozhang::bench

int main(int argc, char** argv) {
  using namespace daozhang;
  if (argc < 2) {
    std::fprintf(stderr, "usage: storage_bench memory|PATH [orders] [batch] [joined]\n");
    return 2;
  }
  const std::int64_t orders = argc > 2 ? std::atoll(argv[2]) : 20'000;
  const std::int64_t batch = argc > 3 ? std::atoll(argv[3]) : 128;
  const bool joined = argc > 4 && std::strcmp(argv[4], "joined") == 0;
  std::unique_ptr<ports::OrderStore> store;
  if (std::strcmp(argv[1], "memory") == 0) {
    store = std::make_unique<storage::memory::MemoryStore>();
  } else {
    auto opened = storage::sqlite::SqliteStore::open({.path = argv[1]});
    if (!opened) {
      std::fprintf(stderr, "%s\n", opened.error().words.c_str());
      return 1;
    }
    store = std::move(*opened);
  }
  bench::Bench(*store, batch, joined).run(orders / batch * batch);
  return 0;
}
