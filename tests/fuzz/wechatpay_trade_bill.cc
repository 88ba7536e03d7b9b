// WeChat Pay's trade bill, in pieces: wherever it is cut it reads the same, and what is read adds
// up. And one of two sales of ours: whatever a product is called, numbers and money stay what they
// are.
#include "connectors/payment/wechatpay/trade_bill.h"

#include "connectors/payment/wechatpay/trade_bill_writer.h"
#include "domain/money/money.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/pieces.h"

namespace daozhang::fuzz {
namespace {

namespace wechatpay = connectors::payment::wechatpay;
using ports::BillLine;
using ports::BillLineKind;

constexpr std::string_view mchid = "1900000001";

struct Read {
  base::Result<ports::BillTotals, ports::BillRefusal> totals;
  std::vector<BillLine> lines;
  std::string problem;
};

Read read(std::string_view file, std::string_view sizes) {
  std::vector<BillLine> lines;
  wechatpay::TradeBillReader reader(std::string(mchid), {},
                                    [&](BillLine&& line) { lines.push_back(std::move(line)); });
  in_pieces(file, sizes, [&](std::string_view piece) { return reader.feed(piece); });
  const auto totals = reader.finish();
  return {totals, std::move(lines), reader.problem()};
}

ports::BillTotals sum_of(const std::vector<BillLine>& lines) {
  ports::BillTotals totals;
  for (const BillLine& line : lines) {
    CHECK(line.amount_minor > 0 && line.amount_minor <= domain::amount_minor_max);
    CHECK(line.fee_minor <= line.amount_minor && line.fee_minor >= -line.amount_minor);
    const bool refund = line.kind == BillLineKind::refund;
    CHECK(refund || line.refund_ref.empty());
    ++(refund ? totals.refund_count : totals.payment_count);
    (refund ? totals.refund_minor : totals.payment_minor) += line.amount_minor;
    totals.fee_minor += line.fee_minor;
  }
  return totals;
}

std::vector<BillLine> two_sales() {
  BillLine paid;
  paid.line_no = 2;
  paid.trade_ref = "D7Q2XK5M_1";
  paid.trade_no = "4200000263202611221677001342";
  paid.amount_minor = 990;
  paid.fee_minor = 6;
  paid.at = base::Instant{1'795'323'900'000'000};
  paid.status = "SUCCESS";
  BillLine refunded = paid;
  refunded.line_no = 3;
  refunded.kind = BillLineKind::refund;
  refunded.refund_ref = "R1";
  refunded.amount_minor = 400;
  refunded.fee_minor = -2;
  return {paid, refunded};
}

void check_names(std::string_view product, std::string_view attach, std::string_view sizes) {
  const std::vector<BillLine> sales = two_sales();
  wechatpay::TradeBillWriter writer(std::string(mchid), "wxd678efh567hg6787");
  for (const BillLine& line : sales) writer.add(line, product, attach);
  const Read bill = read(writer.finish(), sizes);
  CHECK(bill.totals && bill.lines == sales);
  CHECK(read(writer.finish(1), sizes).totals.error() == ports::BillRefusal::totals_differ);
}

}  // namespace

// First the sizes of the pieces, then the file.
void wechatpay_trade_bill(std::string_view bytes) {
  Input input(bytes);
  const std::string_view sizes = input.line();
  const std::string_view file = input.rest();
  const Read whole = read(file, {});
  const Read pieces = read(file, sizes);
  CHECK(whole.totals == pieces.totals && whole.lines == pieces.lines);
  CHECK(whole.problem == pieces.problem);
  const ports::BillTotals totals = sum_of(whole.lines);
  if (whole.totals) CHECK(*whole.totals == totals && whole.problem.empty());
  const std::string_view product = input.line();
  check_names(product, input.line(), sizes);
}

}  // namespace daozhang::fuzz
