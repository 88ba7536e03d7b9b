#include "connectors/payment/alipay/bill_reader.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/bill_writer.h"
#include "connectors/payment/alipay/test_account.h"
#include "text/encoding.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::BillLine;
using ports::BillLineKind;
using ports::BillRefusal;

std::optional<std::string> decode(std::string_view line) {
  auto text = text::Decoder(text::Encoding::gb18030).decode(line);
  if (!text) return std::nullopt;
  return std::move(*text);
}

struct Read {
  ports::BillResult result;
  std::vector<BillLine> lines;
  std::optional<bool> is_detail;
};

Read read(std::string_view utf8, std::size_t piece_bytes = 1000) {
  std::vector<BillLine> lines;
  BillReader reader(decode, [&](BillLine&& line) { lines.push_back(std::move(line)); });
  const std::string bytes = text::gb18030_of(utf8);
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes)
    if (!reader.feed(std::string_view(bytes).substr(at, piece_bytes))) break;
  ports::BillResult result = reader.finish();
  return {std::move(result), std::move(lines), reader.is_detail()};
}

std::vector<BillLine> sample() {
  const BillLine payment = {.kind = BillLineKind::payment,
                            .trade_ref = "D7Q2XK5M_1",
                            .trade_no = "2026112222001400000000000001",
                            .refund_ref = {},
                            .amount_minor = 990,
                            .fee_minor = 6,
                            .at = test_now,
                            .status = "交易"};
  BillLine refund = payment;
  refund.kind = BillLineKind::refund;
  refund.refund_ref = "D7Q2XK5M_r1u1";
  refund.amount_minor = 500;
  refund.fee_minor = -3;
  refund.status = "退款";
  BillLine large = payment;
  large.trade_no = "2026112222001400000000000002";
  large.amount_minor = 10'000'000'000;
  large.fee_minor = 0;
  return {payment, refund, large};
}

std::string sample_text() { return bill_detail("2088000000000001", "2026-11-22", sample()); }

std::string with(std::string text, std::string_view what, std::string_view instead) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), instead);
}

void expect_refused(const Read& read, BillRefusal refusal, std::string_view words) {
  ASSERT_FALSE(read.result.has_value());
  EXPECT_EQ(base::name_of(read.result.error().refusal), base::name_of(refusal));
  EXPECT_NE(read.result.error().problem.find(words), std::string::npos)
      << read.result.error().problem;
}

TEST(AlipayBill, RowsAreReadWhateverThePieces) {
  for (const std::size_t piece : {1, 2, 3, 7, 64, 100'000}) {
    const Read bill = read(sample_text(), piece);
    ASSERT_TRUE(bill.result.has_value()) << bill.result.error().problem;
    auto expected = sample();
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i].line_no = static_cast<std::int64_t>(i) + 6;
    EXPECT_EQ(bill.lines, expected);
    EXPECT_EQ(bill.result->payment_count, 2);
    EXPECT_EQ(bill.result->payment_minor, 10'000'000'990);
    EXPECT_EQ(bill.result->refund_count, 1);
    EXPECT_EQ(bill.result->refund_minor, 500);
    EXPECT_EQ(bill.result->fee_minor, 3);
  }
}

TEST(AlipayBill, ColumnsAreFoundByTheirNames) {
  const Read bill = read(
      "备注,服务费（元）,退款批次号/"
      "请求号,商家实收（元）,订单金额（元）,完成时间,业务类型,商户订单号,支付宝交易号\n"
      "\"a,\"\"b\",0.01,,9.80,9.90,2026-11-22 13:05:00,交易,D_1\t,2026\t\n");
  ASSERT_TRUE(bill.result.has_value()) << bill.result.error().problem;
  ASSERT_EQ(bill.lines.size(), 1U);
  EXPECT_EQ(bill.lines[0].trade_no, "2026");
  EXPECT_EQ(bill.lines[0].trade_ref, "D_1");
  EXPECT_EQ(bill.lines[0].amount_minor, 990);
  EXPECT_EQ(bill.lines[0].fee_minor, 1);
  EXPECT_EQ(bill.lines[0].at, test_now);
}

TEST(AlipayBill, ADayWithoutRowsIsABill) {
  const Read bill = read(bill_detail("2088", "2026-11-22", {}));
  ASSERT_TRUE(bill.result.has_value()) << bill.result.error().problem;
  EXPECT_EQ(*bill.result, ports::BillTotals{});
}

TEST(AlipayBill, TheSummaryIsKnownForWhatItIs) {
  const Read bill = read(bill_summary("2088", "2026-11-22", sample()));
  EXPECT_EQ(bill.is_detail, false);
  EXPECT_TRUE(bill.lines.empty());
  expect_refused(bill, BillRefusal::unreadable, "no list of trades");
}

TEST(AlipayBill, AMalformedRowIsRefusedWithItsLine) {
  const auto refused = [](std::string_view what, std::string_view instead, std::string_view words) {
    expect_refused(read(with(sample_text(), what, instead)), BillRefusal::unreadable, words);
  };
  refused("9.90", "9.9O", "line 6: an amount");
  refused("9.90", "9.900", "line 6: an amount");
  refused("9.90", "-9.90", "line 6: a payment is not over zero");
  refused("-5.00", "5.00", "line 7: a refund is not below zero");
  refused(",交易,", ",转账,", "line 6: the kind of business 转账");
  refused(",2026-11-22 13:05:00,\t", ",yesterday,\t", "line 6: the time");
  refused("payer@example.com", "a,b", "line 6: 26 cells under 25");
  refused("payer@example.com", "\"a", "line 6: a quotation mark");
  refused("2026112222001400000000000001\t", "\t", "line 6: there is no trade number");
  refused("服务费（元）", "服务费", "line 5: the column 服务费（元） is missing");
  refused("服务费（元）", "业务类型", "line 5: the column 业务类型 is there twice");
}

TEST(AlipayBill, SumsThatDifferMakeItNoBill) {
  expect_refused(read(with(sample_text(), "合计：2笔", "合计：3笔")), BillRefusal::totals_differ,
                 "payments: the bill says 3");
  expect_refused(read(with(sample_text(), "退款共-5.00", "退款共-5.01")),
                 BillRefusal::totals_differ, "the bill says 1 of -5.01 CNY, its lines are 1 of -5");
  expect_refused(read(with(sample_text(), "合计：2笔", "合计：两笔")), BillRefusal::unreadable,
                 "line 10: the sum can not be read");
}

TEST(AlipayBill, BytesThatAreNoTextAndEndlessLinesAreRefused) {
  std::size_t lines = 0;
  const auto reading = [&](std::string_view bytes) {
    BillReader reader(decode, [&](BillLine&&) { ++lines; });
    for (std::size_t at = 0; at < bytes.size(); at += 1000) reader.feed(bytes.substr(at, 1000));
    return Read{reader.finish(), {}, {}};
  };
  expect_refused(reading("#ok\n#\xFF\xFF\n"), BillRefusal::unreadable, "line 2: the bytes");
  expect_refused(reading("#ok\n" + std::string(70'000, 'x')), BillRefusal::unreadable,
                 "line 2: the line is over 64 KiB");
  expect_refused(reading(""), BillRefusal::unreadable, "no list of trades");
  expect_refused(reading("<html>error</html>"), BillRefusal::unreadable, "no list of trades");
  EXPECT_EQ(lines, 0U);
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
