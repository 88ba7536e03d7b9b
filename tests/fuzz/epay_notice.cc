// Notifications of epay, as a query and as a form. The first line chooses the version (1, 2) and
// what the rest is: r as it came, which nobody signed; s fields, which the gateway then signs; n
// the name of an order of ours, and how what was signed for it is cut into fields again.
#include "connectors/payment/epay/notice.h"

#include <algorithm>

#include "connectors/payment/epay/request.h"
#include "connectors/payment/epay/test_account.h"
#include "connectors/payment/epay/yuan.h"
#include "domain/money/money.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace epay = connectors::payment::epay;
using epay::FormFields;
using epay::Version;
using ports::NoticeRefusal;
using Read = base::Result<ports::PaymentNotice, NoticeRefusal>;

Read read(Version version, const ports::NoticeMessage& message) {
  static const epay::Account v1 = epay::test_account(Version::v1);
  static const epay::Account v2 = epay::test_account(Version::v2);
  return epay::read_notice(version == Version::v1 ? v1 : v2, message, epay::test_now);
}

const epay::Merchant& merchant_of(Version version) {
  static const epay::Merchant v1 = epay::test_merchant(Version::v1);
  static const epay::Merchant v2 = epay::test_merchant(Version::v2);
  return version == Version::v1 ? v1 : v2;
}

bool says_the_same(const ports::PaymentNotice& one, const ports::PaymentNotice& other) {
  return one.trade_ref == other.trade_ref && one.trade_no == other.trade_no &&
         one.trade == other.trade && one.amount_minor == other.amount_minor &&
         one.notice_id == other.notice_id;
}

// By query and by form it is one message.
Read read_both(Version version, const std::string& encoded) {
  Read by_query = read(version, epay::notice_message(true, encoded));
  const Read by_form = read(version, epay::notice_message(false, encoded));
  CHECK(by_query.has_value() == by_form.has_value());
  if (by_query) {
    CHECK(says_the_same(*by_query, *by_form));
  } else {
    CHECK(by_query.error() == by_form.error());
  }
  return by_query;
}

bool is_about_the_proof(NoticeRefusal refusal) {
  return refusal == NoticeRefusal::unreadable || refusal == NoticeRefusal::duplicate_field ||
         refusal == NoticeRefusal::signature_missing ||
         refusal == NoticeRefusal::signature_type_unsupported ||
         refusal == NoticeRefusal::signature_invalid;
}

void check_taken(Version version, const FormFields& fields, const ports::PaymentNotice& notice) {
  CHECK(notice.amount_minor > 0 && notice.amount_minor <= domain::amount_minor_max);
  CHECK(epay::minor_of_yuan(epay::field(fields, "money")) == notice.amount_minor);
  CHECK(epay::field(fields, "pid") == merchant_of(version).pid);
  CHECK(epay::field(fields, "type") == epay::test_settings(version).type);
  CHECK(epay::field(fields, "out_trade_no") == notice.trade_ref && !notice.trade_ref.empty());
  CHECK(epay::field(fields, "trade_no") == notice.trade_no && !notice.trade_no.empty());
  CHECK(notice.trade_ref.size() <= 64 && notice.trade_no.size() <= 64);
  const bool paid = epay::field(fields, "trade_status") == "TRADE_SUCCESS";
  CHECK(notice.trade == (paid ? ports::TradeStatus::paid : ports::TradeStatus::waiting));
  CHECK(!notice.about_refund && notice.refund_ref.empty());
  if (version == Version::v2) CHECK(epay::has_field(fields, "timestamp"));
}

// The signature of `encoded` over other fields.
void check_changed(Version version, const std::string& encoded) {
  FormFields fields = epay::decode_form(encoded).value();
  for (auto& [name, value] : fields) {
    if (name == "sign_type") continue;
    value += '0';
    const Read changed = read_both(version, epay::encode_form(fields));
    CHECK(!changed && is_about_the_proof(changed.error()));
    value.pop_back();
  }
}

void check_signed(Version version, std::string_view bytes) {
  auto fields = epay::decode_form(bytes);
  if (!fields) return;
  std::erase_if(*fields,
                [](const auto& part) { return part.first == "sign" || part.first == "sign_type"; });
  if (fields->size() > 98) return;  // No room for a signature.
  const std::string encoded = epay::render_notice(merchant_of(version), *fields);
  const Read notice = read_both(version, encoded);
  if (!notice) {
    CHECK(!is_about_the_proof(notice.error()));
    return;
  }
  check_taken(version, *fields, *notice);
  check_changed(version, encoded);
}

// Values are signed as they are, so another cut of the signed text has the same signature. A bit of
// the input for each `&`: whether a field ends there, and whether its name ends at the last `=`.
FormFields cut_again(std::string_view text, Input& input) {
  FormFields fields;
  while (!text.empty()) {
    std::size_t end = text.find('&');
    while (end != std::string_view::npos && input.choice(2) == 1) end = text.find('&', end + 1);
    const std::string_view part = text.substr(0, end);
    const auto equals = input.choice(2) == 0 ? part.find('=') : part.rfind('=');
    const bool valued = equals != std::string_view::npos;
    fields.emplace_back(part.substr(0, equals), valued ? part.substr(equals + 1) : "");
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return fields;
}

void check_cut_again(Version version, Input& input) {
  const epay::Merchant& merchant = merchant_of(version);
  const epay::PaidTrade trade{.trade_no = "2026112222001",
                              .out_trade_no = "D7Q2XK5M_1",
                              .type = "alipay",
                              .name = epay::name_for_epay(input.line()),
                              .money = "9.90"};
  const FormFields fields = epay::notice_fields(merchant, trade, epay::test_now);
  const std::string encoded = epay::render_notice(merchant, fields);
  const Read genuine = read_both(version, encoded);
  CHECK(genuine && genuine->trade_ref == trade.out_trade_no && genuine->amount_minor == 990);
  const FormFields sent = epay::decode_form(encoded).value();
  FormFields cut = cut_again(epay::text_to_sign(fields), input);
  cut.emplace_back("sign", epay::field(sent, "sign"));
  cut.emplace_back("sign_type", epay::field(sent, "sign_type"));
  const Read notice = read_both(version, epay::encode_form(cut));
  if (notice) CHECK(says_the_same(*notice, *genuine));
}

}  // namespace

void epay_notice(std::string_view bytes) {
  Input input(bytes);
  const Version version = input.byte() == '2' ? Version::v2 : Version::v1;
  const char what = static_cast<char>(input.byte());
  input.line();
  if (what == 's') return check_signed(version, input.rest());
  if (what == 'n') return check_cut_again(version, input);
  CHECK(!read_both(version, std::string(input.rest())));
}

}  // namespace daozhang::fuzz
