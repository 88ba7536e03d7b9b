#include "lane/channel_health.h"

#include <gtest/gtest.h>

namespace daozhang::lane {
namespace {

constexpr base::Instant start{1'795'000'000'000'000};

class ChannelHealthTest : public testing::Test {
 protected:
  void calls(int count, bool answered, base::Duration took = base::milliseconds(100)) {
    for (int i = 0; i < count; ++i) health_.ended("alipay", answered, took, now_);
  }
  [[nodiscard]] bool is_answering() const { return health_.is_answering("alipay", now_); }

  ChannelHealth health_;
  base::Instant now_ = start;
};

TEST_F(ChannelHealthTest, AChannelThatNobodyCalledIsThoughtToAnswer) {
  EXPECT_TRUE(is_answering());
}

TEST_F(ChannelHealthTest, AFewLostAnswersSayNothing) {
  calls(2, false);
  EXPECT_TRUE(is_answering());
  calls(1, false);
  EXPECT_FALSE(is_answering());
}

TEST_F(ChannelHealthTest, ItIsTheShareThatCounts) {
  calls(10, false);
  calls(10, true);
  EXPECT_FALSE(is_answering());
  calls(1, true);
  EXPECT_TRUE(is_answering());
  const auto record = health_.record("alipay", now_);
  EXPECT_EQ(record.answered, 11);
  EXPECT_EQ(record.unanswered, 10);
  EXPECT_EQ(record.delay_mean, base::milliseconds(100));
}

TEST_F(ChannelHealthTest, OneThatIsSlowIsNotAnswering) {
  calls(3, true, base::seconds(9));
  EXPECT_FALSE(is_answering());
}

TEST_F(ChannelHealthTest, ItComesBackByItselfWhenTheSilenceIsLongAgo) {
  calls(20, false);
  now_ = now_ + base::minutes(4);
  EXPECT_FALSE(is_answering());
  now_ = now_ + base::minutes(2);
  EXPECT_TRUE(is_answering());
  EXPECT_EQ(health_.record("alipay", now_).unanswered, 0);
}

TEST_F(ChannelHealthTest, OneChannelSaysNothingOfAnother) {
  calls(20, false);
  EXPECT_TRUE(health_.is_answering("wechatpay", now_));
}

}  // namespace
}  // namespace daozhang::lane
