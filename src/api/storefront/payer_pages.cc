// How a channel names the payer: his browser is sent there and comes back with a code. Only the
// browser that may change the order goes, and only what we sent comes back. Whatever goes wrong
// ends on the order's page, which says what happened and offers the other ways to pay.
#include <algorithm>

#include "api/storefront/body.h"
#include "api/storefront/pay_redirect.h"
#include "api/storefront/storefront.h"

namespace daozhang::api {
namespace {

constexpr std::size_t code_size_max = 128;

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= code_size_max &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

struct Storefront::PayerVisit {
  domain::OrderKey order;
  std::string order_no;
  std::int32_t payment_no = 0;
  const ChannelEntry* channel = nullptr;
  std::string order_page;
  std::string client_address;
  std::string request_id;
  std::string question;  // Of waiting_payers_.

  // `payer` on the order's page says how it went.
  [[nodiscard]] net::Response back(std::string_view how) const {
    return redirect(order_page + "?payer=" + std::string(how));
  }
};

// Answers by itself unless the payment waits for its payer and the request may change the order.
std::optional<Storefront::PayerVisit> Storefront::payer_visit(const Request& request,
                                                              Responder& responder) {
  const auto key = parts_.numbers.order_of(request.capture("order_no"));
  const auto order = key ? parts_.reader.find_order(*key) : std::nullopt;
  if (!order) {
    responder.send(order_not_found(language_of(request)));
    return std::nullopt;
  }
  PayerVisit visit;
  visit.order = *key;
  visit.order_no = order->header.order_no;
  visit.order_page = parts_.view.public_url + "/order/" + visit.order_no;
  visit.client_address = request.client_address;
  visit.request_id = request.request_id;
  if (cookies_.opened_by(request, visit.order_no) != Scope::full) {
    responder.send(visit.back("access_code_needed"));
    return std::nullopt;
  }
  const auto* intent = intent_numbered(*order, request.capture("payment_no"));
  visit.channel = intent == nullptr ? nullptr : find_channel(intent->channel);
  if (visit.channel == nullptr || !intent->waits_for_payer()) {
    responder.send(redirect(visit.order_page));
    return std::nullopt;
  }
  visit.payment_no = intent->intent_no;
  return visit;
}

void Storefront::ask_payer(Request&& request, Responder responder) {
  const auto visit = payer_visit(request, responder);
  if (!visit) return;
  const std::string comes_back = parts_.view.public_url + "/v1/orders/" + visit->order_no +
                                 "/payments/" + std::to_string(visit->payment_no) + "/payer/named";
  const auto state = payer_states_.make(visit->order_no, visit->payment_no, parts_.clock.now());
  const auto link = visit->channel->channel->payer_link(comes_back, state);
  responder.send(redirect(link ? *link : visit->order_page));
}

void Storefront::take_payer(Request&& request, Responder responder) {
  auto visit = payer_visit(request, responder);
  if (!visit) return;
  const auto now = parts_.clock.now();
  const auto verdict = payer_states_.check(request.query.once("state").value_or(""),
                                           visit->order_no, visit->payment_no, now);
  if (verdict != PayerStateVerdict::good)
    return responder.send(
        visit->back(verdict == PayerStateVerdict::expired ? "state_expired" : "state_wrong"));
  const std::string_view code = request.query.once("code").value_or("");
  if (code.empty()) return responder.send(visit->back("declined"));
  if (!is_code(code)) return responder.send(visit->back("code_invalid"));
  if (!asked_payers_.admit(visit->order_no, now))
    return responder.send(visit->back("too_many_requests"));
  find_payer(std::move(*visit), std::string(code), std::move(responder));
}

// What failed may have been asked before, by a page that is loaded again: then he is named already.
void Storefront::find_payer(PayerVisit visit, std::string code, Responder responder) {
  visit.question = visit.order_no + "\n" + std::to_string(visit.payment_no) + "\n" + code;
  if (!waiting_payers_.join(visit.question, std::move(responder))) return;
  auto* channel = visit.channel->channel;
  channel->find_payer(
      std::move(code),
      [this, visit = std::move(visit)](base::Result<std::string, ports::PayerRefusal> payer_id) {
        if (payer_id) return name_payer(visit, *payer_id);
        const auto order = parts_.reader.find_order(visit.order);
        const auto index = static_cast<std::size_t>(visit.payment_no - 1);
        if (order && !order->intents[index].waits_for_payer())
          return waiting_payers_.answer(visit.question, redirect(visit.order_page));
        if (parts_.on_payer_unknown)
          parts_.on_payer_unknown(visit.channel->code, payer_id.error(), visit.request_id);
        waiting_payers_.answer(visit.question, visit.back(base::name_of(payer_id.error())));
      });
}

void Storefront::name_payer(const PayerVisit& visit, std::string_view payer_id) {
  engine::OpenPayment command;
  command.order = visit.order;
  command.channel = visit.channel->code;
  command.needs_create = true;
  command.payer = payer_of(*visit.channel, payer_id, visit.client_address);
  parts_.lane.submit(std::move(command), [this, visit](const engine::Answer& answer) {
    // Paid, or over: the page says so by itself.
    const bool is_told = answer.refusal == engine::Refusal::already_paid ||
                         answer.refusal == engine::Refusal::payment_window_over;
    const std::string_view how = answer.refusal == engine::Refusal::none ? "named"
                                 : answer.refusal == engine::Refusal::too_many_payments
                                     ? "too_many_payments"
                                     : "shop_unavailable";
    waiting_payers_.answer(visit.question, is_told ? redirect(visit.order_page) : visit.back(how));
  });
}

}  // namespace daozhang::api
