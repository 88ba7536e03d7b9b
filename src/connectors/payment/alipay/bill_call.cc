#include "connectors/payment/alipay/bill_call.h"

#include "connectors/payment/alipay/reply.h"
#include "json/writer.h"

namespace daozhang::connectors::payment::alipay {
namespace {

constexpr std::string_view method = "alipay.data.dataservice.bill.downloadurl.query";

// Bills are made in the morning after; a day and a half later there is none to come.
bool is_over(std::string_view day, base::Instant now) {
  const auto midnight =
      base::from_local_seconds(std::string(day) + " 00:00:00", base::beijing_offset);
  return midnight && now >= *midnight + base::hours(60);
}

ports::BillProblem problem_of(const Reply& reply, std::string_view day, base::Instant now) {
  using ports::BillRefusal;
  std::string words = reply.code + " " + reply.sub_code + ": " + reply.message;
  if (reply.sub_code.ends_with("BILL_NOT_EXIST"))
    return {is_over(day, now) ? BillRefusal::empty_day : BillRefusal::not_ready, std::move(words)};
  // Alipay's own spelling.
  const bool is_refused = reply.sub_code.ends_with("INVAILID_ARGUMENTS") ||
                          classify(reply.code, reply.sub_code) == ReplyClass::definite;
  return {is_refused ? BillRefusal::refused : BillRefusal::unavailable, std::move(words)};
}

// The sandbox is reached by http, and then so are its files.
bool may_be_called(const Account& account, std::string_view url) {
  return url.starts_with("https://") ||
         (url.starts_with("http://") && account.gateway_url.starts_with("http://"));
}

}  // namespace

GatewayCall bill_call(const Account& account, std::string_view day, base::Instant now) {
  std::string content;
  json::Writer(content)
      .begin_object()
      .member("bill_type", "trade")
      .member("bill_date", day)
      .end_object();
  return signed_call(account, method, std::move(content), now);
}

base::Result<std::string, ports::BillProblem> bill_address(const Account& account,
                                                           std::string_view raw_reply,
                                                           std::string_view day,
                                                           base::Instant now) {
  const auto reply = read_reply(account, raw_reply, method);
  if (!reply) {
    return base::refuse(ports::BillProblem{ports::BillRefusal::unavailable,
                                           std::string(base::name_of(reply.error()))});
  }
  if (reply->code != "10000") return base::refuse(problem_of(*reply, day, now));
  std::string url(reply->content.text_of("bill_download_url"));
  if (!may_be_called(account, url)) {
    return base::refuse(ports::BillProblem{ports::BillRefusal::unreadable,
                                           "the address of the bill is not one to be called"});
  }
  return url;
}

}  // namespace daozhang::connectors::payment::alipay
