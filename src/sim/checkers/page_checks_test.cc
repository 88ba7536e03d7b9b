// A row that makes the page lie is named.
#include "sim/checkers/page_checks.h"

#include <gtest/gtest.h>

#include <functional>

#include "sim/world/scene.h"

namespace daozhang::sim {
namespace {

using domain::Order;

class PageChecksTest : public ::testing::Test {
 protected:
  PageChecksTest() {
    auto& header = order_.header;
    header.order_no = "ORDER";
    header.unit_price_minor = 990;
    header.promise_seconds = 60;
    header.placed_at = now_;
    header.pay_by = now_ + policy_.payment_window;
    header.deadline = header.pay_by + base::seconds(60);
    order_.units.emplace_back().unit_no = 1;
    domain::Intent intent;
    intent.intent_no = 1;
    intent.channel = "page";
    order_.intents.push_back(intent);
    checks_.pushed(order_, now_);
    EXPECT_EQ(broken(), "");
  }

  [[nodiscard]] std::string broken() const {
    return record_.violation() ? record_.violation()->what : "";
  }

  std::string push(const std::function<void(Order&)>& change) {
    now_ = now_ + base::seconds(5);
    change(order_);
    checks_.pushed(order_, now_);
    return broken();
  }

  void pay(Order& order) const {
    order.payments.emplace_back().applied_minor = 990;
    order.header.paid_at = now_;
    order.header.fulfill_by = now_ + base::seconds(60);
    order.intents.front().state = domain::IntentState::paid;
  }

  void deliver(Order& order) const {
    order.units.front().state = domain::UnitState::delivered;
    order.units.front().delivered_at = now_;
  }

  base::Instant now_ = start_of_time;
  domain::Policy policy_;
  Record record_;
  PageChecks checks_{record_, policy_};
  Order order_;
};

TEST_F(PageChecksTest, an_order_that_is_paid_and_delivered_breaks_nothing) {
  EXPECT_EQ(push([&](Order& order) { pay(order); }), "");
  EXPECT_EQ(push([&](Order& order) { deliver(order); }), "");
  EXPECT_EQ(push([&](Order& order) { order.header.closed_at = now_; }), "");
}

TEST_F(PageChecksTest, paid_without_its_price_is_named) {
  EXPECT_NE(push([&](Order& order) {
              pay(order);
              order.payments.front().applied_minor = 1;
            }),
            "");
}

TEST_F(PageChecksTest, a_delivery_of_the_future_is_named) {
  push([&](Order& order) { pay(order); });
  EXPECT_NE(push([&](Order& order) {
              deliver(order);
              order.units.front().delivered_at = now_ + base::seconds(1);
            }),
            "");
}

TEST_F(PageChecksTest, a_deadline_that_moves_is_named) {
  push([&](Order& order) { pay(order); });
  EXPECT_NE(push([&](Order& order) {
              order.header.fulfill_by = order.header.fulfill_by + base::seconds(1);
            }),
            "");
}

TEST_F(PageChecksTest, an_order_at_rest_that_waits_for_somebody_is_named) {
  EXPECT_NE(push([&](Order& order) { order.header.closed_at = now_; }), "");
}

TEST_F(PageChecksTest, a_delivery_that_is_taken_back_is_named) {
  push([&](Order& order) { pay(order); });
  push([&](Order& order) { deliver(order); });
  EXPECT_NE(push([&](Order& order) {
              order.units.front().state = domain::UnitState::failed;
              order.units.front().failed_at = now_;
            }),
            "");
}

}  // namespace
}  // namespace daozhang::sim
