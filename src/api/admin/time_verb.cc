#include "api/admin/time_verb.h"

#include <memory>

#include "api/problem.h"
#include "json/writer.h"

namespace daozhang::api {
namespace {

net::Response time_now(const lane::Clock& clock) {
  const auto doubts = clock.doubts();
  std::string body;
  json::Writer json(body);
  json.begin_object().member("trusted", doubts.empty()).key("doubts").begin_array();
  for (const auto doubt : doubts) json.text(doubt);
  json.end_array()
      .member("shop_time", base::to_rfc3339(clock.now()))
      .member("wall_offset_s", clock.wall_offset().micros / 1'000'000)
      .end_object();
  return net::json_response(200, std::move(body));
}

void take_explanation(const TimeVerbParts& parts, lane::TimeExplanation explanation,
                      Language language, net::Responder responder) {
  auto waiting = std::make_shared<net::Responder>(std::move(responder));
  // The store has one writer, and it is the lane.
  parts.lane.run_between_turns([parts, explanation, language, waiting] {
    parts.clock.explain(explanation);
    if (parts.store.keep_time_anchor(parts.clock.anchor()))
      return waiting->send(time_now(parts.clock));
    waiting->send(problem_of(engine::Refusal::store_unavailable, language));
  });
}

}  // namespace

void add_time_verb(OperatorRoutes& routes, TimeVerbParts parts) {
  routes.add("time", [parts](const OperatorRequest& asked, net::Responder responder) {
    const auto word = asked.request.text_of("action");
    if (word == "show") return responder.send(time_now(parts.clock));
    if (const auto explanation = base::enum_named<lane::TimeExplanation>(word))
      return take_explanation(parts, *explanation, asked.language, std::move(responder));
    responder.send(
        problem(400, "invalid_request", asked.language, {{"request.action", "unknown_value"}}));
  });
}

}  // namespace daozhang::api
