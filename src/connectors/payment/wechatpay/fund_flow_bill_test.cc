#include "connectors/payment/wechatpay/fund_flow_bill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/payment/wechatpay/test_account.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

const std::string bill =
    "\xEF\xBB\xBF记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
    "账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号\n"
    "`2026-11-22 13:05:00,`4200000263,`F1,`交易,`交易,`收入,`9.90,`9.90,`system,`,`D7Q2XK5M_1\n"
    "`2026-11-22 13:06:00,`5000000970,`F2,`退款,`退款,`支出,`4.00,`5.90,`1900000001API,`缺货,`R1\n"
    "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n"
    "`2.0,`1.0,`9.90,`1.0,`4.00\n";

struct Done {
  std::string outcome;
  std::vector<FundFlowLine> lines;
  FundFlowTotals totals;
};

Done read(std::string_view text, std::size_t piece_size = 9, std::string sha1_hex = {}) {
  Done done;
  FundFlowBillReader reader(std::move(sha1_hex),
                            [&](FundFlowLine&& line) { done.lines.push_back(std::move(line)); });
  for (std::size_t at = 0; at < text.size(); at += piece_size) {
    reader.feed(text.substr(at, piece_size));
  }
  const auto totals = reader.finish();
  done.outcome = totals ? "read" : std::string(base::name_of(totals.error()));
  if (totals) done.totals = *totals;
  if (!reader.problem().empty()) done.outcome += ", " + reader.problem();
  return done;
}
std::string outcome_with(std::string_view from, std::string_view to) {
  return read(replaced(bill, from, to)).outcome;
}

TEST(WechatpayFundFlow, LinesAndTotalsAreRead) {
  const Done done = read(bill);
  ASSERT_EQ(done.outcome, "read");
  ASSERT_EQ(done.lines.size(), 2u);
  const FundFlowLine& out = done.lines.back();
  EXPECT_EQ(out.line_no, 3);
  EXPECT_EQ(out.at, test_now + base::minutes(1));
  EXPECT_EQ(out.business_no, "5000000970");
  EXPECT_EQ(out.flow_no, "F2");
  EXPECT_EQ(out.business_name, "退款");
  EXPECT_EQ(out.business_type, "退款");
  EXPECT_EQ(out.direction, FundDirection::out);
  EXPECT_EQ(out.amount_minor, 400);
  EXPECT_EQ(out.balance_minor, 590);
  EXPECT_EQ(out.remark, "缺货");
  EXPECT_EQ(out.voucher_no, "R1");
  EXPECT_EQ(done.lines.front().direction, FundDirection::in);
  EXPECT_EQ(done.totals,
            (FundFlowTotals{.in_count = 1, .in_minor = 990, .out_count = 1, .out_minor = 400}));
}

TEST(WechatpayFundFlow, WideBracketsRemarksWithMarksAndDebtsAreRead) {
  EXPECT_EQ(outcome_with("收支金额(元),账户结余(元)", "收支金额（元）,账户结余（元）"), "read");
  const Done odd = read(replaced(bill, "`缺货", "`缺货,`9.90,"));
  EXPECT_EQ(odd.outcome, "read");
  EXPECT_EQ(odd.lines.back().remark, "缺货,`9.90,");
  EXPECT_EQ(odd.lines.back().voucher_no, "R1");
  EXPECT_EQ(outcome_with("`5.90", "`-5.90"), "read");
}

TEST(WechatpayFundFlow, WhatCanNotBeRightIsRefused) {
  EXPECT_EQ(outcome_with("收支类型", "类型"), "unreadable, line 1: columns_differ");
  for (const auto& [from, to] :
       std::initializer_list<std::pair<const char*, const char*>>{{"`支出", "`其他"},
                                                                  {"`4.00,", "`-4.00,"},
                                                                  {"`4.00,", "`4.001,"},
                                                                  {"22 13:06", "22 25:06"},
                                                                  {"`5.90", "`5,90"}}) {
    EXPECT_EQ(outcome_with(from, to), "unreadable, line 3: row_unreadable") << from;
  }
  EXPECT_EQ(outcome_with("`2.0,`1.0", "`3.0,`1.0"), "totals_differ");
  EXPECT_EQ(outcome_with("`1.0,`4.00\n", "`1.0,`4.01\n"), "totals_differ");
  EXPECT_EQ(read(bill.substr(0, bill.find("资金流水总笔数"))).outcome,
            "unreadable, line 3: summary_missing");
  EXPECT_EQ(read(bill, 100, std::string(40, '0')).outcome, "hash_differs");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
