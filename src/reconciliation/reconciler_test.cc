#include "reconciliation/reconciler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "reconciliation/bills_json.h"
#include "reconciliation/test_books.h"
#include "storage/memory/memory_reconcile_store.h"

namespace daozhang::reconciliation {
namespace {

// A channel that only has bills: those of a map, and `not_ready` for other days.
class BillChannel final : public ports::PaymentChannel {
 public:
  explicit BillChannel(std::string account = "") { capabilities_.bill_account = account; }

  [[nodiscard]] const ports::ChannelCapabilities& capabilities() const override {
    return capabilities_;
  }
  base::Result<std::string, ports::PayLinkRefusal> pay_link(const ports::ChannelOrder&,
                                                            base::Instant) override {
    return base::refuse(ports::PayLinkRefusal::expired);
  }
  void call(ports::PaymentCall, std::function<void(ports::PaymentAnswer)> answer) override {
    answer({});
  }
  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(const ports::NoticeMessage&,
                                                                       base::Instant) override {
    return base::refuse(ports::NoticeRefusal::unreadable);
  }
  [[nodiscard]] std::string_view notice_accepted() const override { return "ok"; }
  [[nodiscard]] std::string_view notice_refused() const override { return "no"; }

  void fetch_bill(std::string day, ports::BillSink sink,
                  std::function<void(ports::BillResult)> done) override {
    asked.push_back(day);
    if (is_silent) {
      held = std::move(done);
      begun.set_value();
      return;
    }
    const auto found = bills.find(day);
    if (found == bills.end())
      return done(base::refuse(ports::BillProblem{ports::BillRefusal::not_ready, "later"}));
    ports::BillTotals totals;
    for (const auto& line : found->second) {
      ++totals.payment_count;
      totals.payment_minor += line.amount_minor;
      sink(ports::BillLine(line));
    }
    done(totals);
  }

  ports::ChannelCapabilities capabilities_;
  std::map<std::string, std::vector<ports::BillLine>> bills;
  std::vector<std::string> asked;
  bool is_silent = false;
  std::promise<void> begun;
  std::function<void(ports::BillResult)> held;
};

class ReconcilerTest : public testing::Test {
 protected:
  ReconcilerTest() {
    books_.first = moment("20 08:00:00");
    books_.all = {payment_fact("1", 990, "20 13:00:00")};
    channel_.bills["2026-11-20"] = {line_of(books_.all[0])};
  }
  ReconcilerParts parts() {
    return {.store = store_,
            .ledger = books_,
            .sources = bill_sources({{"ali", &channel_}}),
            .is_ours = [](const std::string&) { return true; },
            .now = [this] { return base::Instant{now_.load()}; },
            .rules = {},
            .tried = [this](const domain::BillDay& day) { tried_.push_back(day); }};
  }

  std::atomic<std::int64_t> now_{moment("21 10:00:00").micros};
  storage::memory::MemoryReconcileStore store_;
  TestBooks books_;
  BillChannel channel_;
  std::vector<domain::BillDay> tried_;
};

TEST_F(ReconcilerTest, ADayIsDoneOnceAndANotReadyOneIsTriedAgainLater) {
  Reconciler reconciler(parts());
  EXPECT_TRUE(reconciler.step());
  EXPECT_FALSE(reconciler.step());
  now_ = moment("22 10:00:00").micros;
  EXPECT_TRUE(reconciler.step());
  EXPECT_FALSE(reconciler.step());
  now_ += base::minutes(10).micros;
  channel_.bills["2026-11-21"] = {};
  EXPECT_TRUE(reconciler.step());
  EXPECT_FALSE(reconciler.step());
  const std::vector<std::string> expected = {"2026-11-20", "2026-11-21", "2026-11-21"};
  EXPECT_EQ(channel_.asked, expected);
  ASSERT_EQ(tried_.size(), 3U);
  EXPECT_EQ(tried_[1].refusal, "not_ready");
  for (const auto& view : store_.days("", "", 10))
    EXPECT_EQ(base::name_of(view.verdict()), "clean") << bills_json({&view, 1}, {});
}

// The books' own clock both ends the day and says when its bill is due: whatever is booked until
// midnight by it is matched, and not before.
TEST_F(ReconcilerTest, ADayIsMatchedWhenTheBooksClockHasPassedItAndNotBefore) {
  now_ = moment("20 23:59:59").micros;
  Reconciler reconciler(parts());
  EXPECT_FALSE(reconciler.step()) << "more may be booked on this day";
  const auto last = payment_fact("2", 100, "20 23:59:59");
  books_.all.push_back(last);
  channel_.bills["2026-11-20"].push_back(line_of(last));
  now_ = (moment("21 10:00:00") - base::microseconds(1)).micros;
  EXPECT_FALSE(reconciler.step());
  now_ = moment("21 10:00:00").micros;
  EXPECT_TRUE(reconciler.step());
  ASSERT_EQ(tried_.size(), 1U);
  EXPECT_EQ(tried_[0].ledger_payment_count, 2);
  EXPECT_EQ(tried_[0].matched_count, 2);
}

// A disk that is full at the write with this number, counted from one.
class FullStore final : public storage::memory::MemoryReconcileStore {
 public:
  int full_at = 0;

  base::Result<void, ports::ReconcileRefusal> clear_work() override {
    if (is_full()) return base::refuse(ports::ReconcileRefusal::unavailable);
    return MemoryReconcileStore::clear_work();
  }
  base::Result<void, ports::ReconcileRefusal> add_lines(
      std::span<const ports::BillLine> lines) override {
    if (is_full()) return base::refuse(ports::ReconcileRefusal::unavailable);
    return MemoryReconcileStore::add_lines(lines);
  }
  base::Result<void, ports::ReconcileRefusal> add_facts(
      std::span<const ports::LedgerFact> facts) override {
    if (is_full()) return base::refuse(ports::ReconcileRefusal::unavailable);
    return MemoryReconcileStore::add_facts(facts);
  }
  base::Result<void, ports::ReconcileRefusal> save(
      const ports::ReconcileChanges& changes) override {
    if (is_full()) return base::refuse(ports::ReconcileRefusal::unavailable);
    return MemoryReconcileStore::save(changes);
  }

 private:
  bool is_full() { return ++write_count_ == full_at; }
  int write_count_ = 0;
};

TEST_F(ReconcilerTest, AFullDiskAtAnyWritePutsTheDayOffAndTheNextRunComesToTheSame) {
  books_.all.push_back(payment_fact("2", 100, "20 13:00:00"));
  channel_.bills["2026-11-20"].push_back(line_of(payment_fact("3", 300, "20 13:00:00")));
  int met = 0;
  for (int full_at = 1; full_at <= 12; ++full_at) {
    FullStore store;
    store.full_at = full_at;
    auto with = parts();
    Reconciler reconciler({store, books_, with.sources, with.is_ours, with.now, {}, {}});
    if (!reconciler.step()) {
      ++met;
      // All was written but for the workbench that was to be cleared; else the day is due again.
      const auto known = store.find_day("ali", "2026-11-20");
      EXPECT_EQ(reconciler.step(), !known);
    }
    EXPECT_FALSE(reconciler.step());
    const auto days = store.days("", "", 10);
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0].day.state, domain::BillDayState::done);
    EXPECT_EQ(days[0].day.matched_count, 1);
    EXPECT_EQ(days[0].open_count, 2) << full_at;
  }
  EXPECT_GE(met, 5);
}

TEST_F(ReconcilerTest, AChannelWithoutABillIsNotAskedAndAccountsAreShared) {
  BillChannel one("same");
  BillChannel two("same");
  BillChannel none;
  none.capabilities_.bill = false;
  const auto sources =
      bill_sources({{"c_page", &two}, {"b_qr", &one}, {"a", &channel_}, {"none", &none}});
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0].account.name, "a");
  EXPECT_EQ(sources[1].account.name, "same");
  const std::vector<std::string> shared = {"b_qr", "c_page"};
  EXPECT_EQ(sources[1].account.channels, shared);
  EXPECT_EQ(sources[1].channel, &one);
}

TEST_F(ReconcilerTest, AThreadStepsByItselfAndEndsWhileABillIsStillComing) {
  channel_.is_silent = true;
  Reconciler reconciler(parts());
  {
    ReconcileThread thread(reconciler);
    channel_.begun.get_future().wait();
  }
  // The channel answers when nobody waits any more.
  channel_.held(ports::BillTotals{});
  EXPECT_TRUE(store_.days("", "", 10).empty());
  EXPECT_FALSE(reconciler.step());
}

TEST(BillsJson, ADifferenceAndItsJournal) {
  domain::Difference difference;
  difference.difference_id = "abc";
  difference.opened_at = moment("22 13:00:00");
  const domain::DifferenceEntry entry{
      "abc", 1, domain::DifferenceStep::opened, moment("22 13:00:00"), "reconciliation", "finance"};
  const std::string text = difference_json(difference, {&entry, 1});
  EXPECT_NE(text.find(R"("kind":"payment_missing_here")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("opened_at":"2026-11-22T05:00:00.000Z")"), std::string::npos) << text;
  EXPECT_EQ(text.find("closed_at"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("step":"opened")"), std::string::npos) << text;
}

}  // namespace
}  // namespace daozhang::reconciliation
