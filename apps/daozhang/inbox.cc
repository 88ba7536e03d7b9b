#include <fmt/format.h>

#include "json/writer.h"
#include "load.h"
#include "reconciliation/calendar.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

// The midnight of a day of Beijing; an instant as it is.
std::string instant_of(const std::string& since) {
  return reconciliation::is_day(since) ? base::to_rfc3339(reconciliation::start_of(since)) : since;
}

std::string request_of(const InboxOptions& inbox) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("action", inbox.action);
  if (inbox.action == "list") {
    if (!inbox.order_no.empty()) json.member("order_no", inbox.order_no);
    json.member("count", inbox.count);
    if (!inbox.channel.empty()) json.member("channel", inbox.channel);
    if (!inbox.reason.empty()) json.member("reason", inbox.reason);
    if (!inbox.verdict.empty()) json.member("verdict", inbox.verdict);
    if (!inbox.since.empty()) json.member("since", instant_of(inbox.since));
  } else {
    json.member("digest", inbox.digest);
  }
  json.end_object();
  return body;
}

std::int64_t number(const json::Value& value, std::string_view name) {
  const auto* found = value.find(name);
  return found != nullptr && found->integer() != nullptr ? *found->integer() : 0;
}

void print(const json::Value& message) {
  fmt::print("{}  {}  {:<8} {:<12} {:<12} {:<22} {}x  {}\n",
             message.text_of("digest").substr(0, 12), message.text_of("first_seen_at"),
             message.text_of("verdict"), message.text_of("channel"), message.text_of("source"),
             message.text_of("reason").empty() ? "-" : message.text_of("reason"),
             number(message, "seen_count"),
             message.text_of("order_no").empty() ? "no order" : message.text_of("order_no"));
  if (const auto body = message.text_of("body"); !body.empty()) fmt::print("\n{}\n\n", body);
}

}  // namespace

int inbox(const CommonOptions& options, const InboxOptions& inbox) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return exit_status::usage;
  const auto keys = load_keys_or_tell(settings->keys_file);
  if (!keys) return exit_status::usage;
  if (inbox.action == "replay" && (inbox.acting.as.empty() || inbox.acting.reason.empty())) {
    tell("say who replays the message (--as NAME) and why (--reason TEXT); the order keeps both");
    return exit_status::usage;
  }
  if (inbox.action != "list" && inbox.digest.empty()) {
    tell("name the message by 8 or more digits of its digest; daozhang inbox lists them");
    return exit_status::usage;
  }
  auto shop = operator_client(*settings, *keys, inbox.acting, "to look into the inbox");
  const auto answer = shop->ask("inbox", request_of(inbox));
  if (!answer) {
    tell(answer.error().words);
    return exit_status::failed;
  }
  if (inbox.action == "replay") {
    fmt::print("{}{}{}\n", answer->text_of("verdict"),
               answer->text_of("reason").empty() ? "" : ": ", answer->text_of("reason"));
    return answer->text_of("verdict") == "refused" ? exit_status::failed : exit_status::ok;
  }
  const auto* messages = answer->find("messages");
  if (messages == nullptr || messages->array() == nullptr || messages->array()->empty()) {
    const bool is_all = inbox.order_no.empty() && inbox.channel.empty() && inbox.reason.empty() &&
                        inbox.verdict.empty() && inbox.since.empty();
    fmt::print("{}\n", is_all ? "every message has counted" : "no message");
    return exit_status::ok;
  }
  for (const auto& message : *messages->array()) print(message);
  return exit_status::ok;
}

}  // namespace daozhang::app
