#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/synthetic_store.h"

namespace daozhang::audit {
namespace {

using domain::Order;
using testing::ElementsAre;

class FulfillmentRules : public testing::Test {
 protected:
  SyntheticStore store_ = SyntheticStore::healthy();
};

TEST_F(FulfillmentRules, ADeliveredOrderWithAnOpenUnitBreaksS3) {
  store_.change(SyntheticStore::in_progress,
                [](Order& order) { order.header.state = domain::OrderState::delivered; });
  EXPECT_THAT(store_.violated(), ElementsAre("S3"));
}

TEST_F(FulfillmentRules, AMissingUnitBreaksS3) {
  store_.change(SyntheticStore::waiting, [](Order& order) { order.header.quantity = 2; });
  EXPECT_THAT(store_.violated(), ElementsAre("S3", "S23"));
}

TEST_F(FulfillmentRules, ASecondAttemptWhileOneIsOpenBreaksS15) {
  store_.change(SyntheticStore::in_progress, [](Order& order) {
    auto second = order.attempts[0];
    second.attempt_no = 2;
    second.reference = order.header.order_no + "_u1a2";
    order.attempts.push_back(second);
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S15"));
}

TEST_F(FulfillmentRules, ASecondAttemptThatMetAnOpenOneBreaksS15ForEver) {
  store_.change(SyntheticStore::in_progress, [](Order& order) {
    auto second = order.attempts[0];
    second.attempt_no = 2;
    second.reference = order.header.order_no + "_u1a2";
    order.attempts.push_back(second);
  });
  store_.change(SyntheticStore::in_progress,
                [](Order& order) { order.attempts[0].state = domain::AttemptState::failed; });
  EXPECT_THAT(store_.violated(), ElementsAre("S15"));
}

TEST_F(FulfillmentRules, AReferenceOfItsOwnBreaksS15) {
  store_.change(SyntheticStore::topup, [](Order& order) { order.attempts[1].reference = "R"; });
  EXPECT_THAT(store_.violated(), ElementsAre("S15"));
}

TEST_F(FulfillmentRules, ALateSuccessThatIsNotPostedBreaksS18) {
  store_.change(SyntheticStore::given_back,
                [](Order& order) { order.attempts[0].loss_booked = false; });
  EXPECT_THAT(store_.violated(), ElementsAre("S13", "S18"));
}

TEST_F(FulfillmentRules, TwoSuccessesOfOneUnitBreakS18) {
  store_.change(SyntheticStore::topup,
                [](Order& order) { order.attempts[0].state = domain::AttemptState::done; });
  EXPECT_THAT(store_.violated(), ElementsAre("S18"));
}

TEST_F(FulfillmentRules, ADeliveryWithoutSuccessBreaksS18) {
  store_.change(SyntheticStore::in_progress, [](Order& order) {
    order.units[0].state = domain::UnitState::delivered;
    order.header.state = domain::OrderState::delivered;
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S13", "S18"));
}

TEST_F(FulfillmentRules, AnOpenCallThatNobodyMakesBreaksTheOutbox) {
  store_.stories[SyntheticStore::waiting].effects.clear();
  EXPECT_THAT(store_.violated(), ElementsAre("outbox"));
}

}  // namespace
}  // namespace daozhang::audit
