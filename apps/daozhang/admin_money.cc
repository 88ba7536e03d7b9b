#include <optional>

#include <fmt/format.h>

#include "json/writer.h"
#include "load.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

// What the shop said; else the exit status, and the reason was told.
base::Result<json::Value, int> ask(const CommonOptions& options, const MoneyOptions& money,
                                   const char* verb, const std::string& request) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return base::refuse(exit_status::usage);
  const auto keys = load_keys_or_tell(settings->keys_file);
  if (!keys) return base::refuse(exit_status::usage);
  if (money.acting.as.empty() || money.acting.reason.empty()) {
    tell("say who acts (--as NAME) and why (--reason TEXT); the order's history keeps both");
    return base::refuse(exit_status::usage);
  }
  auto shop = operator_client(*settings, *keys, money.acting, "to act about money");
  auto answer = shop->ask(verb, request);
  if (answer) return std::move(*answer);
  tell(answer.error().words);
  return base::refuse(exit_status::failed);
}

bool is_found(const json::Value& answer) {
  const auto* found = answer.find("found");
  return found != nullptr && found->boolean() != nullptr && *found->boolean();
}

}  // namespace

int admin_settle(const CommonOptions& options, const MoneyOptions& money) {
  std::string request;
  json::Writer json(request);
  json.begin_object().member("order_no", money.order_no).member("trade_no", money.trade_no);
  if (!money.channel.empty()) json.member("channel", money.channel);
  if (!money.amount.empty()) json.member("amount", money.amount);
  json.member("second", money.second).end_object();
  const auto answer = ask(options, money, "settle", request);
  if (!answer) return answer.error();
  if (is_found(*answer))
    fmt::print("this trade is booked; the order is {}\n", answer->text_of("state"));
  else
    fmt::print("the channel is being asked; say the same again in a moment to see what it said\n");
  return exit_status::ok;
}

int admin_refund(const CommonOptions& options, const MoneyOptions& money) {
  std::string request;
  json::Writer json(request);
  json.begin_object().member("order_no", money.order_no).member("refund_no", money.refund_no);
  json.member("second", money.second).end_object();
  const auto* verb = money.found_in_books ? "refund_found" : "refund";
  const auto answer = ask(options, money, money.by_hand ? "refund_by_hand" : verb, request);
  if (!answer) return answer.error();
  if (money.found_in_books)
    fmt::print("the refund is settled by the channel; the order is {}\n", answer->text_of("state"));
  else if (money.by_hand)
    fmt::print("the refund is booked as given back by hand; the order is {}\n",
               answer->text_of("state"));
  else
    fmt::print("the refund is sent again; the order is {}\n", answer->text_of("state"));
  return exit_status::ok;
}

int admin_chargeback(const CommonOptions& options, const MoneyOptions& money) {
  if (!money.returned && (money.trade_no.empty() || money.amount.empty())) {
    tell(
        "say which payment (--trade-no NUMBER) and how much was taken (--amount 9.90), or that "
        "the dispute was won (--returned)");
    return exit_status::usage;
  }
  std::string request;
  json::Writer json(request);
  json.begin_object().member("order_no", money.order_no).member("case_no", money.case_no);
  if (!money.trade_no.empty()) json.member("trade_no", money.trade_no);
  if (!money.channel.empty()) json.member("channel", money.channel);
  if (!money.returned) json.member("amount", money.amount);
  json.member("second", money.second).end_object();
  const auto answer =
      ask(options, money, money.returned ? "chargeback_returned" : "chargeback", request);
  if (!answer) return answer.error();
  if (money.returned)
    fmt::print(
        "the money of case {} is booked as returned, and its buyer is not flagged for it "
        "any more\n",
        money.case_no);
  else if (is_found(*answer))
    fmt::print("case {} was booked before; nothing changed\n", money.case_no);
  else
    fmt::print(
        "case {} is booked as a loss; the order's contacts buy nothing more until the "
        "dispute is won (--returned) or `daozhang admin forgive {}`\n",
        money.case_no, money.order_no);
  return exit_status::ok;
}

int admin_forgive(const CommonOptions& options, const MoneyOptions& money) {
  std::string request;
  json::Writer json(request);
  json.begin_object().member("order_no", money.order_no).member("second", money.second);
  json.end_object();
  const auto answer = ask(options, money, "forgive", request);
  if (!answer) return answer.error();
  fmt::print("the contacts of order {} may buy again\n", money.order_no);
  return exit_status::ok;
}

}  // namespace daozhang::app
