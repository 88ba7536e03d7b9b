// What the supplier reads is what was ordered, what it says keeps its meaning, and nobody else's
// callback counts.
#include "sim/peers/supplier_wire.h"

#include <gtest/gtest.h>

namespace daozhang::sim {
namespace {

using connectors::supplier::http::OrderStatus;
using connectors::supplier::http::Record;
using ports::Outcome;
using ports::SupplierCallKind;
using ports::SupplierWord;

class SupplierWireTest : public ::testing::Test {
 protected:
  static ports::SupplierCall call(SupplierCallKind kind) {
    return {kind, "ORDER_u1a1", "telco_goods",        {{"phone", "13800000000"}},
            5000, 4999,         domain::Currency::CNY};
  }
  static Outcome outcome_of(SupplierCallKind kind, Outcome outcome, SupplierWord word) {
    ports::SupplierAnswer answer;
    answer.outcome = outcome;
    answer.word = word;
    const auto carried = SupplierWire::carry_answer(call(kind), answer);
    EXPECT_EQ(carried.word, word);
    return carried.outcome;
  }

  base::Instant now_{1'795'000'000'000'000};
  SupplierWire wire_{[this] { return now_; }};
  Record record_{"ORDER_u1a1", OrderStatus::done, "S1", 4000, "serial", std::nullopt};
};

TEST_F(SupplierWireTest, AnOrderArrivesAsItWasSent) {
  const auto read = wire_.carry_call(call(SupplierCallKind::submit));
  EXPECT_EQ(read.reference, "ORDER_u1a1");
  EXPECT_EQ(read.sku, "telco_goods");
  EXPECT_EQ(read.target, call(SupplierCallKind::submit).target);
  EXPECT_EQ(read.face_minor, 5000);
  EXPECT_EQ(read.cost_minor_max, 4999);
  EXPECT_EQ(wire_.carry_call(call(SupplierCallKind::cancel)).reference, "ORDER_u1a1");
}

TEST_F(SupplierWireTest, AnswersKeepTheirMeaning) {
  for (const auto kind : {SupplierCallKind::submit, SupplierCallKind::query}) {
    EXPECT_EQ(outcome_of(kind, Outcome::accepted, SupplierWord::working), Outcome::accepted);
    EXPECT_EQ(outcome_of(kind, Outcome::done, SupplierWord::done), Outcome::done);
    EXPECT_EQ(outcome_of(kind, Outcome::failed, SupplierWord::failed), Outcome::failed);
    EXPECT_EQ(outcome_of(kind, Outcome::failed, SupplierWord::canceled), Outcome::failed);
    EXPECT_EQ(outcome_of(kind, Outcome::failed, SupplierWord::reversed), Outcome::failed);
  }
  EXPECT_EQ(outcome_of(SupplierCallKind::query, Outcome::unknown, SupplierWord::not_found),
            Outcome::unknown);
  EXPECT_EQ(outcome_of(SupplierCallKind::cancel, Outcome::accepted, SupplierWord::too_late),
            Outcome::unknown);
}

TEST_F(SupplierWireTest, AnEmptyBalanceIsAReasonToTryAgain) {
  ports::SupplierAnswer answer;
  answer.outcome = Outcome::failed;
  answer.word = SupplierWord::failed;
  answer.retry_can_help = true;
  const auto carried = SupplierWire::carry_answer(call(SupplierCallKind::submit), answer);
  EXPECT_EQ(carried.outcome, Outcome::failed);
  EXPECT_TRUE(carried.retry_can_help);
}

TEST_F(SupplierWireTest, ACallbackNamesItsReference) {
  const auto read = wire_.read_callback(wire_.write_callback(record_));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, "ORDER_u1a1");
}

TEST_F(SupplierWireTest, ACallbackThatTheSupplierDidNotSignIsRefused) {
  const auto forged = wire_.read_callback(wire_.write_forged_callback(record_));
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error(), ports::HintRefusal::signature_invalid);
  const auto bare = wire_.read_callback(SupplierWire::unsigned_copy(wire_.write_callback(record_)));
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error(), ports::HintRefusal::signature_missing);
  const auto old = wire_.write_callback(record_);
  now_ = now_ + base::minutes(6);
  const auto late = wire_.read_callback(old);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error(), ports::HintRefusal::timestamp_outside);
}

}  // namespace
}  // namespace daozhang::sim
