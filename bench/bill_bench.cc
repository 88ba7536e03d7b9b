// Time and memory of one large bill: `bill_bench make FILE LINES` writes a bill of Alipay as the
// channel would (ZIP of GB18030), `bill_bench read FILE LINES FOLDER` unpacks it, reads it and
// matches it with books of as many payments, in a bills file in FOLDER; `bill_bench funds PAYMENTS
// FOLDER` matches lines and a fund flow that are made as they are read. Separate calls, so that the
// memory of the second is that of reading.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "connectors/payment/alipay/bill_reader.h"
#include "connectors/payment/alipay/bill_writer.h"
#include "reconciliation/calendar.h"
#include "reconciliation/day_run.h"
#include "storage/sqlite/sqlite_reconcile_store.h"
#include "text/encoding.h"
#include "zip/zip_reader.h"
#include "zip/zip_writer.h"

namespace {

using namespace daozhang;

const std::string day = "2026-11-22";

std::string trade_no_of(std::int64_t number) {
  return "20261122220014" + std::to_string(10'000'000'000 + number);
}

// In the order of time; one payment an instant.
base::Instant moment_of(std::int64_t number, std::int64_t count) {
  return reconciliation::start_of(day) + base::hours(23) / count * number;
}

// Books of `count` payments that are nowhere but in numbers.
class CountedBooks final : public ports::LedgerReader {
 public:
  explicit CountedBooks(std::int64_t count) : count_(count) {}

  std::vector<ports::LedgerFact> facts(ports::BillLineKind kind, const std::string& channel,
                                       base::Instant, base::Instant, const ports::FactPlace& after,
                                       std::size_t limit) override {
    std::vector<ports::LedgerFact> page;
    if (kind == ports::BillLineKind::refund) return page;
    for (std::int64_t number = after.order_id.value + 1; number <= count_ && page.size() < limit;
         ++number) {
      ports::LedgerFact fact;
      fact.channel = channel;
      fact.trade_no = trade_no_of(number);
      fact.order_no = "D" + std::to_string(number);
      fact.amount_minor = 100 + number % 900;
      fact.place = {moment_of(number, count_), domain::OrderId{number}, domain::Partition{0}, 1};
      page.push_back(std::move(fact));
    }
    return page;
  }
  std::optional<ports::LedgerFact> find_payment(const std::string&, const std::string&) override {
    return std::nullopt;
  }
  std::optional<ports::LedgerFact> find_refund(const std::string&, const std::string&,
                                               const std::string&) override {
    return std::nullopt;
  }
  base::Instant first_order_at() override { return moment_of(0, count_); }
  void read_money(const std::function<void(const domain::Balance&)>&,
                  const std::function<void(const ports::HeldEscrow&)>&) override {}

 private:
  std::int64_t count_;
};

int make(const char* file, std::int64_t count) {
  std::vector<ports::BillLine> lines;
  for (std::int64_t number = 1; number <= count; ++number)
    lines.push_back({.trade_ref = "D" + std::to_string(number) + "_1",
                     .trade_no = trade_no_of(number),
                     .refund_ref = {},
                     .amount_minor = 100 + number % 900,
                     .at = moment_of(number, count),
                     .status = {}});
  const zip::ZipContent content[] = {
      {"detail.csv",
       text::gb18030_of(connectors::payment::alipay::bill_detail("2088", day, lines))}};
  std::ofstream out(file, std::ios::binary);
  out << zip::zip_of(content);
  return out.good() ? 0 : 1;
}

using Clock = std::chrono::steady_clock;

std::unique_ptr<storage::sqlite::SqliteReconcileStore> empty_store(const std::string& folder) {
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/bench.bills";
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  auto store = storage::sqlite::SqliteReconcileStore::open(path);
  return store ? std::move(*store) : nullptr;
}

int finish(reconciliation::DayRun& run, const ports::BillResult& result, std::int64_t count,
           Clock::time_point begun) {
  const auto read_at = Clock::now();
  const auto row = run.finish(result, moment_of(0, count) + base::hours(34));
  if (!row) return 1;
  const auto ended = Clock::now();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](auto from, auto to) {
    return std::chrono::duration<double>(to - from).count();
  };
  std::printf("lines %lld matched %lld read_seconds %.1f match_seconds %.1f peak_rss_mib %.1f\n",
              static_cast<long long>(row->bill_payment_count + row->fund_count),
              static_cast<long long>(row->matched_count), seconds(begun, read_at),
              seconds(read_at, ended), static_cast<double>(usage.ru_maxrss) / 1024);
  return row->matched_count == count ? 0 : 1;
}

int read(const char* file, std::int64_t count, const std::string& folder) {
  const auto store = empty_store(folder);
  const auto archive = zip::ZipReader::open(std::fopen(file, "rb"));
  if (!store || !archive) return 1;
  const auto begun = Clock::now();
  CountedBooks books(count);
  const reconciliation::Rules rules;
  reconciliation::DayRun run(
      *store, books, rules, [](const auto&) { return true; }, {"alipay", {"alipay"}, true}, day);
  text::Decoder decoder(text::Encoding::gb18030);
  connectors::payment::alipay::BillReader reader(
      [&](std::string_view line) -> std::optional<std::string> {
        auto text = decoder.decode(line);
        if (!text) return std::nullopt;
        return std::move(*text);
      },
      [&](ports::BillLine&& line) { run.take(std::move(line)); });
  if (!(*archive)->read(0, [&](std::string_view piece) { return reader.feed(piece); })) return 1;
  return finish(run, reader.finish(), count, begun);
}

// A bill with a fund flow of two lines a payment, as WeChat Pay has one.
int funds(std::int64_t count, const std::string& folder) {
  const auto store = empty_store(folder);
  if (!store) return 1;
  const auto begun = Clock::now();
  CountedBooks books(count);
  const reconciliation::Rules rules;
  reconciliation::DayRun run(
      *store, books, rules, [](const auto&) { return true; }, {"wechat", {"wechat"}, true, true},
      day);
  ports::BillTotals totals;
  for (std::int64_t number = 1; number <= count; ++number) {
    ports::BillLine line;
    line.line_no = 4 * number;
    line.trade_ref = "D" + std::to_string(number) + "_1";
    line.trade_no = trade_no_of(number * 7919 % count + 1);
    line.amount_minor = 100 + (number * 7919 % count + 1) % 900;
    line.fee_minor = 1;
    line.at = moment_of(number, count);
    ++totals.payment_count;
    totals.payment_minor += line.amount_minor;
    totals.fee_minor += 1;
    totals.fund_count += 2;
    totals.fund_in_minor += line.amount_minor;
    totals.fund_out_minor += 1;
    ports::BillLine due = line;
    due.kind = ports::BillLineKind::fund_due;
    ports::BillLine moved = line;
    moved.kind = ports::BillLineKind::fund_moved;
    moved.fee_minor = 0;
    ports::BillLine fee = moved;
    fee.line_no += 1;
    fee.amount_minor = 0;
    fee.fee_minor = 1;
    for (auto* each : {&line, &due, &moved, &fee}) run.take(std::move(*each));
  }
  return finish(run, totals, count, begun);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "make" && argc == 4) return make(argv[2], std::stoll(argv[3]));
  if (verb == "read" && argc == 5) return read(argv[2], std::stoll(argv[3]), argv[4]);
  if (verb == "funds" && argc == 4) return funds(std::stoll(argv[2]), argv[3]);
  std::fprintf(stderr,
               "bill_bench funds PAYMENTS FOLDER | bill_bench make FILE LINES | bill_bench read "
               "FILE LINES FOLDER\n");
  return 2;
}
