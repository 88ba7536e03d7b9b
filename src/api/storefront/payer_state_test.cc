#include "api/storefront/payer_state.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace daozhang::api {
namespace {

class PayerStateTest : public ::testing::Test {
 protected:
  static crypto::MasterKeys keys_of(char c) {
    crypto::MasterKeys keys;
    keys.access_code = crypto::WipedBytes(std::string(32, c));
    return keys;
  }
  [[nodiscard]] std::string told(std::string_view state, std::string_view order_no = "N1",
                                 std::int32_t payment_no = 2,
                                 base::Duration later = base::seconds(1)) const {
    return std::string(base::name_of(states_.check(state, order_no, payment_no, now_ + later)));
  }

  const crypto::MasterKeys keys_ = keys_of('k');
  const PayerStates states_{keys_};
  const base::Instant now_{1'795'323'900'000'000};
  const std::string state_ = states_.make("N1", 2, now_);
};

TEST_F(PayerStateTest, ComesBackForItsPaymentAlone) {
  EXPECT_EQ(told(state_), "good");
  EXPECT_EQ(told(state_, "N2"), "wrong");
  EXPECT_EQ(told(state_, "N1", 1), "wrong");
  const crypto::MasterKeys other = keys_of('x');
  EXPECT_EQ(PayerStates(other).check(state_, "N1", 2, now_), PayerStateVerdict::wrong);
}

TEST_F(PayerStateTest, ComesTooLateAfterItsTime) {
  EXPECT_EQ(told(state_, "N1", 2, PayerStates::valid_for - base::seconds(1)), "good");
  EXPECT_EQ(told(state_, "N1", 2, PayerStates::valid_for), "expired");
}

TEST_F(PayerStateTest, EveryOtherTextIsWrong) {
  for (std::size_t i = 0; i < state_.size(); ++i) {
    std::string changed = state_;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_EQ(told(changed), "wrong") << i;
  }
  for (const auto& text : {std::string(), state_.substr(0, 16), state_.substr(0, 79), state_ + "0",
                           std::string(80, '0')})
    EXPECT_EQ(told(text), "wrong") << text;
}

TEST_F(PayerStateTest, IsWhatWechatCarries) {
  EXPECT_LE(state_.size(), 128U);
  EXPECT_TRUE(std::ranges::all_of(
      state_, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }));
}

}  // namespace
}  // namespace daozhang::api
