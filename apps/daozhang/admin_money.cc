#include <fmt/format.h>

#include "json/writer.h"
#include "load.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

int ask(const CommonOptions& options, const MoneyOptions& money, const char* verb,
        const std::string& request) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return exit_status::usage;
  const auto keys = load_keys_or_tell(settings->keys_file);
  if (!keys) return exit_status::usage;
  if (money.acting.as.empty() || money.acting.reason.empty()) {
    tell("say who acts (--as NAME) and why (--reason TEXT); the order's history keeps both");
    return exit_status::usage;
  }
  auto shop = operator_client(*settings, *keys, money.acting, "to act about money");
  const auto answer = shop->ask(verb, request);
  if (!answer) {
    tell(answer.error().words);
    return exit_status::failed;
  }
  const auto* found = answer->find("found");
  const bool is_there = found != nullptr && found->boolean() != nullptr && *found->boolean();
  if (std::string_view(verb) == "refund")
    fmt::print("the refund is sent again; the order is {}\n", answer->text_of("state"));
  else if (is_there)
    fmt::print("this trade is booked; the order is {}\n", answer->text_of("state"));
  else
    fmt::print("the channel is being asked; say the same again in a moment to see what it said\n");
  return exit_status::ok;
}

}  // namespace

int admin_settle(const CommonOptions& options, const MoneyOptions& money) {
  std::string request;
  json::Writer json(request);
  json.begin_object().member("order_no", money.order_no).member("trade_no", money.trade_no);
  json.member("second", money.second).end_object();
  return ask(options, money, "settle", request);
}

int admin_refund(const CommonOptions& options, const MoneyOptions& money) {
  std::string request;
  json::Writer json(request);
  json.begin_object().member("order_no", money.order_no).member("refund_no", money.refund_no);
  json.member("second", money.second).end_object();
  return ask(options, money, "refund", request);
}

}  // namespace daozhang::app
