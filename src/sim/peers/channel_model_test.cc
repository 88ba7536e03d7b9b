#include "sim/peers/channel_model.h"

#include <gtest/gtest.h>

namespace daozhang::sim {
namespace {

const domain::OrderKey known{domain::Partition{3}, domain::OrderId{77}};

// Knows one order, whatever number at a channel it is asked about.
class OneOrder final : public Shop {
 public:
  void send(engine::CommandBody, Reply reply) override { reply(std::nullopt); }
  std::optional<domain::OrderKey> order_of(const std::string&) override { return known; }
  void notify(const std::string&, const std::string&, Reply reply) override { reply(std::nullopt); }
  void hint(const std::string&) override {}
  std::optional<domain::Order> look(domain::OrderKey) override { return std::nullopt; }
};

FaultPlan no_faults() {
  FaultPlan plan;
  plan.only_named = true;
  return plan;
}

// A failure without its order has no story of it.
class ChannelModelTest : public testing::Test {
 protected:
  void expect_violation(ports::PaymentCallKind kind, std::string_view invariant) {
    ports::PaymentCall call;
    call.kind = kind;
    call.order.trade_ref = "trade";
    call.refund_ref = "refund";
    call.refund_minor = 100;
    channel_.call(call, [](const ports::PaymentAnswer&) {});
    while (!scene_.schedule.empty()) scene_.schedule.run_next();
    ASSERT_TRUE(scene_.record.violation());
    EXPECT_EQ(scene_.record.violation()->invariant, invariant);
    EXPECT_EQ(scene_.record.violation()->order, known);
  }

  Scene scene_{1, no_faults()};
  OneOrder shop_;
  CheapWire wire_;
  domain::Policy policy_;
  ChannelModel channel_{scene_, shop_, wire_, policy_, "page", ports::Way::page};
};

TEST_F(ChannelModelTest, ARefundOfMoneyThatNeverCameIsToldWithItsOrder) {
  expect_violation(ports::PaymentCallKind::refund, "S9");
}

TEST_F(ChannelModelTest, AClosingWhereNothingClosesIsToldWithItsOrder) {
  policy_.channels["page"].close = false;
  expect_violation(ports::PaymentCallKind::close, "F21");
}

}  // namespace
}  // namespace daozhang::sim
