#include "sim/peers/supplier_wire.h"

#include <fmt/format.h>

#include "base/check.h"

namespace daozhang::sim {
namespace {

namespace http = connectors::supplier::http;
using ports::Outcome;
using ports::SupplierCallKind;
using ports::SupplierWord;

constexpr std::string_view callback_path = "/v1/callbacks/supplier";

const http::Account& account() {
  static const http::Account made{
      "/api", {"shop-1", "qPz8Lw3Rk7Tn5Vx2"}, "https://shop.example/v1/callbacks/supplier"};
  return made;
}

// Of two shops of one supplier the key says who it is, and the secret differs.
const http::Credentials foreign{"shop-1", "Jd6Yb1Mf9Hs4Gc0W"};

struct Said {
  int status = 200;
  std::string body;
};

Said no(http::ErrorCode code) { return {http::http_status_of(code), http::error_json(code, "no")}; }

http::OrderStatus status_of(SupplierWord word) {
  switch (word) {
    case SupplierWord::working:
      return http::OrderStatus::accepted;
    case SupplierWord::done:
      return http::OrderStatus::done;
    case SupplierWord::failed:
      return http::OrderStatus::failed;
    case SupplierWord::canceled:
      return http::OrderStatus::canceled;
    case SupplierWord::reversed:
      return http::OrderStatus::reversed;
    case SupplierWord::none:
    case SupplierWord::too_late:
    case SupplierWord::not_found:
      break;
  }
  UNREACHABLE();
}

Said reply_to(const ports::SupplierCall& call, const ports::SupplierAnswer& answer) {
  if (answer.word == SupplierWord::not_found) return no(http::ErrorCode::not_found);
  if (answer.word == SupplierWord::too_late) return no(http::ErrorCode::too_late);
  if (answer.retry_can_help) return no(http::ErrorCode::insufficient_balance);
  http::Record record;
  record.reference = call.reference;
  record.status = status_of(answer.word);
  record.supplier_order_no = answer.supplier_order_no;
  record.cost_minor = answer.cost_minor;
  if (!answer.proof.empty()) record.proof = answer.proof;
  if (!answer.reason.empty()) record.reason = answer.reason;
  return {200, http::to_json(record)};
}

std::string expected_path(const ports::SupplierCall& call) {
  const auto orders = account().base_path + "/v1/orders";
  if (call.kind == SupplierCallKind::submit) return orders;
  return orders + "/" + call.reference + (call.kind == SupplierCallKind::cancel ? "/cancel" : "");
}

}  // namespace

std::string SupplierWire::nonce() { return fmt::format("{:032x}", ++nonces_); }

ports::SupplierCall SupplierWire::carry_call(const ports::SupplierCall& call) {
  const auto sent = http::prepare(account(), call, now_(), nonce());
  const auto& proof = sent.headers;
  CHECK(http::verify(
      account().credentials,
      {sent.method, sent.path, sent.body, proof.key, proof.timestamp, proof.nonce, proof.signature},
      now_()));
  CHECK(sent.path == expected_path(call));
  if (call.kind != SupplierCallKind::submit) return call;
  const auto order = http::read_order(sent.body);
  CHECK(order);
  const auto currency = base::enum_named<domain::Currency>(order->currency);
  CHECK(currency);
  return {call.kind,         order->reference,      order->sku, order->target,
          order->face_minor, order->max_cost_minor, *currency};
}

ports::SupplierAnswer SupplierWire::carry_answer(const ports::SupplierCall& call,
                                                 const ports::SupplierAnswer& answer) {
  const auto [status, body] = reply_to(call, answer);
  return http::read_reply(call, status, body);
}

SupplierCallback SupplierWire::signed_by(const http::Credentials& credentials,
                                         const http::Record& record) {
  SupplierCallback callback;
  callback.body = http::callback_json(record);
  callback.headers = http::sign(credentials, "POST", callback_path, callback.body, now_(), nonce());
  return callback;
}

SupplierCallback SupplierWire::write_callback(const http::Record& record) {
  return signed_by(account().credentials, record);
}

SupplierCallback SupplierWire::write_forged_callback(const http::Record& record) {
  return signed_by(foreign, record);
}

SupplierCallback SupplierWire::unsigned_copy(SupplierCallback callback) {
  callback.headers.signature.clear();
  return callback;
}

base::Result<std::string, ports::HintRefusal> SupplierWire::read_callback(
    const SupplierCallback& callback) const {
  const auto header = [&](std::string_view name) -> std::string_view {
    if (name == http::key_header) return callback.headers.key;
    if (name == http::timestamp_header) return callback.headers.timestamp;
    if (name == http::nonce_header) return callback.headers.nonce;
    return name == http::signature_header ? std::string_view(callback.headers.signature) : "";
  };
  auto hint = http::read_hint(account(), {"POST", callback_path, callback.body, header}, now_());
  if (!hint) return base::refuse(hint.error());
  return std::move(hint->reference);
}

}  // namespace daozhang::sim
