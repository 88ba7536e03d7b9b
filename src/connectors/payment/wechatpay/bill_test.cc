#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/payment/wechatpay/bill_reply.h"
#include "connectors/payment/wechatpay/test_account.h"
#include "connectors/payment/wechatpay/trade_bill.h"
#include "connectors/payment/wechatpay/trade_bill_writer.h"
#include "connectors/payment/wechatpay/yuan.h"
#include "domain/money/money.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::BillLine;
using ports::BillLineKind;

const std::string mchid = "1900000001";

BillLine payment() {
  BillLine line;
  line.kind = BillLineKind::payment;
  line.trade_ref = "D7Q2XK5M_1";
  line.trade_no = "4200000263202611221677001342";
  line.amount_minor = 990;
  line.fee_minor = 6;
  line.at = test_now;
  line.status = "SUCCESS";
  return line;
}
BillLine refund() {
  BillLine line = payment();
  line.kind = BillLineKind::refund;
  line.refund_ref = "R1";
  line.amount_minor = 400;
  line.fee_minor = -2;
  return line;
}

std::string bill(std::string_view product = "Steam 充值卡", std::string_view attach = {}) {
  TradeBillWriter writer(mchid, "wxd678efh567hg6787");
  writer.add(payment(), product, attach);
  writer.add(refund(), product, attach);
  return writer.finish();
}

struct Done {
  std::string outcome;
  std::vector<BillLine> lines;
  ports::BillTotals totals;
  std::string problem;
};

Done read(std::string_view text, std::size_t piece_size = 1 << 20, std::string sha1_hex = {}) {
  Done done;
  TradeBillReader reader(mchid, std::move(sha1_hex),
                         [&](BillLine&& line) { done.lines.push_back(std::move(line)); });
  for (std::size_t at = 0; at < text.size(); at += piece_size) {
    reader.feed(text.substr(at, piece_size));
  }
  const auto totals = reader.finish();
  done.outcome = totals ? "read" : std::string(base::name_of(totals.error()));
  if (totals) done.totals = *totals;
  done.problem = reader.problem();
  return done;
}

std::string outcome_with(std::string_view from, std::string_view to) {
  return read(replaced(bill(), from, to)).outcome;
}

TEST(WechatpayBill, LinesAndTotalsAreReadWhateverThePieces) {
  const std::string text = bill();
  BillLine first = payment();
  first.line_no = 2;
  BillLine second = refund();
  second.line_no = 3;
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}, text.size()}) {
    const Done done = read(text, size);
    ASSERT_EQ(done.outcome, "read") << done.problem;
    EXPECT_THAT(done.lines, testing::ElementsAre(first, second));
    EXPECT_EQ(done.totals, (ports::BillTotals{.payment_count = 1,
                                              .payment_minor = 990,
                                              .refund_count = 1,
                                              .refund_minor = 400,
                                              .fee_minor = 4}));
  }
}

TEST(WechatpayBill, ADayOnWhichNothingWasSoldIsABillToo) {
  const Done done = read(TradeBillWriter(mchid, "wx").finish());
  EXPECT_EQ(done.outcome, "read") << done.problem;
  EXPECT_TRUE(done.lines.empty());
}

TEST(WechatpayBill, MarkLineEndsAndLastLineMayDiffer) {
  const std::string text = bill();
  EXPECT_EQ(read(text.substr(3)).outcome, "read");
  EXPECT_EQ(read(text.substr(0, text.size() - 1)).outcome, "read");
  std::string with_returns;
  for (const char c : text) with_returns += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(read(with_returns).outcome, "read");
  EXPECT_EQ(read(text + "\n").outcome, "read");
}

TEST(WechatpayBill, ProductNamesMayLookLikeCells) {
  for (const char* product : {"a,b", ",", "a,`b,`c", "`", "9.90,`", "总交易单数"}) {
    const Done done = read(bill(product, "x,`y"), 5);
    EXPECT_EQ(done.outcome, "read") << product << " " << done.problem;
    EXPECT_EQ(done.lines.front().amount_minor, 990);
    EXPECT_EQ(done.totals.fee_minor, 4);
  }
}

TEST(WechatpayBill, ColumnsAreFoundByNameNotByPlace) {
  const std::string text =
      "商户订单号,微信订单号,交易时间,商户号,交易状态,货币种类,订单金额,申请退款金额,手续费,"
      "退款状态,"
      "商户退款单号,新的\n"
      "`D7Q2XK5M_1,`42,`2026-11-22 "
      "13:05:00,`1900000001,`SUCCESS,`CNY,`9.90,`0.00,`0.06000,`,`0,`x\n"
      "手续费总金额,总交易单数,申请退款总金额,订单总金额\n"
      "`0.06,`1,`0.00,`9.90\n";
  const Done done = read(text);
  EXPECT_EQ(done.outcome, "read") << done.problem;
  EXPECT_EQ(done.lines.front().trade_no, "42");
}

TEST(WechatpayBill, AMissingOrRepeatedColumnIsUnreadable) {
  EXPECT_EQ(read(replaced(bill(), "申请退款金额,费率备注", "退款,费率备注")).problem,
            "line 1: columns_differ");
  EXPECT_EQ(read(replaced(bill(), "费率备注", "手续费")).problem, "line 1: columns_differ");
  EXPECT_EQ(outcome_with("\n总交易单数", "\n总单数"), "unreadable");
}

TEST(WechatpayBill, ARowThatCanNotBeRightIsUnreadable) {
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {"%,`9.90", "%,`9.9x"},
           {"`SUCCESS", "`PAID"},
           {"`CNY", "`USD"},
           {"`1900000001", "`1900000002"},
           {"2026-11-22 13", "2026-13-22 13"},
           {"0.06000", "0.060000"},
           {"`NATIVE,", ""}}) {
    EXPECT_EQ(outcome_with(from, to), "unreadable") << from;
  }
  EXPECT_EQ(read(replaced(bill(), "`SUCCESS", "`PAID")).problem, "line 2: row_unreadable");
  EXPECT_EQ(read(replaced(bill(), "`NATIVE,", "")).problem, "line 2: cell_count_differs");
}

TEST(WechatpayBill, ACutBillIsNone) {
  const std::string text = bill();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{100}, text.find("总交易单数"), text.rfind('`')}) {
    EXPECT_EQ(read(text.substr(0, size)).outcome, "unreadable") << size;
  }
  EXPECT_EQ(read(text + "more\n").outcome, "unreadable");
}

TEST(WechatpayBill, TooLongALineIsRefusedWithoutKeepingIt) {
  const std::string text = replaced(bill(), "Steam", std::string(70'000, 'x'));
  EXPECT_EQ(read(text, 1000).problem, "line 2: line_too_long");
  EXPECT_EQ(read(text).problem, "line 2: line_too_long");
}

TEST(WechatpayBill, LinesThatDoNotAddUpAreNoBill) {
  TradeBillWriter writer(mchid, "wx");
  writer.add(payment(), "x");
  EXPECT_EQ(read(writer.finish(1)).outcome, "totals_differ");
  EXPECT_EQ(read(writer.finish()).outcome, "read");
  EXPECT_EQ(outcome_with("`2.0,", "`3.0,"), "totals_differ");
  EXPECT_EQ(outcome_with("`9.90,`4.00\n", "`9.91,`4.00\n"), "totals_differ");
  EXPECT_EQ(outcome_with("`9.90,`4.00\n", "`9.90,`4.01\n"), "totals_differ");
}

TEST(WechatpayBill, TheHashOfTheFileIsChecked) {
  const std::string text = bill();
  crypto::Sha1 sha1;
  sha1.update(text);
  const std::string hash = sha1.finish_hex();
  EXPECT_EQ(read(text, 11, hash).outcome, "read");
  EXPECT_EQ(read(text, 11, std::string(40, '0')).outcome, "hash_differs");
  EXPECT_EQ(read(text + "x", 11, hash).outcome, "hash_differs");
}

TEST(WechatpayBill, TheReplyNamesFileAndHash) {
  const Account account = test_account();
  const auto outcome = [&](int status, std::string body, bool proven = true) {
    Reply reply = test_reply(status, std::move(body));
    if (!proven) reply.headers.clear();
    const auto address = read_bill_reply(account.platform_keys, reply, test_now);
    return address ? address->download_url : std::string(base::name_of(address.error()));
  };
  const std::string good =
      R"({"hash_type":"SHA1","hash_value":"79bb0f45fc4c42234a918000b2668d689e2bde04",)"
      R"("download_url":"https://api.mch.weixin.qq.com/v3/billdownload/file?token=x"})";
  EXPECT_EQ(outcome(200, good), "https://api.mch.weixin.qq.com/v3/billdownload/file?token=x");
  EXPECT_EQ(outcome(200, good, false), "unavailable");
  EXPECT_EQ(outcome(200, "{}"), "unreadable");
  EXPECT_EQ(outcome(200, replaced(good, "SHA1", "MD5")), "unreadable");
  EXPECT_EQ(outcome(200, replaced(good, "79bb", "79")), "unreadable");
  EXPECT_EQ(outcome(400, render_error("STATEMENT_CREATING", "")), "not_ready");
  EXPECT_EQ(outcome(400, render_error("NO_STATEMENT_EXIST", "")), "empty_day");
  EXPECT_EQ(outcome(403, render_error("NO_AUTH", "")), "refused");
  EXPECT_EQ(outcome(429, render_error("FREQUENCY_LIMITED", "")), "unavailable");
  EXPECT_EQ(outcome(500, ""), "unavailable");
}

TEST(WechatpayYuan, IsReadExactlyOrNotAtAll) {
  EXPECT_EQ(yuan_100000ths("0.00600"), 600);
  EXPECT_EQ(yuan_100000ths("-0.01"), -1000);
  EXPECT_EQ(yuan_100000ths("45.0"), 4'500'000);
  EXPECT_EQ(fen_of_yuan("9.90"), 990);
  EXPECT_EQ(fen_of_yuan("9.901"), std::nullopt);
  EXPECT_EQ(fen_of_yuan("-9.90"), std::nullopt);
  for (const char* text :
       {"", "-", ".", "1.", ".5", "+1", "1e2", " 1", "1,000", "0.000001", "1234567890123", "--1"}) {
    EXPECT_EQ(yuan_100000ths(text), std::nullopt) << text;
  }
  EXPECT_EQ(nearest_fen(600), 1);
  EXPECT_EQ(nearest_fen(500), 1);
  EXPECT_EQ(nearest_fen(499), 0);
  EXPECT_EQ(nearest_fen(-600), -1);
  EXPECT_EQ(domain::decimal_of_minor(5), "0.05");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
