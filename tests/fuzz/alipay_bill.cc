// A bill's list of trades, in pieces: wherever it is cut it reads the same, and what is read adds
// up.
#include "connectors/payment/alipay/bill_reader.h"
#include "tests/fuzz/input.h"
#include "text/encoding.h"

namespace daozhang::fuzz {
namespace {

namespace alipay = connectors::payment::alipay;

struct Read {
  ports::BillResult result;
  std::vector<ports::BillLine> lines;
};

Read read(std::string_view bytes, std::size_t piece_bytes) {
  text::Decoder decoder(text::Encoding::gb18030);
  std::vector<ports::BillLine> lines;
  alipay::BillReader reader(
      [&](std::string_view line) -> std::optional<std::string> {
        auto text = decoder.decode(line);
        if (!text) return std::nullopt;
        return std::move(*text);
      },
      [&](ports::BillLine&& line) { lines.push_back(std::move(line)); });
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size())))
    if (!reader.feed(bytes.substr(0, piece_bytes))) break;
  ports::BillResult result = reader.finish();
  return {std::move(result), std::move(lines)};
}

}  // namespace

// First a choice of how many bytes a piece has, then the file.
void alipay_bill(std::string_view bytes) {
  Input input(bytes);
  const std::size_t piece_bytes = input.choice(64) + 1;
  input.line();
  const Read whole = read(input.rest(), 1 << 20);
  const Read pieces = read(input.rest(), piece_bytes);
  CHECK(whole.result == pieces.result);
  CHECK(whole.lines == pieces.lines);
  if (!whole.result) return;
  ports::BillTotals totals;
  for (const auto& line : whole.lines) {
    CHECK(line.amount_minor > 0);
    CHECK(!line.trade_no.empty());
    const bool is_refund = line.kind == ports::BillLineKind::refund;
    ++(is_refund ? totals.refund_count : totals.payment_count);
    (is_refund ? totals.refund_minor : totals.payment_minor) += line.amount_minor;
    totals.fee_minor += line.fee_minor;
  }
  CHECK(totals == *whole.result);
}

}  // namespace daozhang::fuzz
