// Notifications. As they are: without Alipay's key none counts. Signed with a test key: what counts
// is exact, about our account, and changing it afterwards makes it count for nothing.
#include "connectors/payment/alipay/notice.h"

#include "connectors/payment/alipay/test_account.h"
#include "connectors/payment/alipay/yuan.h"
#include "domain/money/money.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace alipay = connectors::payment::alipay;
using ports::NoticeRefusal;

constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

void check_taken(const alipay::FormFields& fields, const alipay::Notice& notice) {
  CHECK(notice.amount_minor > 0 && notice.amount_minor <= domain::amount_minor_max);
  const std::string_view amount = alipay::field(fields, "total_amount");
  CHECK(alipay::minor_of_yuan(amount) == notice.amount_minor);
  CHECK(alipay::minor_of_yuan(domain::decimal_of_minor(notice.amount_minor)) ==
        notice.amount_minor);
  CHECK(notice.refund_minor >= 0 && notice.refund_minor <= domain::amount_minor_max);
  const alipay::AccountSettings ours = alipay::test_settings();
  CHECK(notice.app_id == ours.app_id && alipay::field(fields, "app_id") == ours.app_id);
  CHECK(notice.seller_id == ours.seller_id ||
        (notice.seller_id.empty() && alipay::field(fields, "seller_email") == ours.seller_email));
  CHECK(!notice.out_trade_no.empty() && notice.out_trade_no.size() <= 64);
  CHECK(!notice.trade_no.empty() && notice.trade_no.size() <= 64);
  const ports::PaymentNotice told = alipay::to_port(notice);
  CHECK(told.amount_minor == notice.amount_minor && told.trade_ref == notice.out_trade_no);
  CHECK(told.about_refund == notice.is_refund);
  if (!alipay::field(fields, "refund_fee").empty())
    CHECK(told.about_refund || !notice.refund_minor);
}

// The signature of `body` over other fields.
void check_changed(const alipay::Account& account, const std::string& body) {
  auto fields = *alipay::decode_form(body);
  for (auto& [name, value] : fields) {
    if (name == "sign" || name == "sign_type" || name == "charset") continue;
    const std::string kept = value;
    value += '0';
    const auto notice = alipay::read_notice(account, form_type, alipay::encode_form(fields));
    CHECK(!notice && (notice.error() == NoticeRefusal::signature_invalid ||
                      notice.error() == NoticeRefusal::unreadable));
    value = kept;
  }
}

}  // namespace

void alipay_notice(std::string_view bytes) {
  static const alipay::Account account = alipay::test_account();
  CHECK(!alipay::read_notice(account, form_type, bytes));
  CHECK(!alipay::is_genuine_return(account, bytes));
  auto fields = alipay::decode_form(bytes);
  if (!fields) return;
  std::erase_if(*fields,
                [](const auto& part) { return part.first == "sign" || part.first == "sign_type"; });
  const std::string body = alipay::render_notice(*fields, alipay::test_alipay_key());
  const auto notice = alipay::read_notice(account, form_type, body);
  if (notice) {
    check_taken(*fields, *notice);
    check_changed(account, body);
    return;
  }
  CHECK(notice.error() != NoticeRefusal::signature_missing);
  CHECK(notice.error() != NoticeRefusal::signature_type_unsupported);
  CHECK(notice.error() != NoticeRefusal::signature_invalid);
  CHECK(notice.error() != NoticeRefusal::duplicate_field);
}

}  // namespace daozhang::fuzz
