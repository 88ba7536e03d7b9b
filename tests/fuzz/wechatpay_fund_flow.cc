// WeChat Pay's fund-flow bill, in pieces: wherever it is cut it reads the same, and what is read
// adds up.
#include "connectors/payment/wechatpay/fund_flow_bill.h"
#include "domain/money/money.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/pieces.h"

namespace daozhang::fuzz {
namespace {

namespace wechatpay = connectors::payment::wechatpay;
using wechatpay::FundDirection;
using wechatpay::FundFlowLine;
using wechatpay::FundFlowTotals;

struct Read {
  base::Result<FundFlowTotals, ports::BillRefusal> totals;
  std::vector<FundFlowLine> lines;
  std::string problem;
};

Read read(std::string_view file, std::string_view sizes, std::string sha1_hex = {}) {
  std::vector<FundFlowLine> lines;
  wechatpay::FundFlowBillReader reader(
      std::move(sha1_hex), [&](FundFlowLine&& line) { lines.push_back(std::move(line)); });
  in_pieces(file, sizes, [&](std::string_view piece) { return reader.feed(piece); });
  const auto totals = reader.finish();
  return {totals, std::move(lines), reader.problem()};
}

std::string hash_of(std::string_view file) {
  crypto::Sha1 sha1;
  sha1.update(file);
  return sha1.finish_hex();
}

}  // namespace

// First the sizes of the pieces, then the file.
void wechatpay_fund_flow(std::string_view bytes) {
  Input input(bytes);
  const std::string_view sizes = input.line();
  const std::string_view file = input.rest();
  const Read whole = read(file, {});
  const Read pieces = read(file, sizes);
  CHECK(whole.totals == pieces.totals && whole.lines == pieces.lines);
  CHECK(whole.problem == pieces.problem);
  FundFlowTotals totals;
  for (const FundFlowLine& line : whole.lines) {
    CHECK(line.amount_minor >= 0 && line.amount_minor <= domain::amount_minor_max);
    const bool in = line.direction == FundDirection::in;
    ++(in ? totals.in_count : totals.out_count);
    (in ? totals.in_minor : totals.out_minor) += line.amount_minor;
  }
  if (!whole.totals) return;
  CHECK(*whole.totals == totals && whole.problem.empty());
  // Only of the file that the channel promised.
  const std::string hash = hash_of(file);
  CHECK(read(file, sizes, hash).totals == whole.totals);
  const std::string more = std::string(file) + "\n";
  CHECK(read(more, sizes, hash).totals.error() == ports::BillRefusal::hash_differs);
}

}  // namespace daozhang::fuzz
