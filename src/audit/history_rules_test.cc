#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/synthetic_store.h"
#include "domain/order/change.h"

namespace daozhang::audit {
namespace {

using domain::Order;
using testing::ElementsAre;

class HistoryRules : public testing::Test {
 protected:
  domain::Event& last_event(std::size_t story) { return store_.stories[story].events.back(); }
  static void seal(domain::Event& event) { event.leaf = domain::leaf_hash(event.salt, event.body); }

  SyntheticStore store_ = SyntheticStore::healthy();
};

TEST_F(HistoryRules, AnIntentThatReopensBreaksS2) {
  store_.change(SyntheticStore::expired,
                [](Order& order) { order.intents[0].state = domain::IntentState::ready; });
  EXPECT_THAT(store_.violated(), ElementsAre("S2"));
}

TEST_F(HistoryRules, ARefundThatIsNoLongerSettledBreaksS2) {
  store_.change(SyntheticStore::card,
                [](Order& order) { order.refunds[0].state = domain::RefundState::accepted; });
  EXPECT_THAT(store_.violated(), ElementsAre("S2"));
}

TEST_F(HistoryRules, AnAttemptThatIsReversedBeforeItIsDoneMayPassThroughDone) {
  store_.change(SyntheticStore::topup,
                [](Order& order) { order.attempts[1].state = domain::AttemptState::reversed; });
  EXPECT_THAT(store_.violated(), ElementsAre("S13")) << "only that no cost came back";
}

TEST_F(HistoryRules, AVersionWithoutEventBreaksS5) {
  auto& story = store_.stories[SyntheticStore::card];
  story.events.push_back(story.events.back());
  EXPECT_THAT(store_.violated(), ElementsAre("S5"));
}

TEST_F(HistoryRules, AUnitThatLeavesDeliveredBreaksS19) {
  store_.change(SyntheticStore::topup,
                [](Order& order) { order.units[0].state = domain::UnitState::failed; });
  store_.change(SyntheticStore::topup,
                [](Order& order) { order.units[0].state = domain::UnitState::delivered; });
  EXPECT_THAT(store_.violated(), ElementsAre("S19"));
}

TEST_F(HistoryRules, APriceThatChangesAfterwardsBreaksS23) {
  store_.change(SyntheticStore::waiting, [](Order& order) { order.header.unit_price_minor += 1; });
  EXPECT_THAT(store_.violated(), ElementsAre("S23"));
}

TEST_F(HistoryRules, ACorrectedTargetIsNoViolation) {
  store_.change(SyntheticStore::waiting, [](Order& order) { order.header.target = "{}"; });
  EXPECT_THAT(store_.violated(), ElementsAre());
}

TEST_F(HistoryRules, ARowThatNoEventExplainsBreaksS26) {
  store_.stories[SyntheticStore::card].order.header.contact_email = "insider@example.com";
  EXPECT_THAT(store_.violated(), ElementsAre("S26"));
}

TEST_F(HistoryRules, AnEditedEventBreaksS26) {
  auto& event = store_.stories[SyntheticStore::card].events.front();
  const std::string actor = "\"actor\":\"test\"";
  event.body.replace(event.body.find(actor), actor.size(), "\"actor\":\"else\"");
  EXPECT_THAT(store_.violated(), ElementsAre("S26"));
}

TEST_F(HistoryRules, AnEventThatIsNotOursBreaksS26) {
  auto& story = store_.stories[SyntheticStore::waiting];
  story.order.header.version += 1;
  auto event = story.events.back();
  event.version += 1;
  event.body = "{\"v\":1,\"actor\":\"test\",\"what\":[\"x\"],\"order\":{\"no_such_field\":1}}";
  seal(event);
  story.events.push_back(event);
  EXPECT_THAT(store_.violated(), ElementsAre("S26"));
}

TEST_F(HistoryRules, AnErasedSaltIsNoViolation) {
  for (auto& event : store_.stories[SyntheticStore::card].events) event.salt.clear();
  EXPECT_THAT(store_.violated(), ElementsAre());
}

TEST_F(HistoryRules, AnEventWithoutActorBreaksS30) {
  auto& event = last_event(SyntheticStore::card);
  const std::string actor = "\"actor\":\"test\"";
  event.body.replace(event.body.find(actor), actor.size(), "\"actor\":\"\"");
  seal(event);
  EXPECT_THAT(store_.violated(), ElementsAre("S30"));
}

TEST_F(HistoryRules, AnEventThatDoesNotSayWhatHappenedBreaksS30) {
  auto& event = last_event(SyntheticStore::card);
  const auto open = event.body.find("\"what\":[") + 8;
  event.body.erase(open, event.body.find(']', open) - open);
  seal(event);
  EXPECT_THAT(store_.violated(), ElementsAre("S30"));
}

}  // namespace
}  // namespace daozhang::audit
