// A page of an epay gateway's order list. The input is the value of `data`: as an array in a V1
// reply and as a signed text in a V2 one it is the same page.
#include "connectors/payment/epay/order_page.h"

#include <algorithm>

#include "connectors/payment/epay/test_account.h"
#include "domain/money/money.h"
#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace epay = connectors::payment::epay;
using epay::test_now;
using epay::Version;
using Page = base::Result<epay::OrderPage, ports::BillRefusal>;

constexpr std::int64_t line_no_first = 51;

Page read(Version version, std::string_view raw) {
  static const epay::Account v1 = epay::test_account(Version::v1);
  static const epay::Account v2 = epay::test_account(Version::v2);
  return epay::read_order_page(version == Version::v1 ? v1 : v2, raw, line_no_first, test_now);
}

void check_page(const epay::OrderPage& page) {
  CHECK(page.lines.size() <= page.order_count);
  std::int64_t before = line_no_first - 1;
  for (const ports::BillLine& line : page.lines) {
    CHECK(line.line_no > before);
    before = line.line_no;
    CHECK(line.kind == ports::BillLineKind::payment && line.refund_ref.empty());
    CHECK(line.amount_minor > 0 && line.amount_minor <= domain::amount_minor_max);
    CHECK(line.fee_minor == 0 && line.at.is_set());
    CHECK(!line.trade_ref.empty() && !line.trade_no.empty());
    CHECK(line.status == "1" || line.status == "2");
  }
  CHECK(before < line_no_first + static_cast<std::int64_t>(page.order_count));
}

}  // namespace

void epay_order_page(std::string_view bytes) {
  CHECK(!read(Version::v2, bytes));  // Without the key there is no page.
  std::string raw = R"({"code":1,"data":)";
  raw.append(bytes).append("}");
  const Page plain = read(Version::v1, raw);
  if (plain) check_page(*plain);

  static const epay::Merchant merchant = epay::test_merchant(Version::v2);
  const std::string signed_text =
      epay::render_reply(merchant, {{"data", std::string(bytes)}}, test_now);
  const Page proven = read(Version::v2, signed_text);
  if (proven) {
    check_page(*proven);
    std::string changed = signed_text;
    changed.insert(changed.find("\"data\":\"") + 8, " ");
    CHECK(read(Version::v2, changed).error() == ports::BillRefusal::unavailable);
  }
  const auto data = json::read(bytes, json::Numbers::as_text);
  if (!data || data->array() == nullptr || !plain) return;
  CHECK(proven && proven->lines == plain->lines && proven->order_count == plain->order_count);
  CHECK(proven->added.oldest == plain->added.oldest && proven->paid.oldest == plain->paid.oldest);
}

}  // namespace daozhang::fuzz
