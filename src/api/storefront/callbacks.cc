// Messages of channels and suppliers. The channel's word for "received" is given only after the
// commit that stores the fact.
#include "api/storefront/body.h"
#include "api/storefront/storefront.h"
#include "base/ascii.h"
#include "domain/order/references.h"
#include "net/client_network.h"

namespace daozhang::api {

namespace {

ports::NoticeMessage message_of(net::Request&& request) {
  ports::NoticeMessage message;
  message.method = net::to_string(request.method);
  const auto question = request.target.find('?');
  if (question != std::string::npos) message.query = request.target.substr(question + 1);
  message.content_type = request.header("Content-Type");
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const auto field = request.headers.at(i);
    if (ports::is_signature_header(field.name))
      message.headers.emplace_back(base::lower(field.name), field.value);
  }
  message.body = std::move(request.body);
  return message;
}

}  // namespace

void Storefront::take_notice(Request&& request, Responder responder) {
  const ChannelEntry* entry = find_channel(request.capture("channel"));
  if (entry == nullptr)
    return responder.send(problem(404, "channel_unknown", language_of(request)));
  ports::PaymentChannel* channel = entry->channel;
  const bool by_get = request.method == net::Method::get && channel->capabilities().notice_by_get;
  if (request.method != net::Method::post && !by_get)
    return responder.send(
        problem(405, "method_not_allowed", language_of(request)).with("Allow", "POST"));
  const std::string request_id = request.request_id;
  const std::string client_address = request.client_address;
  auto message = message_of(std::move(request));
  auto notice = channel->read_notice(message, parts_.clock.outside_now());
  auto waiting = std::make_shared<Responder>(std::move(responder));
  const std::string reason(notice ? std::string_view{} : base::name_of(notice.error()));
  const auto answer_with = [this, waiting, channel, reason, code = entry->code,
                            request_id](engine::Answer answer) {
    if (answer.reason == "order_lost" && answer.order && parts_.on_order_adopted)
      parts_.on_order_adopted(code, answer.order->header.order_no, request_id);
    if (answer.refusal == engine::Refusal::none)
      return waiting->send(net::text_response(200, std::string(channel->notice_accepted())));
    if (answer.refusal == engine::Refusal::notice_refused && parts_.on_notice_refused)
      parts_.on_notice_refused(code, answer.reason.empty() ? reason : answer.reason, request_id);
    const int status = answer.refusal == engine::Refusal::notice_refused ? 400 : 503;
    waiting->send(net::text_response(status, std::string(channel->notice_refused())));
  };
  if (notice) {
    parts_.lane.submit(engine::TakeNotice{entry->code, std::move(*notice), std::move(message)},
                       answer_with);
    return;
  }
  // Forgeries are recorded, but nobody fills the disk with them.
  const auto now = parts_.clock.now();
  const bool is_kept = refused_notices_.admit(net::client_network(client_address), now) &&
                       refused_by_channel_.admit(entry->code, now);
  if (!is_kept) {
    engine::Answer answer;
    answer.refusal = engine::Refusal::notice_refused;
    return answer_with(std::move(answer));
  }
  parts_.lane.submit(
      engine::RecordRefusedNotice{entry->code, std::string(base::name_of(notice.error())),
                                  std::move(message)},
      answer_with);
}

void Storefront::take_supplier_callback(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto it = parts_.suppliers.find(std::string(request.capture("supplier")));
  if (it == parts_.suppliers.end())
    return responder.send(problem(404, "supplier_unknown", language));
  ports::CallbackRequest callback;
  callback.method = net::to_string(request.method);
  callback.path = request.path;
  callback.body = request.body;
  callback.header = [&request](std::string_view name) { return request.header(name); };
  const auto hint = it->second->read_callback(callback, parts_.clock.outside_now());
  if (!hint)
    return responder.send(problem(401, "callback_refused", language,
                                  {{"signature", std::string(base::name_of(hint.error()))}}));
  const auto ref = domain::parse_attempt_ref(hint->reference);
  const auto key = ref ? parts_.numbers.order_of(ref->order_no) : std::nullopt;
  if (!key) return responder.send(order_not_found(language));
  auto waiting = std::make_shared<Responder>(std::move(responder));
  parts_.lane.submit(engine::TakeHint{*key, hint->reference},
                     [waiting, language](engine::Answer answer) {
                       if (answer.refusal != engine::Refusal::none)
                         return waiting->send(problem_of(answer.refusal, language));
                       waiting->send(net::json_response(200, R"({"ok":true})"));
                     });
}

}  // namespace daozhang::api
