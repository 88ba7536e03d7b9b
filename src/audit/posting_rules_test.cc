#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/synthetic_store.h"

namespace daozhang::audit {
namespace {

using domain::Order;
using domain::Transfer;
using domain::TransferReason;
using testing::ElementsAre;
namespace account = domain::account;

class PostingRules : public testing::Test {
 protected:
  Transfer& first_of(std::size_t story, TransferReason reason) {
    for (auto& transfer : store_.stories[story].transfers)
      if (transfer.reason == reason) return transfer;
    ADD_FAILURE() << "no such transfer";
    return store_.stories[story].transfers.front();
  }
  // The rest of the books fits what was done to a transfer.
  std::vector<std::string> violated() {
    store_.add_up();
    return store_.violated();
  }

  SyntheticStore store_ = SyntheticStore::healthy();
};

TEST_F(PostingRules, RevenueOnAnotherAccountBreaksS13) {
  first_of(SyntheticStore::topup, TransferReason::unit_delivered).credit = account::cost_of_sales;
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

TEST_F(PostingRules, ALossThatIsPostedAsACostBreaksS13) {
  first_of(SyntheticStore::given_back, TransferReason::late_supplier_success).debit =
      account::cost_of_sales;
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

TEST_F(PostingRules, ACostThatIsNotTheAttemptsBreaksS13) {
  first_of(SyntheticStore::topup, TransferReason::supplier_cost).amount_minor -= 1;
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

TEST_F(PostingRules, AnotherSuppliersPayableBreaksS13) {
  first_of(SyntheticStore::topup, TransferReason::supplier_cost).credit =
      account::supplier_payable("somebody");
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

TEST_F(PostingRules, ARefundTakenOutOfRevenueThoughNothingWasDeliveredBreaksS13) {
  first_of(SyntheticStore::given_back, TransferReason::refund_decided).debit = account::revenue;
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

TEST_F(PostingRules, ARefundThatIsLessInTheLedgerBreaksS13) {
  first_of(SyntheticStore::given_back, TransferReason::refund_accepted).amount_minor -= 1;
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

TEST_F(PostingRules, ATransferOfWhatNeverHappenedBreaksS13) {
  first_of(SyntheticStore::topup, TransferReason::supplier_cost).subject_no = 1;
  EXPECT_THAT(violated(), ElementsAre("S13")) << "of an attempt that failed";
  first_of(SyntheticStore::topup, TransferReason::supplier_cost).subject_no = 7;
  EXPECT_THAT(violated(), ElementsAre("S13")) << "of an attempt that is not there";
}

TEST_F(PostingRules, ACostThatWasPostedTwiceBreaksS13) {
  auto& transfers = store_.stories[SyntheticStore::topup].transfers;
  auto again = first_of(SyntheticStore::topup, TransferReason::supplier_cost);
  again.transfer_no = static_cast<std::int32_t>(transfers.size()) + 1;
  transfers.push_back(again);
  store_.change(SyntheticStore::topup, [](Order& order) { ++order.header.transfer_count; });
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

// Its number is the last, so nothing else tells that it is gone.
TEST_F(PostingRules, AMissingLastTransferBreaksS13) {
  store_.stories[SyntheticStore::topup].transfers.pop_back();
  store_.change(SyntheticStore::topup, [](Order& order) { --order.header.transfer_count; });
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

TEST_F(PostingRules, ARefundByHandIsTakenOutOfWhatTheChannelHasOnlyWhenItsMoneyCameBack) {
  auto& transfers = store_.stories[SyntheticStore::given_back].transfers;
  const auto to_hand = [&](std::string from) {
    auto by_hand = first_of(SyntheticStore::given_back, TransferReason::refund_decided);
    by_hand.transfer_no = static_cast<std::int32_t>(transfers.size()) + 1;
    by_hand.reason = TransferReason::given_back_by_hand;
    by_hand.debit = std::move(from);
    by_hand.credit = account::given_back_by_hand;
    return by_hand;
  };
  store_.change(SyntheticStore::given_back, [](Order& order) {
    order.refunds[0].accepted_at = {};
    ++order.header.transfer_count;
  });
  transfers.push_back(to_hand(account::channel_clearing("alipay")));
  EXPECT_THAT(violated(), ElementsAre()) << "the channel had accepted it";
  transfers.back() = to_hand(account::refund_payable("alipay"));
  transfers.back().transfer_no -= 1;
  EXPECT_THAT(violated(), ElementsAre("S13"));
}

}  // namespace
}  // namespace daozhang::audit
