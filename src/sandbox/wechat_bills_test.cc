// WeChat Pay's bills of the sandbox, fetched and read as the shop does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>

#include "connectors/payment/wechatpay/bill_reply.h"
#include "connectors/payment/wechatpay/fund_flow_bill.h"
#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/trade_bill.h"
#include "sandbox/test_wechat.h"

namespace daozhang::sandbox {
namespace {

using ports::BillLine;
using ports::BillRefusal;
using ports::Outcome;
using ports::PaymentCallKind;

std::string day_of(base::Instant t) {
  return base::to_local_seconds(t, base::beijing_offset).substr(0, 10);
}

class WechatBillsTest : public WechatConnectorTest {
 protected:
  struct File {
    std::string sha1;
    std::string text;
  };

  net::OutgoingResult send(const wechatpay::SignedCall& made) {
    net::OutgoingRequest request;
    request.url = made.url;
    for (const auto& [name, value] : made.headers) request.headers.push_back({name, value});
    return call(std::move(request));
  }
  wechatpay::Stamp stamp() {
    return {World::now(), std::string(30, 'a') + std::to_string(10 + stamps_++)};
  }
  base::Result<File, BillRefusal> fetch(const wechatpay::SignedCall& made) {
    const auto result = send(made);
    wechatpay::Reply reply;
    reply.status = result.status;
    reply.body = result.body;
    for (std::size_t i = 0; i < result.headers.size(); ++i)
      reply.headers.emplace_back(result.headers.at(i).name, result.headers.at(i).value);
    const auto address = wechatpay::read_bill_reply(account_.platform_keys, reply, World::now());
    if (!address) return base::refuse(address.error());
    const auto wanted = wechatpay::download_call(account_, address->download_url, stamp());
    EXPECT_TRUE(wanted) << address->download_url;
    return File{address->sha1_hex, send(*wanted).body};
  }
  base::Result<ports::BillTotals, BillRefusal> trade_bill(const std::string& day) {
    lines_.clear();
    const auto file = fetch(wechatpay::trade_bill_call(account_, day, stamp()));
    if (!file) return base::refuse(file.error());
    EXPECT_TRUE(file->text.starts_with("\xEF\xBB\xBF"));
    wechatpay::TradeBillReader reader(wechat_mchid, file->sha1,
                                      [&](BillLine&& line) { lines_.push_back(std::move(line)); });
    reader.feed(file->text);
    return reader.finish();
  }
  std::string outcome(const std::string& day) {
    const auto read = trade_bill(day);
    return read ? "read" : std::string(base::name_of(read.error()));
  }
  // A payment, and another that was given back.
  void make_a_day() {
    const auto port = channel();
    paid_trade(*port, "TRADE1");
    paid_trade(*port, "TRADE2");
    ASSERT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE2").outcome, Outcome::done);
    ASSERT_EQ(ask_for(*port, PaymentCallKind::create, "UNPAID").outcome, Outcome::done);
  }
  void SetUp() override { make_a_day(); }

  const wechatpay::Account account_ =
      wechatpay::read_account(account_settings(ports::Way::qr)).value();
  const std::string today_ = day_of(World::now());
  std::vector<BillLine> lines_;
  int stamps_ = 0;
};

TEST_F(WechatBillsTest, ADaysPaymentsAndRefundsStandInItsBill) {
  const auto totals = trade_bill(today_);
  ASSERT_TRUE(totals) << base::name_of(totals.error());
  EXPECT_EQ(totals->payment_count, 2);
  EXPECT_EQ(totals->payment_minor, 1'980);
  EXPECT_EQ(totals->refund_minor, 990);
  EXPECT_EQ(totals->fee_minor, 6);
  ASSERT_EQ(lines_.size(), 3u);
  EXPECT_EQ(lines_[0].trade_ref, "TRADE1");
  EXPECT_EQ(lines_[2].trade_ref, "TRADE2");
  EXPECT_EQ(lines_[2].refund_ref, "R1");
  EXPECT_EQ(lines_[2].kind, ports::BillLineKind::refund);
}

TEST_F(WechatBillsTest, TheFundFlowHasPaymentsRefundsAndFees) {
  const auto file = fetch(wechatpay::fund_flow_bill_call(account_, today_, stamp()));
  ASSERT_TRUE(file) << base::name_of(file.error());
  std::vector<std::string> names;
  wechatpay::FundFlowBillReader reader(
      file->sha1, [&](wechatpay::FundFlowLine&& line) { names.push_back(line.business_name); });
  reader.feed(file->text);
  const auto totals = reader.finish();
  ASSERT_TRUE(totals) << base::name_of(totals.error()) << reader.problem();
  EXPECT_EQ(totals->in_minor - totals->out_minor, 990 - 6);
  EXPECT_THAT(names, testing::ElementsAre("交易", "扣除交易手续费", "交易", "扣除交易手续费",
                                          "退款", "退还交易手续费"));
}

TEST_F(WechatBillsTest, ADayWithoutAnythingHasNoBill) {
  EXPECT_EQ(outcome("2020-01-01"), "empty_day");
  EXPECT_EQ(outcome("2020-13-01"), "refused");
  fault("bill_creating", R"({"on":true,"times":1})");
  EXPECT_EQ(outcome(today_), "not_ready");
  EXPECT_EQ(outcome(today_), "read");
}

TEST_F(WechatBillsTest, ADamagedFileIsSeenAndAFalseOneIsNot) {
  fault("bill_wrong_hash", R"({"on":true,"times":1})");
  EXPECT_EQ(outcome(today_), "hash_differs");
  fault("bill_wrong_totals", R"({"on":true,"times":1})");
  EXPECT_EQ(outcome(today_), "totals_differ");
  fault("bill_line_missing", R"({"on":true,"times":1})");
  EXPECT_EQ(outcome(today_), "read");
  EXPECT_EQ(lines_.size(), 2u);
  fault("bill_line_extra", R"({"on":true,"times":1})");
  EXPECT_EQ(outcome(today_), "read");
  ASSERT_EQ(lines_.size(), 4u);
  EXPECT_TRUE(lines_[3].trade_ref.starts_with("FOREIGN"));
  fault("bill_other_amount", R"({"on":true,"times":1,"minor":-90})");
  EXPECT_EQ(outcome(today_), "read");
  EXPECT_EQ(lines_[0].amount_minor, 900);
  EXPECT_EQ(outcome(today_), "read");
  EXPECT_EQ(lines_[0].amount_minor, 990);
}

// As the shop's own channel fetches both bills; what moved, by what it moved for.
TEST_F(WechatBillsTest, BothBillsAgreeUnlessTheFundFlowIsFalse) {
  const auto port = channel();
  const auto fetched = [&] {
    std::map<std::string, std::int64_t> nets;
    std::promise<ports::BillResult> done;
    port->fetch_bill(
        today_,
        [&](BillLine&& line) {
          const std::int64_t net = line.amount_minor - line.fee_minor;
          if (line.kind == ports::BillLineKind::fund_due) nets[line.trade_no] -= net;
          if (line.kind == ports::BillLineKind::fund_moved) nets[line.trade_no] += net;
        },
        [&](ports::BillResult result) { done.set_value(std::move(result)); });
    const auto result = done.get_future().get();
    EXPECT_TRUE(result) << result.error().problem;
    std::vector<std::int64_t> differ;
    for (const auto& [number, net] : nets)
      if (net != 0) differ.push_back(net);
    return differ;
  };
  using testing::ElementsAre;
  EXPECT_THAT(fetched(), ElementsAre());
  fault("fund_line_missing", R"({"on":true,"times":1})");
  EXPECT_THAT(fetched(), ElementsAre(-984));
  fault("fund_other_fee", R"({"on":true,"times":1,"minor":2})");
  EXPECT_THAT(fetched(), ElementsAre(-2));
  fault("fund_line_extra", R"({"on":true,"times":1})");
  EXPECT_THAT(fetched(), ElementsAre(99));
  fault("bill_line_missing", R"({"on":true,"times":1})");
  EXPECT_THAT(fetched(), ElementsAre(984));
  EXPECT_THAT(fetched(), ElementsAre());
}

TEST_F(WechatBillsTest, ADaysBillCanTellWhatHappenedLater) {
  const std::string yesterday = day_of(World::now() - base::hours(24));
  EXPECT_EQ(outcome(yesterday), "empty_day");
  fault("bill_days_later", R"({"on":true,"days":1})");
  EXPECT_EQ(outcome(yesterday), "read");
  ASSERT_EQ(lines_.size(), 3u);
  EXPECT_EQ(day_of(lines_[0].at), yesterday);
}

TEST_F(WechatBillsTest, TheFileIsForTheMerchantOnly) {
  EXPECT_EQ(get(url_ + "/v3/billdownload/file?token=1").status, 401);
  const auto gone =
      wechatpay::download_call(account_, url_ + "/v3/billdownload/file?token=1", stamp());
  EXPECT_EQ(send(*gone).status, 404);
}

}  // namespace
}  // namespace daozhang::sandbox
