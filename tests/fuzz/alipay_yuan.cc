// Money as decimal text and times without a zone: what is read is exact, and what is exact is read.
#include "connectors/payment/alipay/yuan.h"

#include "base/instant.h"
#include "domain/money/money.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace alipay = connectors::payment::alipay;

// The amount with exactly two decimals, or nothing: the same grammar by another way.
std::string with_two_decimals(std::string_view text) {
  std::string whole(text.substr(0, text.find('.')));
  std::string decimals(text.size() > whole.size() ? text.substr(whole.size() + 1) : "00");
  if (decimals.size() == 1) decimals += '0';
  if (whole.empty() || decimals.size() != 2) return {};
  if ((whole + decimals).find_first_not_of("0123456789") != std::string::npos) return {};
  if (whole.size() > 1 && whole.front() == '0') return {};
  return whole + "." + decimals;
}

bool is_over_the_limit(const std::string& amount) {
  const std::string most = domain::decimal_of_minor(domain::amount_minor_max);
  if (amount.size() != most.size()) return amount.size() > most.size();
  return amount > most;
}

}  // namespace

void alipay_yuan(std::string_view bytes) {
  const std::string amount = with_two_decimals(bytes);
  const auto minor = alipay::minor_of_yuan(bytes);
  CHECK(minor.has_value() == (!amount.empty() && !is_over_the_limit(amount)));
  if (minor) {
    CHECK(*minor >= 0 && *minor <= domain::amount_minor_max);
    CHECK(domain::decimal_of_minor(*minor) == amount);
  }
  if (const auto at = base::from_local_seconds(bytes, base::beijing_offset)) {
    const std::string written = base::to_local_seconds(*at, base::beijing_offset);
    CHECK(written == bytes.substr(0, written.size()));
  }
  if (const auto at = base::from_rfc3339(bytes)) {
    const auto again = base::from_rfc3339(base::to_rfc3339(*at));
    CHECK(again && at->micros - again->micros >= 0 && at->micros - again->micros < 1000);
  }
}

}  // namespace daozhang::fuzz
