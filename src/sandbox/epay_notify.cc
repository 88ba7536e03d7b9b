#include "sandbox/epay_notify.h"

#include <array>

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::epay;

constexpr auto falsehoods = std::to_array<Falsehood>({
    {"forge_notify", forge_signature},
    {"wrong_amount_notify", "amount"},
    {"wrong_app_notify", "app"},
    {"wrong_seller_notify", "seller"},
    {"extra_field_notify", "extra_field"},
    {"ambiguous_name_notify", "ambiguous_name"},
    {"no_trade_no_notify", "no_trade_no"},
    {"replay_submit_notify", "replay_submit"},
    {"notify_by_other_method", "other_method"},
});

void drop(Fields& fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& pair) { return pair.first == name; });
}

// As the buyer's own signed link has it: V1 signs both with one key.
void become_the_link(Fields& fields) {
  drop(fields, "trade_no");
  drop(fields, "trade_status");
  for (const std::string_view name : {"notify_url", "return_url"}) {
    const std::string url(field(fields, "_" + std::string(name)));
    if (!url.empty()) set_field(fields, name, url);
  }
}

void falsify(NotifySending& sending, std::string_view word, std::int64_t amount_change) {
  Fields& fields = sending.fields;
  if (word == "app") set_field(fields, "pid", std::string(field(fields, "pid")) + "1");
  if (word == "seller") set_field(fields, "type", "another");
  if (word == "status") set_field(fields, "trade_status", "WAIT_BUYER_PAY");
  if (word == "amount") {
    const auto present = yuan_to_minor(field(fields, "money"));
    set_field(fields, "money", minor_to_yuan(present.value_or(0) + amount_change));
  }
  if (word == "extra_field") set_field(fields, "inside_trade_no", "20261122001429");
  if (word == "ambiguous_name")
    set_field(fields, "name", std::string(field(fields, "name")) + "&out_trade_no=OTHER");
  if (word == "no_trade_no") drop(fields, "trade_no");
  if (word == "replay_submit") become_the_link(fields);
  if (word == "other_method")
    set_field(fields, "_method", field(fields, "_method") == "get" ? "post" : "get");
}

provider::MoneyFormat format_of(std::int64_t decimals) {
  switch (decimals) {
    case 0:
      return provider::MoneyFormat::whole;
    case 1:
      return provider::MoneyFormat::one_decimal;
    case 2:
      return provider::MoneyFormat::two_decimals;
    default:
      return provider::MoneyFormat::four_decimals;
  }
}

}  // namespace

std::string epay_money(std::int64_t minor, std::int64_t decimals) {
  return provider::print_money(minor, format_of(decimals));
}

Fields epay_notice_fields(const Trade& trade, const EpayIdentity& identity) {
  Fields fields = {{"_version", std::string(base::name_of(version_of(trade.product)))},
                   {"_method", identity.notifies_by_post ? "post" : "get"},
                   {"_notify_url", trade.notify_url},
                   {"_return_url", trade.return_url},
                   {"pid", identity.pid},
                   {"trade_no", trade.trade_no},
                   {"out_trade_no", trade.out_trade_no},
                   {"type", trade.pay_type},
                   {"name", trade.subject},
                   {"money", minor_to_yuan(trade.amount_minor())},
                   {"trade_status", "TRADE_SUCCESS"}};
  if (!trade.body.empty()) fields.emplace_back("param", trade.body);
  return fields;
}

NotifySending prepare_epay_notify(const Delivery& delivery, FaultBoard& faults) {
  NotifySending sending = prepare_sending(delivery, faults, Channel::epay, falsehoods, falsify);
  const FaultSubject subject{delivery.number, delivery.title, {base::name_of(Channel::epay)}};
  const auto format = faults.strike("money_format", subject);
  const auto minor = yuan_to_minor(field(sending.fields, "money"));
  if (format && minor)
    set_field(sending.fields, "money", epay_money(*minor, format->number("decimals")));
  return sending;
}

}  // namespace daozhang::sandbox
