#include "domain/order/change.h"

#include <gtest/gtest.h>

namespace daozhang::domain {
namespace {

Order sample() {
  Order order;
  order.header.partition = Partition{3};
  order.header.order_id = OrderId{77};
  order.header.version = 1;
  order.header.order_no = "ORDER \"quoted\"\n\u5230\u8d26";
  order.header.placed_at = {5};
  Unit unit;
  unit.partition = Partition{3};
  unit.order_id = OrderId{77};
  unit.unit_no = 1;
  order.units.push_back(unit);
  return order;
}

Event event_of(const Order* before, const Order& after) {
  Event event;
  event.body = change_body(before, after, {"buyer", {"order_placed"}});
  return event;
}

TEST(Change, ReplayingANewOrderGivesTheOrder) {
  const Order order = sample();
  Order replayed;
  ASSERT_TRUE(replay(replayed, event_of(nullptr, order)));
  EXPECT_EQ(replayed, order);
}

TEST(Change, ReplayingEveryEventGivesTheLastRow) {
  const Order first = sample();
  Order second = first;
  second.header.version = 2;
  second.header.state = OrderState::fulfilling;
  second.header.quarantined = true;
  second.units[0].state = UnitState::fulfilling;
  Attempt attempt;
  attempt.partition = Partition{3};
  attempt.order_id = OrderId{77};
  attempt.attempt_no = 1;
  attempt.reference = "ORDER_u1a1";
  second.attempts.push_back(attempt);
  Order third = second;
  third.header.version = 3;
  third.header.quarantined = false;
  third.attempts[0].reason = "no";
  Order replayed;
  ASSERT_TRUE(replay(replayed, event_of(nullptr, first)));
  ASSERT_TRUE(replay(replayed, event_of(&first, second)));
  ASSERT_TRUE(replay(replayed, event_of(&second, third)));
  EXPECT_EQ(replayed, third);
}

TEST(Change, OnlyWhatChangedIsWritten) {
  const Order before = sample();
  Order after = before;
  after.header.version = 2;
  EXPECT_EQ(event_of(&before, after).body,
            R"({"v":1,"actor":"buyer","what":["order_placed"],"order":{"version":2}})");
}

TEST(Change, WhoPaysStandsInTheRowAndInNoEvent) {
  const Order before = sample();
  Order after = before;
  Intent intent;
  intent.partition = Partition{3};
  intent.order_id = OrderId{77};
  intent.intent_no = 1;
  intent.channel = "sheet";
  intent.payer_ip = "203.0.113.7";
  intent.payer_id = "oPayer1";
  after.intents.push_back(intent);
  const Event event = event_of(&before, after);
  EXPECT_EQ(event.body.find("203.0.113.7"), std::string::npos) << event.body;
  EXPECT_EQ(event.body.find("oPayer1"), std::string::npos) << event.body;
  Order replayed = before;
  ASSERT_TRUE(replay(replayed, event));
  EXPECT_TRUE(is_told_by_events(after, replayed));
  replayed.intents[0].channel = "page";
  EXPECT_FALSE(is_told_by_events(after, replayed));
}

TEST(Change, AnEventFromBeforeMayTellWhoPays) {
  Order replayed = sample();
  Event event;
  event.body =
      R"({"v":1,"actor":"buyer","what":["payment_opened"],"intents":{"1":{"channel":"sheet","payer_id":"o1"}}})";
  ASSERT_TRUE(replay(replayed, event));
  Order rows = replayed;
  rows.intents[0].payer_id.clear();
  EXPECT_TRUE(is_told_by_events(rows, replayed));
}

TEST(Change, ANewChildWithoutChangedFieldsIsStillThere) {
  const Order before = sample();
  Order after = before;
  Unit unit;
  unit.partition = Partition{3};
  unit.order_id = OrderId{77};
  unit.unit_no = 2;
  after.units.push_back(unit);
  Order replayed = before;
  ASSERT_TRUE(replay(replayed, event_of(&before, after)));
  EXPECT_EQ(replayed, after);
}

TEST(Change, ABodyThatIsNotOursIsRefused) {
  for (const char* body :
       {"", "{", "[]", "{}x", R"({"order":{"no_such_field":1}})", R"({"order":{"state":"flying"}})",
        R"({"order":{"version":"1"}})", R"({"units":{"2":{}}})", R"({"units":{"0":{}}})",
        R"({"units":{"x":{}}})", R"({"units":[]})", R"({"order":{"version":1.5}})",
        R"({"units":{"1x":{}}})", R"({"units":{"01":{}}})", R"({"order":{"quantity":4294967298}})",
        R"({"order":{"partition":4294967298}})", R"({"order":{"version":01}})"}) {
    Order order;
    Event event;
    event.body = body;
    EXPECT_FALSE(replay(order, event)) << body;
  }
}

TEST(Change, TheLeafDependsOnSaltAndBody) {
  EXPECT_EQ(leaf_hash("salt", "body").size(), 64U);
  EXPECT_NE(leaf_hash("salt", "body"), leaf_hash("salt2", "body"));
  EXPECT_NE(leaf_hash("salt", "body"), leaf_hash("salt", "body2"));
  // RFC 6962: the leaf of the empty string.
  EXPECT_EQ(leaf_hash("", ""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

}  // namespace
}  // namespace daozhang::domain
