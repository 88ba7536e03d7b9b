// Each invariant is broken once by hand and must be named.
#include "sim/checkers/order_checks.h"

#include <gtest/gtest.h>

#include <functional>

#include "domain/order/change.h"
#include "domain/order/order_state.h"
#include "domain/order/references.h"

namespace daozhang::sim {
namespace {

using domain::Order;

// An order that was placed, and a commit that changes it as told.
class OrderChecksTest : public ::testing::Test {
 protected:
  OrderChecksTest() {
    auto& header = order_.header;
    header.partition = domain::Partition{1};
    header.order_id = domain::OrderId{1};
    header.order_no = "ORDER";
    header.unit_price_minor = 990;
    header.version = 1;
    domain::Unit unit;
    unit.partition = header.partition;
    unit.order_id = header.order_id;
    unit.unit_no = 1;
    order_.units.push_back(unit);
    domain::Intent intent;
    intent.partition = header.partition;
    intent.order_id = header.order_id;
    intent.intent_no = 1;
    intent.channel = "page";
    order_.intents.push_back(intent);
    see(nullptr, order_);
    EXPECT_EQ(broken(), "");
  }

  void see(const Order* before, const Order& after) {
    ports::Commit commit;
    ports::OrderChange change;
    change.before = before;
    change.after = &after;
    change.event = event_of(before, after);
    commit.orders.push_back(change);
    commit.transfers = transfers_;
    commit.items = items_;
    checks_.see(commit);
  }

  static domain::Event event_of(const Order* before, const Order& after) {
    domain::Event event;
    event.version = after.header.version;
    event.body = domain::change_body(before, after, {"test", {"changed"}});
    event.salt = "salt " + std::to_string(event.version);
    event.leaf = domain::leaf_hash(event.salt, event.body);
    return event;
  }

  // The invariant that breaks when the next commit does this.
  std::string broken_by(const std::function<void(Order&)>& change) {
    Order after = order_;
    ++after.header.version;
    change(after);
    see(&order_, after);
    order_ = after;
    return broken();
  }

  [[nodiscard]] std::string broken() const {
    return record_.violation() ? record_.violation()->invariant : "";
  }

  static void add_payment(Order& order, std::int64_t amount_minor) {
    domain::Payment payment;
    payment.partition = order.header.partition;
    payment.order_id = order.header.order_id;
    payment.payment_no = static_cast<std::int32_t>(order.payments.size()) + 1;
    payment.intent_no = 1;
    payment.channel = "page";
    payment.trade_no = "T1";
    payment.amount_minor = amount_minor;
    payment.applied_minor = amount_minor;
    order.payments.push_back(payment);
  }

  static void add_refund(Order& order, domain::RefundState state) {
    domain::Refund refund;
    refund.partition = order.header.partition;
    refund.order_id = order.header.order_id;
    refund.refund_no = static_cast<std::int32_t>(order.refunds.size()) + 1;
    refund.payment_no = 1;
    refund.purpose = domain::RefundPurpose::shortfall;
    refund.refund_ref = domain::refund_ref("ORDER", 1, refund.purpose, 0);
    refund.channel = "page";
    refund.state = state;
    refund.amount_minor = 990;
    order.refunds.push_back(refund);
  }

  void transfer(domain::TransferReason reason, std::string debit, std::string credit) {
    domain::Transfer transfer;
    transfer.partition = order_.header.partition;
    transfer.order_id = order_.header.order_id;
    transfer.transfer_no = static_cast<std::int32_t>(transfers_.size()) + 1;
    transfer.reason = reason;
    transfer.subject_no = 1;
    transfer.debit = std::move(debit);
    transfer.credit = std::move(credit);
    transfer.amount_minor = 990;
    transfers_.push_back(transfer);
  }

  // Genuine money on the first intent.
  void let_pay() {
    ports::ChannelOrder opened;
    opened.trade_ref = domain::trade_ref("ORDER", 1);
    opened.amount_minor = 990;
    opened.expires_at = scene_.now() + base::minutes(15);
    ASSERT_TRUE(channel_.open(opened));
    ASSERT_TRUE(channel_.pay(opened.trade_ref, 990));
    transfer(domain::TransferReason::payment_received, "channel_clearing:page", "escrow");
  }

  void pay(Order& order) {
    add_payment(order, 990);
    order.payments.back().trade_no = channel_.find("ORDER_1")->trade_no;
    order.intents[0].state = domain::IntentState::paid;
    order.header.paid_at = {1};
    order.header.fulfill_by = order.header.paid_at + base::seconds(order.header.promise_seconds);
    order.header.state = domain::derive_state(order);
  }

  class NoShop final : public Shop {
   public:
    void send(engine::CommandBody, Reply) override {}
    std::optional<domain::OrderKey> order_of(const std::string&) override { return {}; }
    void notify(const std::string&, const std::string&, Reply) override {}
    void hint(const std::string&) override {}
    std::optional<Order> look(domain::OrderKey) override { return {}; }
  };

  Scene scene_{1};
  NoShop shop_;
  CheapWire wire_;
  domain::Policy policy_;
  ChannelModel channel_{scene_, shop_, wire_, policy_, "page", ports::Way::page};
  std::map<std::string, ChannelModel*> channels_{{"page", &channel_}};
  Record record_;
  OrderChecks checks_{record_, channels_, policy_};
  Order order_;
  std::vector<domain::Transfer> transfers_;
  std::vector<ports::ItemChange> items_;
};

TEST_F(OrderChecksTest, AnHonestPaymentBreaksNothing) {
  let_pay();
  EXPECT_EQ(broken_by([&](Order& order) { pay(order); }), "");
}

TEST_F(OrderChecksTest, S2AnIntentThatLeavesItsMachine) {
  const auto set = [](domain::IntentState state) {
    return [state](Order& order) { order.intents[0].state = state; };
  };
  EXPECT_EQ(broken_by(set(domain::IntentState::closed)), "");
  EXPECT_EQ(broken_by(set(domain::IntentState::ready)), "S2");
}

TEST_F(OrderChecksTest, S3DeliveredWithoutDeliveredUnits) {
  EXPECT_EQ(broken_by([](Order& order) { order.header.state = domain::OrderState::delivered; }),
            "S3");
}

TEST_F(OrderChecksTest, S5AVersionThatSkips) {
  EXPECT_EQ(broken_by([](Order& order) { ++order.header.version; }), "S5");
}

TEST_F(OrderChecksTest, S8WorkForAnUnpaidOrder) {
  EXPECT_EQ(broken_by([](Order& order) { order.units[0].state = domain::UnitState::failed; }),
            "S8");
}

TEST_F(OrderChecksTest, S11APaymentFromNothing) {
  transfer(domain::TransferReason::payment_received, "channel_clearing:page", "escrow");
  EXPECT_EQ(broken_by([](Order& order) {
              add_payment(order, 990);
              order.intents[0].state = domain::IntentState::paid;
            }),
            "S11");
}

TEST_F(OrderChecksTest, S13MoneyThatTheLedgerDoesNotKnow) {
  let_pay();
  transfers_.clear();
  EXPECT_EQ(broken_by([&](Order& order) { pay(order); }), "S13");
}

TEST_F(OrderChecksTest, S7TheSamePaymentPostedTwice) {
  let_pay();
  transfer(domain::TransferReason::payment_received, "channel_clearing:page", "escrow");
  EXPECT_EQ(broken_by([&](Order& order) { pay(order); }), "S7");
}

TEST_F(OrderChecksTest, S23APriceThatChanges) {
  EXPECT_EQ(broken_by([](Order& order) { order.header.unit_price_minor = 1; }), "S23");
}

TEST_F(OrderChecksTest, S26ARowThatItsEventsDoNotGive) {
  Order after = order_;
  ++after.header.version;
  ports::Commit commit;
  ports::OrderChange change;
  change.before = &order_;
  change.event = event_of(&order_, after);
  after.header.contact_email = "insider@example.com";
  change.after = &after;
  commit.orders.push_back(change);
  checks_.see(commit);
  EXPECT_EQ(broken(), "S26");
}

TEST_F(OrderChecksTest, S26ALeafThatIsNotOfItsEvent) {
  Order after = order_;
  ++after.header.version;
  ports::Commit commit;
  ports::OrderChange change;
  change.before = &order_;
  change.after = &after;
  change.event = event_of(&order_, after);
  change.event.leaf[0] = change.event.leaf[0] == '0' ? '1' : '0';
  commit.orders.push_back(change);
  checks_.see(commit);
  EXPECT_EQ(broken(), "S26");
}

TEST_F(OrderChecksTest, S15TwoOpenAttempts) {
  let_pay();
  EXPECT_EQ(broken_by([&](Order& order) {
              pay(order);
              for (int no = 1; no <= 2; ++no) {
                domain::Attempt attempt;
                attempt.partition = order.header.partition;
                attempt.order_id = order.header.order_id;
                attempt.attempt_no = no;
                attempt.unit_no = 1;
                order.attempts.push_back(attempt);
              }
            }),
            "S15");
}

TEST_F(OrderChecksTest, S21ASecretIssuedTwice) {
  ports::ItemChange issue;
  issue.item = {domain::Partition{1}, domain::ItemId{5}};
  issue.from = domain::ItemState::available;
  issue.to = domain::ItemState::issued;
  issue.order = order_.key();
  issue.unit_no = 1;
  items_ = {issue, issue};
  EXPECT_EQ(broken_by([](Order&) {}), "S21");
}

TEST_F(OrderChecksTest, S23APromisedMomentThatIsReckonedAnew) {
  let_pay();
  EXPECT_EQ(broken_by([&](Order& order) {
              pay(order);
              order.header.fulfill_by = order.header.fulfill_by + base::seconds(1);
            }),
            "S23");
}

TEST_F(OrderChecksTest, S21ASecretShownBeforeItIsDelivered) {
  EXPECT_EQ(broken_by([](Order& order) { order.units[0].revealed_at = {1}; }), "S21");
}

TEST_F(OrderChecksTest, S21AnExpiredOrderThatKeepsItsStock) {
  EXPECT_EQ(broken_by([](Order& order) {
              order.units[0].hold = domain::HoldState::held;
              order.header.expired_at = {1};
              order.header.state = domain::derive_state(order);
            }),
            "S21");
}

TEST_F(OrderChecksTest, S14ARefundThatTheChannelDoesNotHave) {
  let_pay();
  EXPECT_EQ(broken_by([&](Order& order) {
              pay(order);
              add_refund(order, domain::RefundState::accepted);
            }),
            "S14");
}

TEST_F(OrderChecksTest, S16TwoRefundsThatLeaveAtOnce) {
  let_pay();
  transfer(domain::TransferReason::refund_decided, "escrow", "refund_payable:page");
  EXPECT_EQ(broken_by([&](Order& order) {
              pay(order);
              order.payments[0].applied_minor = 0;
              add_refund(order, domain::RefundState::decided);
              add_refund(order, domain::RefundState::decided);
              order.refunds[0].amount_minor = 990;
              order.refunds[0].purpose = domain::RefundPurpose::surplus;
              order.refunds[1].amount_minor = 0;
              for (auto& refund : order.refunds) {
                refund.refund_ref = domain::refund_ref("ORDER", 1, refund.purpose, 0);
                refund.call = domain::RefundCall::refund;
              }
            }),
            "S16");
}

TEST_F(OrderChecksTest, S8TheWholePriceThatDoesNotCount) {
  EXPECT_EQ(broken_by([](Order& order) {
              order.header.expired_at = {1};
              order.header.state = domain::derive_state(order);
            }),
            "");
  let_pay();
  transfer(domain::TransferReason::refund_decided, "escrow", "refund_payable:page");
  EXPECT_EQ(broken_by([&](Order& order) {
              pay(order);
              order.header.paid_at = order.header.fulfill_by = {};
              order.payments[0].applied_minor = 0;
              add_refund(order, domain::RefundState::decided);
              order.refunds[0].purpose = domain::RefundPurpose::surplus;
              order.refunds[0].refund_ref =
                  domain::refund_ref("ORDER", 1, order.refunds[0].purpose, 0);
              order.header.state = domain::derive_state(order);
            }),
            "S8");
}

TEST_F(OrderChecksTest, S23AnotherSumThanIsOwedIsAskedFor) {
  const auto ask = [](std::int64_t amount_minor) {
    return [amount_minor](Order& order) {
      domain::Intent next = order.intents[0];
      next.intent_no = static_cast<std::int32_t>(order.intents.size()) + 1;
      next.amount_minor = amount_minor;
      order.intents.push_back(next);
    };
  };
  EXPECT_EQ(broken_by(ask(990)), "");
  EXPECT_EQ(broken_by(ask(980)), "S23");
}

TEST_F(OrderChecksTest, L3ARefusedRefundThatNobodyIsToldOf) {
  let_pay();
  transfer(domain::TransferReason::refund_decided, "escrow", "refund_payable:page");
  const auto refuse = [&](std::string reason) {
    return [this, reason](Order& order) {
      if (order.payments.empty()) {
        pay(order);
        order.payments[0].applied_minor = 0;
        add_refund(order, domain::RefundState::decided);
        order.refunds[0].purpose = domain::RefundPurpose::surplus;
        order.refunds[0].refund_ref = domain::refund_ref("ORDER", 1, order.refunds[0].purpose, 0);
      }
      order.refunds[0].state = domain::RefundState::refused;
      order.header.quarantined = true;
      order.header.quarantine_reason = reason;
    };
  };
  EXPECT_EQ(broken_by(refuse("refund_refused")), "");
  transfers_.clear();
  EXPECT_EQ(broken_by(refuse("supplier_silent")), "L3");
}

TEST_F(OrderChecksTest, S32AnAttemptThatFollowsAtOnce) {
  let_pay();
  const auto attempt = [this](Order& order, base::Duration after) {
    if (order.payments.empty()) pay(order);
    order.header.fulfill_by = order.header.paid_at + base::seconds(60);
    domain::Attempt next;
    next.partition = order.header.partition;
    next.order_id = order.header.order_id;
    next.attempt_no = static_cast<std::int32_t>(order.attempts.size()) + 1;
    next.unit_no = 1;
    next.intended_at = order.header.paid_at + after;
    if (!order.attempts.empty()) {
      order.attempts[0].state = domain::AttemptState::failed;
      order.attempts[0].ended_at = order.header.paid_at;
    }
    order.units[0].state = domain::UnitState::fulfilling;
    order.attempts.push_back(next);
    order.header.state = domain::derive_state(order);
  };
  EXPECT_EQ(broken_by([&](Order& order) { attempt(order, {}); }), "");
  transfers_.clear();
  EXPECT_EQ(broken_by([&](Order& order) { attempt(order, base::seconds(4)); }), "S32");
}

TEST_F(OrderChecksTest, S18AUnitThatIsGivenUpWhileAnEarlierAttemptIsBeingAskedAbout) {
  let_pay();
  const auto failed = [](Order& order, std::int32_t no) {
    domain::Attempt attempt;
    attempt.attempt_no = no;
    attempt.unit_no = 1;
    attempt.state = domain::AttemptState::failed;
    attempt.retry_can_help = true;
    attempt.intended_at = order.header.paid_at + base::seconds(5 * (no - 1));
    attempt.ended_at = order.header.paid_at;
    order.attempts.push_back(attempt);
    order.header.state = domain::derive_state(order);
  };
  EXPECT_EQ(broken_by([&](Order& order) {
              pay(order);
              failed(order, 1);
              failed(order, 2);
              order.attempts[0].call = domain::AttemptCall::query;
              order.units[0].state = domain::UnitState::waiting;
              order.header.due_at = order.header.fulfill_by;
            }),
            "");
  transfers_.clear();
  transfer(domain::TransferReason::refund_decided, "escrow", "refund_payable:page");
  transfers_.back().transfer_no = 2;
  EXPECT_EQ(broken_by([](Order& order) {
              order.units[0].state = domain::UnitState::failed;
              order.units[0].reason = domain::UnitReason::supplier_refused;
              add_refund(order, domain::RefundState::decided);
              order.refunds[0].purpose = domain::RefundPurpose::unit;
              order.refunds[0].unit_no = 1;
              order.refunds[0].refund_ref =
                  domain::refund_ref("ORDER", 1, domain::RefundPurpose::unit, 1);
              order.header.state = domain::derive_state(order);
            }),
            "S18");
}

TEST_F(OrderChecksTest, S10AReversedUnitThatIsNotGivenBack) {
  let_pay();
  transfer(domain::TransferReason::unit_delivered, "escrow", "revenue");
  EXPECT_EQ(broken_by([&](Order& order) {
              pay(order);
              order.units[0].state = domain::UnitState::delivered;
              domain::Attempt attempt;
              attempt.attempt_no = 1;
              attempt.unit_no = 1;
              attempt.state = domain::AttemptState::reversed;
              order.attempts.push_back(attempt);
              order.header.state = domain::derive_state(order);
            }),
            "S10");
}

TEST_F(OrderChecksTest, S10AReversedUnitThatIsGivenBackThoughAnotherAttemptsGoodsAreThere) {
  let_pay();
  transfer(domain::TransferReason::unit_delivered, "escrow", "revenue");
  transfer(domain::TransferReason::late_supplier_success, "late_supplier_loss",
           "supplier_payable:telco");
  transfers_.back().subject_no = 2;
  const auto two = [this](Order& order) {
    pay(order);
    order.units[0].state = domain::UnitState::delivered;
    for (std::int32_t no = 1; no <= 2; ++no) {
      domain::Attempt attempt;
      attempt.attempt_no = no;
      attempt.unit_no = 1;
      attempt.state = domain::AttemptState::done;
      attempt.supplier = "telco";
      attempt.intended_at = order.header.paid_at + base::seconds(5 * (no - 1));
      attempt.ended_at = order.header.paid_at;
      attempt.loss_booked = no == 2;
      order.attempts.push_back(attempt);
    }
    order.header.state = domain::derive_state(order);
  };
  EXPECT_EQ(broken_by(two), "");
  const auto count = static_cast<std::int32_t>(transfers_.size());
  transfers_.clear();
  transfer(domain::TransferReason::refund_decided, "revenue", "refund_payable:page");
  transfers_.back().transfer_no = count + 1;
  EXPECT_EQ(broken_by([](Order& order) {
              order.attempts[0].state = domain::AttemptState::reversed;
              add_refund(order, domain::RefundState::decided);
              order.refunds[0].purpose = domain::RefundPurpose::reversal;
              order.refunds[0].unit_no = 1;
              order.refunds[0].refund_ref =
                  domain::refund_ref("ORDER", 1, domain::RefundPurpose::reversal, 1);
            }),
            "S10");
}

}  // namespace
}  // namespace daozhang::sim
