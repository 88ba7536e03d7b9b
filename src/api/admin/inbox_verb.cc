#include "api/admin/inbox_verb.h"

#include <algorithm>
#include <memory>

#include "api/problem.h"
#include "json/fields.h"
#include "json/writer.h"

namespace daozhang::api {
namespace {

constexpr std::size_t digest_least = 8;
constexpr std::int64_t count_most = 1'000;

using Parts = std::shared_ptr<const InboxVerbParts>;

bool is_digest(std::string_view text) {
  return text.size() >= digest_least && text.size() <= 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void write_message(json::Writer& json, const InboxVerbParts& parts, const domain::InboxEntry& entry,
                   bool with_body) {
  json.begin_object();
  json.member("digest", entry.digest).member("channel", entry.channel);
  json.member("source", base::name_of(entry.source));
  json.member("verdict", base::name_of(entry.verdict)).member("reason", entry.reason);
  json.key("order_no");
  if (entry.order_id.is_none())
    json.null();
  else
    json.text(parts.numbers.number_of({entry.order_partition, entry.order_id}));
  json.member("seen_count", entry.seen_count);
  json.member("first_seen_at", base::to_rfc3339(entry.first_seen_at));
  json.member("last_seen_at", base::to_rfc3339(entry.last_seen_at));
  if (with_body) {
    // Forgeries hold what they like; a terminal and our strict reader do not.
    std::string body = entry.body;
    std::ranges::replace_if(
        body, [](char c) { return c == '\0'; }, '?');
    json.member("body", body);
  }
  json.end_object();
}

net::Response messages(const InboxVerbParts& parts, const ports::InboxQuery& query,
                       bool with_body) {
  std::string body;
  json::Writer json(body);
  json.begin_object().key("messages").begin_array();
  for (const auto& entry : parts.reader.find_messages(query))
    write_message(json, parts, entry, with_body);
  json.end_array().end_object();
  return net::json_response(200, std::move(body));
}

net::Response invalid(const OperatorRequest& asked, std::string_view field) {
  return problem(400, "invalid_request", asked.language,
                 {{"request." + std::string(field), "unknown_value"}});
}

net::Response list(const InboxVerbParts& parts, const OperatorRequest& asked) {
  ports::InboxQuery query;
  const auto order_no = asked.request.text_of("order_no");
  if (!order_no.empty()) {
    query.order = parts.numbers.order_of(order_no);
    if (!query.order) return invalid(asked, "order_no");
  }
  query.channel = asked.request.text_of("channel");
  query.reason = asked.request.text_of("reason");
  if (const auto word = asked.request.text_of("verdict"); !word.empty()) {
    query.verdict = base::enum_named<domain::InboxVerdict>(word);
    if (!query.verdict) return invalid(asked, "verdict");
  }
  if (const auto text = asked.request.text_of("since"); !text.empty()) {
    const auto since = base::from_rfc3339(text);
    if (!since) return invalid(asked, "since");
    query.since = *since;
  }
  if (const auto* count = asked.request.find("count"); count != nullptr) {
    const auto* number = count->integer();
    if (number == nullptr || *number < 1 || *number > count_most) return invalid(asked, "count");
    query.count_max = static_cast<std::size_t>(*number);
  }
  return messages(parts, query, false);
}

void replay(const Parts& parts, const OperatorRequest& asked, net::Responder responder) {
  const auto digest = asked.request.text_of("digest");
  const auto found = parts->reader.find_messages({{}, std::string(digest), 10});
  const bool is_one = !found.empty() && std::ranges::all_of(found, [&](const auto& each) {
    return each.digest == found.front().digest;
  });
  if (!is_one) return responder.send(problem(404, "message_unknown", asked.language));
  // The newest, if it came before and after its order was known.
  const auto& entry = found.front();
  const auto channel = std::ranges::find(parts->channels, entry.channel, &ChannelEntry::code);
  if (channel == parts->channels.end())
    return responder.send(problem(422, "channel_unknown", asked.language));
  auto message = ports::notice_message_of(entry.body);
  if (entry.source != domain::FactSource::notification || !message ||
      entry.body.size() >= domain::inbox_body_max)
    return responder.send(problem(409, "message_not_replayable", asked.language));
  // At the moment at which it came: its own time must have fitted then, not now.
  auto notice = channel->channel->verify_again(*message, parts->clock.outside(entry.first_seen_at));
  if (!notice) {
    std::string body;
    json::Writer json(body);
    json.begin_object().member("verdict", "refused");
    json.member("reason", base::name_of(notice.error())).end_object();
    return responder.send(net::json_response(200, std::move(body)));
  }
  auto waiting = std::make_shared<net::Responder>(std::move(responder));
  engine::TakeNotice command{entry.channel, std::move(*notice), std::move(*message),
                             asked.acting.as, asked.acting.reason};
  parts->lane.submit(std::move(command),
                     [waiting, language = asked.language](const engine::Answer& answer) {
                       const bool is_judged = answer.refusal == engine::Refusal::none ||
                                              answer.refusal == engine::Refusal::notice_refused;
                       if (!is_judged) return waiting->send(problem_of(answer.refusal, language));
                       std::string body;
                       json::Writer json(body);
                       json.begin_object().member("verdict", base::name_of(answer.verdict));
                       json.member("reason", answer.reason).end_object();
                       waiting->send(net::json_response(200, std::move(body)));
                     });
}

}  // namespace

void add_inbox_verb(OperatorRoutes& routes, InboxVerbParts given) {
  const Parts parts = std::make_shared<const InboxVerbParts>(std::move(given));
  routes.add("inbox", [parts](const OperatorRequest& asked, net::Responder responder) {
    const auto action = asked.request.text_of("action");
    if (action == "list") return responder.send(list(*parts, asked));
    const auto digest = asked.request.text_of("digest");
    if (action != "show" && action != "replay") return responder.send(invalid(asked, "action"));
    if (!is_digest(digest)) return responder.send(invalid(asked, "digest"));
    if (action == "replay") return replay(parts, asked, std::move(responder));
    const auto answer = messages(*parts, {{}, std::string(digest), 10}, true);
    responder.send(answer);
  });
}

}  // namespace daozhang::api
