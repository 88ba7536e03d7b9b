#include "connectors/supplier/http/mapping.h"

#include <utility>

#include "base/check.h"
#include "connectors/supplier/http/supplier_protocol.h"

namespace daozhang::connectors::supplier::http {
namespace {

using ports::Outcome;
using ports::SupplierAnswer;
using ports::SupplierCall;
using ports::SupplierCallKind;
using ports::SupplierWord;

// Supplier's words go to people and into rows; no more than this of them.
constexpr std::size_t reason_length_max = 200;
constexpr std::size_t proof_length_max = 512;

std::string order_json(const Account& account, const SupplierCall& call) {
  Order order;
  order.reference = call.reference;
  order.sku = call.sku;
  order.target = call.target;
  order.face_minor = call.face_minor;
  order.currency = base::name_of(call.currency);
  order.max_cost_minor = call.cost_minor_max;
  order.callback_url = account.callback_url;
  return to_json(order);
}

SupplierAnswer answer_of(Outcome outcome, SupplierWord word, std::string reason) {
  SupplierAnswer answer;
  answer.outcome = outcome;
  answer.word = word;
  answer.reason = std::move(reason);
  return answer;
}

SupplierAnswer unknown(std::string reason) {
  return answer_of(Outcome::unknown, SupplierWord::none, std::move(reason));
}

std::pair<Outcome, SupplierWord> meaning_of(OrderStatus status) {
  switch (status) {
    case OrderStatus::accepted:
      return {Outcome::accepted, SupplierWord::working};
    case OrderStatus::done:
      return {Outcome::done, SupplierWord::done};
    case OrderStatus::failed:
      return {Outcome::failed, SupplierWord::failed};
    case OrderStatus::canceled:
      return {Outcome::failed, SupplierWord::canceled};
    case OrderStatus::reversed:
      return {Outcome::failed, SupplierWord::reversed};
  }
  UNREACHABLE();
}

// Cut between characters, so that it stays UTF-8.
std::string cut(std::string text, std::size_t length_max) {
  if (text.size() <= length_max) return text;
  std::size_t end = length_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

SupplierAnswer read_success(const SupplierCall& call, std::string_view body) {
  auto record = read_record(body);
  if (!record) return unknown("unreadable: " + record.error().why);
  if (record->reference != call.reference) return unknown("reference_differs");
  const auto [outcome, word] = meaning_of(record->status);
  SupplierAnswer answer =
      answer_of(outcome, word, cut(std::move(record->reason).value_or(""), reason_length_max));
  answer.supplier_order_no = std::move(record->supplier_order_no);
  answer.cost_minor = record->cost_minor;
  if (outcome != Outcome::done) return answer;
  answer.proof = cut(std::move(record->proof).value_or(""), proof_length_max);
  if (record->cost_minor > call.cost_minor_max) {
    answer.reason = "cost_over_limit: " + std::to_string(record->cost_minor) + " > " +
                    std::to_string(call.cost_minor_max);
  }
  return answer;
}

SupplierAnswer read_refusal(const SupplierCall& call, int status, std::string_view body) {
  auto error = read_error(body);
  if (!error) return unknown("http_" + std::to_string(status) + ": " + error.error().why);
  std::string reason(base::name_of(error->code));
  if (!error->detail.empty()) reason += ": " + cut(std::move(error->detail), reason_length_max);
  // Nobody refuses the sku or the target of a question.
  if (is_definite(error->code) && call.kind == SupplierCallKind::submit) {
    SupplierAnswer answer = answer_of(Outcome::failed, SupplierWord::failed, std::move(reason));
    answer.retry_can_help = error->code == ErrorCode::insufficient_balance;
    return answer;
  }
  if (error->code == ErrorCode::not_found && call.kind != SupplierCallKind::submit) {
    return answer_of(Outcome::unknown, SupplierWord::not_found, std::move(reason));
  }
  if (error->code == ErrorCode::too_late && call.kind == SupplierCallKind::cancel) {
    return answer_of(Outcome::unknown, SupplierWord::too_late, std::move(reason));
  }
  return unknown(std::move(reason));
}

ports::HintRefusal hint_refusal_of(SignatureRefusal refusal) {
  switch (refusal) {
    case SignatureRefusal::signature_missing:
      return ports::HintRefusal::signature_missing;
    case SignatureRefusal::key_unknown:
      return ports::HintRefusal::key_unknown;
    case SignatureRefusal::nonce_malformed:
      return ports::HintRefusal::unreadable;
    case SignatureRefusal::timestamp_malformed:
    case SignatureRefusal::timestamp_outside:
      return ports::HintRefusal::timestamp_outside;
    case SignatureRefusal::signature_invalid:
      return ports::HintRefusal::signature_invalid;
  }
  UNREACHABLE();
}

PreparedRequest prepared(const Account& account, std::string_view method, std::string path,
                         std::string body, base::Instant now, std::string_view nonce) {
  PreparedRequest request;
  request.method = method;
  request.path = std::move(path);
  request.body = std::move(body);
  request.headers =
      sign(account.credentials, request.method, request.path, request.body, now, nonce);
  return request;
}

}  // namespace

PreparedRequest prepare(const Account& account, const SupplierCall& call, base::Instant now,
                        std::string_view nonce) {
  CHECK(is_reference(call.reference));
  std::string path = account.base_path + "/v1/orders";
  switch (call.kind) {
    case SupplierCallKind::submit:
      return prepared(account, "POST", std::move(path), order_json(account, call), now, nonce);
    case SupplierCallKind::query:
      return prepared(account, "GET", path + "/" + call.reference, "", now, nonce);
    case SupplierCallKind::cancel:
      return prepared(account, "POST", path + "/" + call.reference + "/cancel", "", now, nonce);
  }
  UNREACHABLE();
}

PreparedRequest prepare_balance(const Account& account, base::Instant now, std::string_view nonce) {
  return prepared(account, "GET", account.base_path + "/v1/balance", "", now, nonce);
}

SupplierAnswer read_reply(const SupplierCall& call, int status, std::string_view body) {
  if (status >= 200 && status < 300) return read_success(call, body);
  if (status >= 400 && status < 500) return read_refusal(call, status, body);
  return unknown("http_" + std::to_string(status));
}

SupplierAnswer unanswered(bool sent, std::string_view fault) {
  if (sent) return unknown("no_reply: " + std::string(fault));
  SupplierAnswer answer;
  answer.outcome = Outcome::failed;
  answer.retry_can_help = true;
  answer.reason = "not_sent: " + std::string(fault);
  return answer;
}

base::Result<ports::SupplierHint, ports::HintRefusal> read_hint(
    const Account& account, const ports::CallbackRequest& request, base::Instant now) {
  SignedRequest signed_request;
  signed_request.method = request.method;
  signed_request.path = request.path;
  signed_request.body = request.body;
  signed_request.key = request.header(key_header);
  signed_request.timestamp = request.header(timestamp_header);
  signed_request.nonce = request.header(nonce_header);
  signed_request.signature = request.header(signature_header);
  const auto verified = verify(account.credentials, signed_request, now);
  if (!verified) return base::refuse(hint_refusal_of(verified.error()));
  auto record = read_callback(request.body);
  if (!record) return base::refuse(ports::HintRefusal::unreadable);
  ports::SupplierHint hint;
  hint.reference = std::move(record->reference);
  return hint;
}

}  // namespace daozhang::connectors::supplier::http
