#include "sandbox/postman.h"

#include <algorithm>
#include <utility>

#include "base/hex.h"
#include "crypto/random.h"
#include "sandbox/epay_notify.h"
#include "sandbox/form_text.h"
#include "sandbox/wechat_notify.h"

namespace daozhang::sandbox {
namespace {

namespace supplier = connectors::supplier::http;

constexpr base::Duration answer_time_max = base::seconds(5);
constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";
constexpr base::Duration nap_most = base::seconds(1);
constexpr base::Duration nap_least = base::milliseconds(1);

net::OutgoingRequest post_request(const Delivery& delivery, std::string content_type,
                                  std::string body) {
  net::OutgoingRequest request;
  request.method = net::Method::post;
  request.url = delivery.url;
  request.headers = {{"Content-Type", std::move(content_type)}};
  request.body = std::move(body);
  request.total_time_max = answer_time_max;
  request.reply_bytes_max = 64 * 1024;
  return request;
}

NotifySending prepare(const Delivery& delivery, const World::Books& books) {
  if (delivery.kind == DeliveryKind::wechatpay_notify)
    return prepare_wechat_notify(delivery, books.faults);
  if (delivery.kind == DeliveryKind::epay_notify)
    return prepare_epay_notify(delivery, books.faults);
  return prepare_notify(delivery, books.faults, books.now);
}

DeliveryLog log_of(const Delivery& delivery, std::string tampering) {
  DeliveryLog log;
  log.id = delivery.id;
  log.kind = delivery.kind;
  log.number = delivery.number;
  log.url = delivery.url;
  log.attempt = delivery.attempts;
  log.at = World::now();
  log.tampering = std::move(tampering);
  return log;
}

bool is_acknowledged(DeliveryKind kind, const net::OutgoingResult& result) {
  if (result.outcome != net::OutgoingOutcome::replied) return false;
  if (kind == DeliveryKind::alipay_notify || kind == DeliveryKind::epay_notify)
    return result.status == 200 && result.body == "success";
  return result.status >= 200 && result.status < 300;
}

}  // namespace

Postman::Postman(World& world, Wires wires, supplier::Credentials supplier_credentials,
                 net::Executor& loop, net::HttpClient& client)
    : world_(world),
      wires_(wires),
      credentials_(std::move(supplier_credentials)),
      loop_(loop),
      client_(client) {}

void Postman::wake() {
  if (is_woken_.exchange(true)) return;
  loop_.post([this] { work(); });
}

void Postman::work() {
  is_woken_ = false;
  const std::size_t busy = in_flight_;
  const std::size_t room = busy < in_flight_max ? in_flight_max - busy : 0;
  auto due = world_.with_quietly([room](World::Books& books) {
    books.step();
    return books.deliveries.take_due(books.now, room);
  });
  for (Delivery& delivery : due) send(std::move(delivery));
  sleep();
}

void Postman::sleep() {
  if (timer_ != 0) loop_.cancel(std::exchange(timer_, 0));
  const base::Instant next = world_.next_due();
  if (!next.is_set()) return;
  // A full house is woken by the next answer; the nap's limit follows a wall clock that is set.
  const base::Duration wait = in_flight_ < in_flight_max ? next - World::now() : nap_most;
  timer_ = loop_.after(std::clamp(wait, nap_least, nap_most), [this] {
    timer_ = 0;
    wake();
  });
}

void Postman::send(Delivery delivery) {
  std::uint32_t copies = 0;
  Letter letter;
  if (delivery.kind != DeliveryKind::supplier_callback) {
    const auto sending =
        world_.with_quietly([&](World::Books& books) { return prepare(delivery, books); });
    copies = sending.copies;
    letter = notice_letter(delivery, sending);
  } else {
    const auto sending = world_.with_quietly(
        [&](World::Books& books) { return prepare_callback(delivery, books.faults); });
    copies = sending.copies;
    letter = callback_letter(delivery, sending);
  }
  world_.with_quietly([&](World::Books& books) {
    if (copies == 0) books.deliveries.log(letter.log);
    books.deliveries.sent(delivery.id, copies, books.now);
    return 0;
  });
  for (std::uint32_t copy = 0; copy < copies; ++copy) post(letter);
}

Postman::Letter Postman::notice_letter(const Delivery& delivery, const NotifySending& sending) {
  Letter letter;
  letter.log = log_of(delivery, sending.tampering);
  if (!sending.lost) letter.request = notice_request(delivery, sending);
  return letter;
}

net::OutgoingRequest Postman::notice_request(const Delivery& delivery,
                                             const NotifySending& sending) const {
  if (delivery.kind == DeliveryKind::wechatpay_notify) return wechat_request(delivery, sending);
  if (delivery.kind == DeliveryKind::epay_notify) return epay_request(delivery, sending);
  return post_request(delivery, std::string(form_type),
                      wires_.alipay.render_notice(sending.fields, sending.spoil_signature));
}

net::OutgoingRequest Postman::wechat_request(const Delivery& delivery,
                                             const NotifySending& sending) const {
  // A journal of before may hold what a channel had to tell that is played no more.
  if (wires_.wechatpay == nullptr) return post_request(delivery, "application/json", {});
  auto message = wires_.wechatpay->render_notice(wechat_notice_facts(sending.fields), sending.trick,
                                                 sending.spoil_signature, World::now());
  auto request = post_request(delivery, message.content_type, std::move(message.body));
  for (auto& [name, value] : message.headers)
    request.headers.push_back({std::move(name), std::move(value)});
  return request;
}

net::OutgoingRequest Postman::epay_request(const Delivery& delivery,
                                           const NotifySending& sending) const {
  const bool v1 = field(sending.fields, "_version") == base::name_of(EpayVersion::v1);
  const bool played =
      wires_.epay != nullptr && wires_.epay->plays(v1 ? EpayVersion::v1 : EpayVersion::v2);
  std::string form;
  if (played)
    form = wires_.epay->render_notice(sending.fields, sending.spoil_signature, World::now());
  if (field(sending.fields, "_method") == "post")
    return post_request(delivery, std::string(form_type), std::move(form));
  auto request = post_request(delivery, {}, {});
  request.method = net::Method::get;
  request.headers.clear();
  request.url = with_query(std::move(request.url), form);
  return request;
}

Postman::Letter Postman::callback_letter(const Delivery& delivery, const CallbackSending& sending) {
  Letter letter{log_of(delivery, sending.tampering),
                post_request(delivery, "application/json", sending.body)};
  const std::string nonce = base::to_hex(crypto::random_bytes(16));
  supplier::Credentials credentials = credentials_;
  if (sending.spoil_signature) credentials.secret += "not the secret";
  const auto headers =
      supplier::sign(credentials, "POST", path_of(delivery.url), sending.body, World::now(), nonce);
  letter.request.headers.push_back({std::string(supplier::key_header), headers.key});
  letter.request.headers.push_back({std::string(supplier::timestamp_header), headers.timestamp});
  letter.request.headers.push_back({std::string(supplier::nonce_header), headers.nonce});
  letter.request.headers.push_back({std::string(supplier::signature_header), headers.signature});
  return letter;
}

void Postman::post(Letter letter) {
  ++in_flight_;
  client_.call(std::move(letter.request),
               [this, log = std::move(letter.log)](net::OutgoingResult&& result) mutable {
                 take_answer(std::move(log), result);
               });
}

void Postman::take_answer(DeliveryLog log, const net::OutgoingResult& result) {
  --in_flight_;
  if (result.fault == net::OutgoingFault::stopped) return;
  log.at = World::now();
  log.status = result.status;
  log.answer = result.outcome == net::OutgoingOutcome::replied ? result.body : result.detail;
  log.acknowledged = is_acknowledged(log.kind, result);
  world_.with_quietly([&](World::Books& books) {
    books.deliveries.answered(std::move(log));
    return 0;
  });
  wake();
}

}  // namespace daozhang::sandbox
