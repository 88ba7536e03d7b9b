// The shop's requests as the sandbox's gateway reads them: as they are none is taken, and signed
// with a test key what is taken is what was signed. The first line is an amount or a time limit.
#include "connectors/payment/alipay/form_fields.h"
#include "connectors/payment/alipay/test_account.h"
#include "connectors/payment/alipay/yuan.h"
#include "domain/money/money.h"
#include "sandbox/alipay_wire.h"
#include "sandbox/alipay_words.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace alipay = connectors::payment::alipay;

const sandbox::AlipayWire& wire() {
  static const sandbox::AlipayWire made(alipay::test_settings().app_id,
                                        alipay::test_app_key().public_key(),
                                        alipay::test_alipay_key());
  return made;
}

// Both sides read money alike; zero is no amount for a trade.
void check_words(std::string_view text) {
  const auto minor = alipay::minor_of_yuan(text);
  const auto theirs = sandbox::yuan_to_minor(text);
  if (theirs)
    CHECK(*theirs > 0 && sandbox::minor_to_yuan(*theirs) == domain::decimal_of_minor(*theirs));
  if (minor && *minor > 0) CHECK(theirs == minor);
  const auto end = sandbox::after_express(text, alipay::test_now);
  if (end) CHECK(*end > alipay::test_now && *end - alipay::test_now <= base::hours(24 * 15));
}

}  // namespace

void sandbox_gateway(std::string_view bytes) {
  Input input(bytes);
  check_words(input.line());
  const std::string_view query = input.line();
  const std::string_view body = input.rest();
  CHECK(!wire().read(query, body));
  CHECK(sandbox::AlipayWire::method_named(query, body).size() <= 128);

  auto fields = alipay::decode_form(body);
  if (!fields) return;
  std::erase_if(*fields, [](const auto& part) { return part.first == "sign"; });
  alipay::sign_request(*fields, alipay::test_app_key());
  const auto request = wire().read({}, alipay::encode_form(*fields));
  if (!request) {
    CHECK(request.error().code == "40001" || request.error().code == "40002");
    CHECK(request.error().sub_code != "isv.invalid-signature");
    return;
  }
  CHECK(request->method == alipay::field(*fields, "method"));
  CHECK(request->notify_url == alipay::field(*fields, "notify_url"));
  const std::string foreign = alipay::encode_form(*fields) + "&more=1";
  CHECK(!wire().read({}, foreign));
}

}  // namespace daozhang::fuzz
