#include "sim/peers/payment_wire.h"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/hex.h"
#include "base/sha256.h"

namespace daozhang::sim {
namespace {

using ports::NoticeRefusal;
using ports::PaymentNotice;

constexpr std::string_view key = "the channel's test key";
constexpr std::string_view our_account = "shop";

constexpr auto alipay_delays = std::to_array<base::Duration>(
    {base::seconds(1), base::minutes(4), base::minutes(10), base::minutes(10), base::hours(1),
     base::hours(2), base::hours(6), base::hours(15)});

std::string signature_of(std::string_view text) {
  return base::to_hex(base::view(base::hmac_sha256(key, text)).substr(0, 8));
}

std::string write(const PaymentNotice& notice, std::string_view account) {
  base::CanonicalWriter writer;
  writer.open_array();
  writer.value(account);
  writer.value(std::string_view(notice.trade_ref));
  writer.value(std::string_view(notice.trade_no));
  writer.value(base::name_of(notice.trade));
  writer.value(notice.amount_minor);
  writer.value(base::name_of(notice.currency));
  writer.value(notice.paid_at.micros);
  writer.value(std::string_view(notice.notice_id));
  writer.value(notice.about_refund);
  writer.value(std::string_view(notice.refund_ref));
  writer.close_array();
  return writer.take();
}

}  // namespace

std::span<const base::Duration> PaymentWire::notice_delays() const { return alipay_delays; }

std::string CheapWire::write_notice(const PaymentNotice& notice) {
  const auto text = write(notice, our_account);
  return signature_of(text) + text;
}

std::string CheapWire::write_notice_of_other_account(const PaymentNotice& notice) {
  const auto text = write(notice, "another shop");
  return signature_of(text) + text;
}

std::string CheapWire::write_forged_notice(const PaymentNotice& notice) {
  return std::string(16, '0') + write(notice, our_account);
}

std::string CheapWire::write_unsigned_notice(const PaymentNotice& notice) {
  return write(notice, our_account);
}

base::Result<PaymentNotice, NoticeRefusal> CheapWire::read_notice(const std::string& body) {
  const std::string_view text =
      std::string_view(body).substr(std::min<std::size_t>(16, body.size()));
  if (body.substr(0, 16) != signature_of(text))
    return base::refuse(NoticeRefusal::signature_invalid);
  base::CanonicalReader reader(text);
  const auto next = [&] { return reader.next_element(); };
  PaymentNotice notice;
  reader.open_array();
  next();
  if (reader.text() != our_account) return base::refuse(NoticeRefusal::app_differs);
  next();
  notice.trade_ref = reader.text();
  next();
  notice.trade_no = reader.text();
  next();
  const auto trade = base::enum_named<ports::TradeStatus>(reader.text());
  if (!trade) return base::refuse(NoticeRefusal::status_unknown);
  notice.trade = *trade;
  next();
  notice.amount_minor = reader.number();
  next();
  const auto currency = base::enum_named<domain::Currency>(reader.text());
  if (!currency) return base::refuse(NoticeRefusal::currency_differs);
  notice.currency = *currency;
  next();
  notice.paid_at.micros = reader.number();
  next();
  notice.notice_id = reader.text();
  next();
  notice.about_refund = reader.truth();
  next();
  notice.refund_ref = reader.text();
  if (reader.failed()) return base::refuse(NoticeRefusal::unreadable);
  return notice;
}

}  // namespace daozhang::sim
