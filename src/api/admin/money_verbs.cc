#include "api/admin/money_verbs.h"

#include <algorithm>
#include <memory>

#include "api/problem.h"
#include "base/ascii.h"
#include "json/writer.h"

namespace daozhang::api {
namespace {

// The order that is asked for; else an answer has been sent.
std::optional<domain::Order> order_asked(const MoneyVerbParts& parts, const OperatorRequest& asked,
                                         net::Responder& responder) {
  const auto key = parts.numbers.order_of(asked.request.text_of("order_no"));
  auto order = key ? parts.reader.find_order(*key) : std::nullopt;
  if (!order) responder.send(problem_of(engine::Refusal::order_not_found, asked.language));
  return order;
}

// Who else stands for it; nothing, and an answer has been sent, if somebody has to and nobody does.
std::optional<std::string> second_person(const MoneyVerbParts& parts, const OperatorRequest& asked,
                                         std::int64_t sum_minor, net::Responder& responder) {
  std::string second(asked.request.text_of("second"));
  const bool is_needed =
      parts.second_person_from_minor > 0 && sum_minor >= parts.second_person_from_minor;
  if (!second.empty() && !is_sentence(second, acting_as_bytes_max)) {
    responder.send(
        problem(400, "invalid_request", asked.language, {{"request.second", "bad_form"}}));
    return std::nullopt;
  }
  if (base::equal_without_case(second, asked.acting.as) || (is_needed && second.empty())) {
    responder.send(problem(403, "second_person_missing", asked.language));
    return std::nullopt;
  }
  return second;
}

std::string reason_of(const OperatorRequest& asked, std::string_view about,
                      const std::string& second) {
  std::string reason = asked.acting.reason;
  if (!about.empty()) reason.append("; ").append(about);
  if (!second.empty()) reason.append("; approved by ").append(second);
  return reason;
}

void answer_with(net::Responder& responder, const engine::Answer& answer, bool found,
                 Language language) {
  if (answer.refusal != engine::Refusal::none)
    return responder.send(problem_of(answer.refusal, language));
  std::string body;
  json::Writer json(body);
  json.begin_object().member("order_no", answer.order->header.order_no);
  json.member("state", base::name_of(answer.order->header.state)).member("found", found);
  json.end_object();
  responder.send(net::json_response(200, std::move(body)));
}

bool knows(const domain::Order& order, std::string_view trade_no) {
  return std::ranges::any_of(
      order.payments, [&](const domain::Payment& payment) { return payment.trade_no == trade_no; });
}

void settle(const MoneyVerbParts& parts, const OperatorRequest& asked, net::Responder responder) {
  const std::string trade_no(asked.request.text_of("trade_no"));
  if (trade_no.empty() || trade_no.size() > 64)
    return responder.send(
        problem(400, "invalid_request", asked.language, {{"request.trade_no", "missing_field"}}));
  const auto order = order_asked(parts, asked, responder);
  if (!order) return;
  const auto second = second_person(parts, asked, order->price_minor(), responder);
  if (!second) return;
  auto waiting = std::make_shared<net::Responder>(std::move(responder));
  engine::AskByHand command{order->key(), asked.acting.as,
                            reason_of(asked, "trade number " + trade_no, *second)};
  parts.lane.submit(std::move(command), [waiting, trade_no,
                                         language = asked.language](const engine::Answer& answer) {
    answer_with(*waiting, answer, answer.order && knows(*answer.order, trade_no), language);
  });
}

void send_refund_again(const MoneyVerbParts& parts, const OperatorRequest& asked,
                       net::Responder responder) {
  const auto order = order_asked(parts, asked, responder);
  if (!order) return;
  const auto refund = std::ranges::find(order->refunds, asked.request.text_of("refund_no"),
                                        &domain::Refund::refund_ref);
  if (refund == order->refunds.end())
    return responder.send(
        problem(400, "invalid_request", asked.language, {{"request.refund_no", "unknown_value"}}));
  const auto second = second_person(parts, asked, refund->amount_minor, responder);
  if (!second) return;
  auto waiting = std::make_shared<net::Responder>(std::move(responder));
  engine::SendRefundAgain command{order->key(), refund->refund_no, asked.acting.as,
                                  reason_of(asked, {}, *second)};
  parts.lane.submit(std::move(command),
                    [waiting, language = asked.language](const engine::Answer& answer) {
                      answer_with(*waiting, answer, true, language);
                    });
}

}  // namespace

void add_money_verbs(OperatorRoutes& routes, MoneyVerbParts parts) {
  routes.add("settle", [parts](const OperatorRequest& asked, net::Responder responder) {
    settle(parts, asked, std::move(responder));
  });
  routes.add("refund", [parts](const OperatorRequest& asked, net::Responder responder) {
    send_refund_again(parts, asked, std::move(responder));
  });
}

}  // namespace daozhang::api
