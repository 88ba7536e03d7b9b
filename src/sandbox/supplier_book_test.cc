#include "sandbox/supplier_book.h"

#include <gtest/gtest.h>

namespace daozhang::sandbox {
namespace {

constexpr base::Instant start{1'795'352'706'000'000};

base::Instant after(std::int64_t ms) { return start + base::milliseconds(ms); }

class SupplierBookTest : public testing::Test {
 protected:
  FaultBoard faults;
  DeliveryQueue queue{1};
  SupplierBook book{SupplierTerms{}, faults, queue, 7};

  void set(std::string_view name, std::map<std::string, std::int64_t, std::less<>> numbers = {}) {
    FaultSetting setting;
    setting.on = true;
    setting.numbers = std::move(numbers);
    ASSERT_TRUE(faults.set(name, setting)) << name;
  }
  static SupplyRequest order(std::string reference) {
    SupplyRequest request;
    request.reference = std::move(reference);
    request.sku = "mobile_50";
    request.target = {{"phone", "+8613800138000"}};
    request.face_minor = 5'000;
    request.currency = "CNY";
    request.max_cost_minor = 5'000;
    request.callback_url = "http://shop/callback";
    return request;
  }
  SupplyStatus status(std::string_view reference, base::Instant now) {
    return book.query(reference, now).view.value().status;
  }
  CallbackSending callback(base::Instant now) {
    const auto due = queue.take_due(now, 1);
    EXPECT_EQ(due.size(), 1u);
    return prepare_callback(due.at(0), faults);
  }
};

TEST_F(SupplierBookTest, AnOrderIsAcceptedThenDoneAndCalledBack) {
  const auto answer = book.submit(order("R1"), start);
  ASSERT_TRUE(answer.view);
  EXPECT_EQ(answer.view->status, SupplyStatus::accepted);
  EXPECT_EQ(answer.view->cost_minor, 4'900);
  EXPECT_EQ(status("R1", after(1'499)), SupplyStatus::accepted);
  EXPECT_EQ(status("R1", after(1'500)), SupplyStatus::done);
  EXPECT_EQ(book.find("R1")->executed, 1);
  EXPECT_EQ(book.find("R1")->proof.rfind("流水号", 0), 0u);
  EXPECT_NE(callback(after(1'500)).body.find(R"("status":"done")"), std::string::npos);
  EXPECT_EQ(book.balance_minor(), 100'000'000 - 4'900);
}

TEST_F(SupplierBookTest, TheReferenceMakesItIdempotent) {
  book.submit(order("R1"), start);
  book.step(after(2'000));
  const auto again = book.submit(order("R1"), after(2'000));
  EXPECT_EQ(again.view.value().status, SupplyStatus::done);
  SupplyRequest other = order("R1");
  other.target[0].second = "+8613900139000";
  EXPECT_EQ(book.submit(other, after(2'000)).refusal, SupplyRefusal::reference_conflict);
  EXPECT_EQ(book.find("R1")->executed, 1);
  EXPECT_EQ(book.balance_minor(), 100'000'000 - 4'900);
}

TEST_F(SupplierBookTest, RefusesWhatItCanNotDo) {
  SupplyRequest request = order("R1");
  request.target = {{"phone", "12x"}};
  EXPECT_EQ(book.submit(request, start).refusal, SupplyRefusal::invalid_target);
  request = order("R1");
  request.target.clear();
  EXPECT_EQ(book.submit(request, start).refusal, SupplyRefusal::invalid_target);
  request = order("R1");
  request.max_cost_minor = 4'899;
  EXPECT_EQ(book.submit(request, start).refusal, SupplyRefusal::cost_exceeds_limit);
  request = order("R1");
  request.currency = "USD";
  EXPECT_EQ(book.submit(request, start).refusal, SupplyRefusal::unknown_sku);
  request = order("R1");
  request.face_minor = 200'000'000;
  request.max_cost_minor = 200'000'000;
  EXPECT_EQ(book.submit(request, start).refusal, SupplyRefusal::insufficient_balance);
  SupplierTerms terms;
  terms.skus = {"game_100"};
  SupplierBook strict(terms, faults, queue, 8);
  EXPECT_EQ(strict.submit(order("R1"), start).refusal, SupplyRefusal::unknown_sku);
  EXPECT_TRUE(book.orders().empty());
  EXPECT_TRUE(book.submit(order("R1"), start).view);
}

TEST_F(SupplierBookTest, CancelStopsWhatIsNotDoneYet) {
  book.submit(order("R1"), start);
  EXPECT_EQ(book.cancel("R1", after(100)).view.value().status, SupplyStatus::canceled);
  EXPECT_FALSE(book.cancel("R1", after(200)).refusal);
  book.step(after(10'000));
  EXPECT_EQ(book.find("R1")->executed, 0);
  EXPECT_EQ(book.balance_minor(), 100'000'000);
  book.submit(order("R2"), start);
  const auto late = book.cancel("R2", after(2'000));
  EXPECT_EQ(late.refusal, SupplyRefusal::too_late);
  EXPECT_EQ(late.view.value().status, SupplyStatus::done);
  EXPECT_EQ(book.cancel("R9", start).refusal, SupplyRefusal::not_found);
  EXPECT_EQ(book.query("R9", start).refusal, SupplyRefusal::not_found);
}

TEST_F(SupplierBookTest, RestoredOrdersGoOnWhereTheyWere) {
  book.submit(order("R1"), start);
  EXPECT_EQ(book.take_changed(), std::vector<std::string>{"R1"});
  SupplierBook other(SupplierTerms{}, faults, queue, 8);
  other.restore(*book.find("R1"));
  EXPECT_EQ(other.balance_minor(), 100'000'000 - 4'900);
  EXPECT_EQ(other.query("R1", after(2'000)).view.value().status, SupplyStatus::done);
}

// Faults.

TEST_F(SupplierBookTest, FaultExecuteLoseReplyExecutes) {
  set("execute_lose_reply");
  EXPECT_TRUE(book.submit(order("R1"), start).manner.lose_reply);
  book.step(after(2'000));
  EXPECT_EQ(book.find("R1")->executed, 1);
}

TEST_F(SupplierBookTest, FaultAnswerLateDelaysTheGoods) {
  set("answer_late", {{"s", 60}});
  book.submit(order("R1"), start);
  EXPECT_EQ(status("R1", after(60'000)), SupplyStatus::accepted);
  EXPECT_EQ(status("R1", after(61'500)), SupplyStatus::done);
}

TEST_F(SupplierBookTest, FaultAnswerTwiceSendsCopies) {
  set("answer_twice", {{"copies", 3}});
  book.submit(order("R1"), start);
  book.step(after(2'000));
  EXPECT_EQ(callback(after(2'000)).copies, 3u);
}

TEST_F(SupplierBookTest, FaultSilentNeverFinishesButCanBeCanceled) {
  set("silent");
  book.submit(order("R1"), start);
  EXPECT_EQ(status("R1", start + base::hours(48)), SupplyStatus::accepted);
  EXPECT_EQ(book.cancel("R1", start).view.value().status, SupplyStatus::canceled);
}

TEST_F(SupplierBookTest, FaultNotFoundInFlightHidesOnlyWhatIsExecuting) {
  set("not_found_in_flight");
  book.submit(order("R1"), start);
  EXPECT_EQ(book.query("R1", after(100)).refusal, SupplyRefusal::not_found);
  EXPECT_EQ(status("R1", after(2'000)), SupplyStatus::done);
}

TEST_F(SupplierBookTest, FaultReverseLaterTakesBack) {
  set("reverse_later", {{"s", 5}});
  book.submit(order("R1"), start);
  EXPECT_EQ(status("R1", after(2'000)), SupplyStatus::done);
  EXPECT_EQ(status("R1", after(6'500)), SupplyStatus::reversed);
  EXPECT_EQ(book.find("R1")->executed, 1);
  EXPECT_EQ(book.find("R1")->reversed, 1);
  EXPECT_EQ(book.balance_minor(), 100'000'000);
  EXPECT_EQ(queue.open_count(), 2u);
}

TEST_F(SupplierBookTest, FaultOutOfBalanceRefuses) {
  set("out_of_balance");
  EXPECT_EQ(book.submit(order("R1"), start).refusal, SupplyRefusal::insufficient_balance);
  EXPECT_EQ(book.find("R1"), nullptr);
}

TEST_F(SupplierBookTest, FaultFailDefinitelyChargesNothing) {
  set("fail_definitely");
  EXPECT_EQ(book.submit(order("R1"), start).view.value().status, SupplyStatus::accepted);
  EXPECT_EQ(status("R1", after(1'500)), SupplyStatus::failed);
  set("fail_definitely", {{"at_once", 1}});
  EXPECT_EQ(book.submit(order("R2"), start).view.value().status, SupplyStatus::failed);
  book.step(after(10'000));
  EXPECT_EQ(book.balance_minor(), 100'000'000);
  EXPECT_EQ(book.find("R2")->executed, 0);
}

TEST_F(SupplierBookTest, FaultFailThenDoneExecutesAfterAll) {
  set("fail_then_done", {{"s", 5}});
  book.submit(order("R1"), start);
  EXPECT_EQ(status("R1", after(1'500)), SupplyStatus::failed);
  EXPECT_EQ(status("R1", after(6'500)), SupplyStatus::done);
  EXPECT_EQ(book.find("R1")->executed, 1);
  EXPECT_EQ(book.balance_minor(), 100'000'000 - 4'900);
}

TEST_F(SupplierBookTest, FaultCancelRefused) {
  set("cancel_refused");
  book.submit(order("R1"), start);
  EXPECT_EQ(book.cancel("R1", after(100)).refusal, SupplyRefusal::too_late);
  EXPECT_EQ(status("R1", after(1'500)), SupplyStatus::done);
}

TEST_F(SupplierBookTest, FaultsOfTheCallback) {
  set("callback_lost");
  book.submit(order("R1"), start);
  book.step(after(2'000));
  EXPECT_EQ(callback(after(2'000)).copies, 0u);
  faults.reset();
  set("callback_forged");
  book.submit(order("R2"), start);
  book.step(after(2'000));
  EXPECT_TRUE(callback(after(2'000)).spoil_signature);
}

TEST_F(SupplierBookTest, FaultsOfTheWholeSupplier) {
  set("supplier_down");
  EXPECT_TRUE(book.submit(order("R1"), start).manner.down);
  EXPECT_EQ(book.find("R1"), nullptr);
  faults.reset();
  set("supplier_slow", {{"ms", 70}});
  EXPECT_EQ(book.submit(order("R1"), start).manner.delay, base::milliseconds(70));
  EXPECT_EQ(book.query("R1", start).manner.delay, base::milliseconds(70));
}

TEST_F(SupplierBookTest, AFaultStrikesOnlyTheTargetThatItNames) {
  FaultSetting setting;
  setting.on = true;
  setting.match = "13900139000";
  ASSERT_TRUE(faults.set("silent", setting));
  book.submit(order("R1"), start);
  SupplyRequest other = order("R2");
  other.target[0].second = "+8613900139000";
  book.submit(other, start);
  EXPECT_EQ(status("R1", after(2'000)), SupplyStatus::done);
  EXPECT_EQ(status("R2", after(2'000)), SupplyStatus::accepted);
}

}  // namespace
}  // namespace daozhang::sandbox
