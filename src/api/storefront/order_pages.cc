#include "api/storefront/body.h"
#include "api/storefront/pay_redirect.h"
#include "api/storefront/storefront.h"
#include "engine/calls.h"

namespace daozhang::api {

void Storefront::get_order(Request&& request, Responder responder) {
  const auto order = authorize(request, responder, Scope::view);
  if (!order) return;
  responder.send(std::move(
      net::json_response(200, order_json(*order, parts_.view)).with("Cache-Control", "no-store")));
}

void Storefront::stream_order(Request&& request, Responder responder) {
  const auto order = authorize(request, responder, Scope::view);
  if (!order) return;
  if (parts_.live.count() >= parts_.limits.live_pages) {
    // The page falls back to asking again and again, which costs the shop less than an open stream.
    return responder.send(std::move(
        problem(503, "too_many_live_pages", language_of(request)).with("Retry-After", "30")));
  }
  auto stream = responder.open_stream();
  parts_.live.watch(order->key(), stream);
  // Read again after watching: what was committed in between would be told to nobody.
  const auto present = parts_.reader.find_order(order->key());
  if (!present) return;
  if (request.header("Last-Event-ID") == std::to_string(present->header.version)) return;
  send_order_event(stream, *present, order_json(*present, parts_.view));
}

// Changes the order, so it needs more than a look at it. Payments that are open stay payable for
// everybody who sees them.
void Storefront::open_payment(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto order = authorize(request, responder, Scope::full);
  if (!order) return;
  const auto document = read_body(request, language);
  if (!document) return responder.send(document.error());
  json::Fields fields(*document, {"channel", "payer_id"});
  const std::string_view code = fields.text("channel");
  const std::string_view payer_id = fields.optional_text("payer_id").value_or("");
  if (auto refusal = field_problem(fields, language)) return responder.send(std::move(*refusal));
  const ChannelEntry* channel = find_channel(code);
  if (auto refusal = channel_refusal(channel, payer_id, order->price_minor(), language))
    return responder.send(std::move(*refusal));
  engine::OpenPayment command;
  command.order = order->key();
  command.channel = channel->code;
  command.needs_create = ports::begins_with_a_call(channel->channel->capabilities().way);
  command.payer = payer_of(*channel, payer_id, request.client_address);
  auto waiting = std::make_shared<Responder>(std::move(responder));
  const auto known = order->intents.size();
  parts_.lane.submit(std::move(command), [this, waiting, language, known](engine::Answer answer) {
    if (answer.refusal != engine::Refusal::none)
      return waiting->send(problem_of(answer.refusal, language));
    const auto index = static_cast<std::size_t>(answer.number - 1);
    std::string body;
    json::Writer json(body);
    write_payment(json, *answer.order, answer.order->intents[index], parts_.view);
    waiting->send(std::move(net::json_response(index < known ? 200 : 201, std::move(body))
                                .with("Cache-Control", "no-store")));
  });
}

// Whoever may see the order may say that it was paid: it costs a question at the channel.
void Storefront::ask_payments(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto order = authorize(request, responder, Scope::view);
  if (!order) return;
  if (!asked_payments_.admit(order->header.order_no, parts_.clock.now()))
    return responder.send(
        std::move(problem(429, "too_many_requests", language).with("Retry-After", "60")));
  auto waiting = std::make_shared<Responder>(std::move(responder));
  parts_.lane.submit(
      engine::AskPayments{order->key()}, [this, waiting, language](const engine::Answer& answer) {
        if (answer.refusal != engine::Refusal::none)
          return waiting->send(problem_of(answer.refusal, language));
        waiting->send(std::move(net::json_response(202, order_json(*answer.order, parts_.view))
                                    .with("Cache-Control", "no-store")));
      });
}

// Nothing secret is shown and nothing changes, so no code is needed: whoever has the address may
// pay the order.
void Storefront::pay(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto key = parts_.numbers.order_of(request.capture("order_no"));
  const auto order = key ? parts_.reader.find_order(*key) : std::nullopt;
  const auto* intent = order ? intent_numbered(*order, request.capture("payment_no")) : nullptr;
  if (intent == nullptr) return responder.send(order_not_found(language));
  const std::string order_page = parts_.view.public_url + "/order/" + order->header.order_no;
  const ChannelEntry* entry = find_channel(intent->channel);
  if (intent->state != domain::IntentState::ready || entry == nullptr || order->is_paid())
    return responder.send(redirect(order_page));
  if (entry->channel->capabilities().way == ports::Way::h5)
    return responder.send(redirect(intent->pay_content));
  auto channel_order = engine::channel_order_of(*order, *intent);
  channel_order.return_url = order_page;
  channel_order.created_at = parts_.clock.outside(channel_order.created_at);
  channel_order.expires_at = parts_.clock.outside(channel_order.expires_at);
  const auto link = entry->channel->pay_link(channel_order, parts_.clock.outside_now());
  responder.send(redirect(link ? *link : order_page));
}

}  // namespace daozhang::api
