#include "api/admin/money_verbs.h"

#include <algorithm>
#include <memory>

#include "api/problem.h"
#include "base/ascii.h"
#include "domain/order/references.h"
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

// Of a short request field, else an answer has been sent.
std::optional<std::string> name_asked(const OperatorRequest& asked, std::string_view field,
                                      net::Responder& responder) {
  std::string name(asked.request.text_of(field));
  if (!name.empty() && name.size() <= 64) return name;
  responder.send(problem(400, "invalid_request", asked.language,
                         {{"request." + std::string(field), "missing_field"}}));
  return std::nullopt;
}

// `found` of the answer is what `tell_found` makes of it.
template <class Command, class Found>
void submit(const MoneyVerbParts& parts, Command command, Language language,
            net::Responder responder, Found tell_found) {
  auto waiting = std::make_shared<net::Responder>(std::move(responder));
  parts.lane.submit(std::move(command),
                    [waiting, language, tell_found](const engine::Answer& answer) {
                      answer_with(*waiting, answer, tell_found(answer), language);
                    });
}

bool always(const engine::Answer&) { return true; }
bool was_known(const engine::Answer& answer) { return answer.repeated; }

void submit_settle(const MoneyVerbParts& parts, const OperatorRequest& asked,
                   engine::AskByHand command, std::string trade_no, net::Responder responder) {
  submit(parts, std::move(command), asked.language, std::move(responder),
         [trade_no = std::move(trade_no)](const engine::Answer& answer) {
           return answer.order && knows(*answer.order, trade_no);
         });
}

// The number is ours and the store has no such payment: what the bill says of it is needed.
// Whatever the channel then says that it has goes back, so a second person is needed whatever is
// typed.
void settle_lost(const MoneyVerbParts& parts, const OperatorRequest& asked,
                 engine::AskByHand command, const std::string& trade_no, net::Responder responder) {
  command.channel = asked.request.text_of("channel");
  const auto amount = domain::minor_of_decimal(asked.request.text_of("amount"));
  if (command.channel.empty() || !amount || *amount == 0)
    return responder.send(problem(409, "order_lost", asked.language));
  if (std::ranges::find(parts.channels, command.channel) == parts.channels.end())
    return responder.send(
        problem(400, "invalid_request", asked.language, {{"request.channel", "unknown_value"}}));
  const auto second = second_person(parts, asked, parts.second_person_from_minor, responder);
  if (!second) return;
  command.amount_minor = *amount;
  command.reason = reason_of(asked, "trade number " + trade_no, *second);
  submit_settle(parts, asked, std::move(command), trade_no, std::move(responder));
}

void settle(const MoneyVerbParts& parts, const OperatorRequest& asked, net::Responder responder) {
  const auto trade_no = name_asked(asked, "trade_no", responder);
  if (!trade_no) return;
  const auto number = asked.request.text_of("order_no");
  const auto payment = domain::parse_trade_ref(number);
  const auto key = parts.numbers.order_of(payment ? std::string_view(payment->order_no) : number);
  if (!key) return responder.send(problem_of(engine::Refusal::order_not_found, asked.language));
  engine::AskByHand command;
  command.order = *key;
  command.staff = asked.acting.as;
  if (payment) command.intent_no = payment->intent_no;
  const auto order = parts.reader.find_order(*key);
  const auto channel = asked.request.text_of("channel");
  const bool is_named = payment.has_value() || !order || order->intents.size() == 1;
  if (!channel.empty() && !is_named)
    return responder.send(problem(400, "invalid_request", asked.language,
                                  {{"request.order_no", "payment_number_missing"}}));
  const bool is_there = order && command.intent_no <= std::ssize(order->intents);
  if (is_there && !channel.empty()) {
    const auto& known = order->intents[static_cast<std::size_t>(command.intent_no - 1)];
    if (known.channel != channel && known.problem != domain::channel_is_guessed)
      return responder.send(problem(400, "invalid_request", asked.language,
                                    {{"request.channel", "not_of_this_payment"}}));
  }
  const bool is_lost = !is_there || !channel.empty();
  if (is_lost)
    return settle_lost(parts, asked, std::move(command), *trade_no, std::move(responder));
  const auto second = second_person(parts, asked, order->price_minor(), responder);
  if (!second) return;
  command.reason = reason_of(asked, "trade number " + *trade_no, *second);
  submit_settle(parts, asked, std::move(command), *trade_no, std::move(responder));
}

// `Command`: SendRefundAgain or RefundWentByHand, whose `more` is how it went.
template <class Command, class... More>
void act_on_refund(const MoneyVerbParts& parts, const OperatorRequest& asked,
                   net::Responder responder, More... more) {
  const auto order = order_asked(parts, asked, responder);
  if (!order) return;
  const auto refund = std::ranges::find(order->refunds, asked.request.text_of("refund_no"),
                                        &domain::Refund::refund_ref);
  if (refund == order->refunds.end())
    return responder.send(
        problem(400, "invalid_request", asked.language, {{"request.refund_no", "unknown_value"}}));
  const auto second = second_person(parts, asked, refund->amount_minor, responder);
  if (!second) return;
  Command command{order->key(), refund->refund_no, asked.acting.as, reason_of(asked, {}, *second),
                  more...};
  submit(parts, std::move(command), asked.language, std::move(responder), always);
}

void charge_back(const MoneyVerbParts& parts, const OperatorRequest& asked,
                 net::Responder responder) {
  engine::ChargeBack command;
  const auto trade_no = name_asked(asked, "trade_no", responder);
  if (!trade_no) return;
  const auto case_no = name_asked(asked, "case_no", responder);
  if (!case_no) return;
  const auto amount = domain::minor_of_decimal(asked.request.text_of("amount"));
  if (!amount || *amount == 0)
    return responder.send(
        problem(400, "invalid_request", asked.language, {{"request.amount", "bad_form"}}));
  const auto order = order_asked(parts, asked, responder);
  if (!order) return;
  const auto second = second_person(parts, asked, *amount, responder);
  if (!second) return;
  command.order = order->key();
  command.fact = {{*trade_no, std::string(asked.request.text_of("channel"))}, *case_no, *amount};
  command.staff = asked.acting.as;
  command.reason = reason_of(asked, "case " + *case_no, *second);
  submit(parts, std::move(command), asked.language, std::move(responder), was_known);
}

void win_chargeback(const MoneyVerbParts& parts, const OperatorRequest& asked,
                    net::Responder responder) {
  const auto case_no = name_asked(asked, "case_no", responder);
  if (!case_no) return;
  const auto order = order_asked(parts, asked, responder);
  if (!order) return;
  std::int64_t sum = 0;
  for (const auto& charged : order->chargebacks)
    if (charged.case_no == *case_no) sum = std::max(sum, charged.amount_minor);
  const auto second = second_person(parts, asked, sum, responder);
  if (!second) return;
  engine::ReturnChargeback command{order->key(),
                                   *case_no,
                                   asked.acting.as,
                                   reason_of(asked, "case " + *case_no, *second),
                                   {std::string(asked.request.text_of("trade_no")),
                                    std::string(asked.request.text_of("channel"))}};
  submit(parts, std::move(command), asked.language, std::move(responder), always);
}

void forgive(const MoneyVerbParts& parts, const OperatorRequest& asked, net::Responder responder) {
  const auto order = order_asked(parts, asked, responder);
  if (!order) return;
  const auto second = second_person(parts, asked, parts.second_person_from_minor, responder);
  if (!second) return;
  engine::ForgiveBuyer command{order->key(), asked.acting.as, reason_of(asked, {}, *second)};
  submit(parts, std::move(command), asked.language, std::move(responder), always);
}

}  // namespace

void add_money_verbs(OperatorRoutes& routes, MoneyVerbParts parts) {
  routes.add("settle", [parts](const OperatorRequest& asked, net::Responder responder) {
    settle(parts, asked, std::move(responder));
  });
  routes.add("refund", [parts](const OperatorRequest& asked, net::Responder responder) {
    act_on_refund<engine::SendRefundAgain>(parts, asked, std::move(responder));
  });
  routes.add("refund_by_hand", [parts](const OperatorRequest& asked, net::Responder responder) {
    act_on_refund<engine::RefundWentByHand>(parts, asked, std::move(responder), false);
  });
  routes.add("refund_found", [parts](const OperatorRequest& asked, net::Responder responder) {
    act_on_refund<engine::RefundWentByHand>(parts, asked, std::move(responder), true);
  });
  routes.add("chargeback", [parts](const OperatorRequest& asked, net::Responder responder) {
    charge_back(parts, asked, std::move(responder));
  });
  routes.add("chargeback_returned",
             [parts](const OperatorRequest& asked, net::Responder responder) {
               win_chargeback(parts, asked, std::move(responder));
             });
  routes.add("forgive", [parts](const OperatorRequest& asked, net::Responder responder) {
    forgive(parts, asked, std::move(responder));
  });
}

}  // namespace daozhang::api
