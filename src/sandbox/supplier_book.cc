#include "sandbox/supplier_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"

namespace daozhang::sandbox {
namespace {

FaultSubject subject_of(const SupplyRequest& request) {
  FaultSubject subject{request.reference, request.sku, {}};
  for (const auto& [name, value] : request.target) subject.targets.push_back(value);
  return subject;
}

bool is_phone(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  return text.size() >= 6 && text.size() <= 15 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_possible(const Fields& target) {
  if (target.empty()) return false;
  return std::all_of(target.begin(), target.end(), [](const auto& pair) {
    return !pair.second.empty() && (pair.first != "phone" || is_phone(pair.second));
  });
}

// What the supplier took from the balance for the order at present.
std::int64_t charged(const SupplyOrder& order) {
  const bool keeps = order.status == SupplyStatus::accepted || order.status == SupplyStatus::done;
  return keeps ? order.cost_minor : 0;
}

}  // namespace

connectors::supplier::http::Record record_of(const SupplyOrder& order) {
  connectors::supplier::http::Record record;
  record.reference = order.request.reference;
  record.status = order.status;
  record.supplier_order_no = order.supplier_order_no;
  record.cost_minor = order.cost_minor;
  if (!order.proof.empty()) record.proof = order.proof;
  if (!order.reason.empty()) record.reason = order.reason;
  return record;
}

SupplierBook::SupplierBook(SupplierTerms terms, FaultBoard& faults, DeliveryQueue& deliveries,
                           std::uint64_t seed)
    : terms_(std::move(terms)),
      faults_(faults),
      deliveries_(deliveries),
      prng_(seed, "supplier"),
      balance_minor_(terms_.opening_balance_minor) {}

Manner SupplierBook::manner_of(const FaultSubject& subject) {
  Manner manner;
  manner.down = faults_.strike("supplier_down", subject).has_value();
  if (const auto slow = faults_.strike("supplier_slow", subject))
    manner.delay = slow->duration("ms");
  return manner;
}

SupplyAnswer SupplierBook::submit(const SupplyRequest& request, base::Instant now) {
  step(now);
  SupplyAnswer answer;
  const FaultSubject subject = subject_of(request);
  answer.manner = manner_of(subject);
  if (answer.manner.down) return answer;
  if (const SupplyOrder* known = find(request.reference)) {
    if (known->request != request)
      answer.refusal = SupplyRefusal::reference_conflict;
    else
      answer.view = *known;
    return answer;
  }
  answer.refusal = place(request, now);
  if (answer.refusal) return answer;
  answer.view = *find(request.reference);
  if (const auto fault = faults_.strike("execute_lose_reply", subject)) {
    answer.manner.delay = answer.manner.delay + fault->duration("hold_ms");
    answer.manner.lose_reply = true;
  }
  return answer;
}

std::optional<SupplyRefusal> SupplierBook::objection(const SupplyRequest& request,
                                                     std::int64_t cost_minor) {
  if (!terms_.skus.empty() &&
      std::find(terms_.skus.begin(), terms_.skus.end(), request.sku) == terms_.skus.end())
    return SupplyRefusal::unknown_sku;
  if (request.currency != terms_.currency) return SupplyRefusal::unknown_sku;
  if (!is_possible(request.target)) return SupplyRefusal::invalid_target;
  if (cost_minor > request.max_cost_minor) return SupplyRefusal::cost_exceeds_limit;
  if (cost_minor > balance_minor_ || faults_.strike("out_of_balance", subject_of(request)))
    return SupplyRefusal::insufficient_balance;
  if (orders_.size() >= orders_max) return SupplyRefusal::rate_limited;
  return std::nullopt;
}

std::optional<SupplyRefusal> SupplierBook::place(const SupplyRequest& request, base::Instant now) {
  SupplyOrder order;
  order.request = request;
  order.cost_minor = (request.face_minor * terms_.cost_percent + 99) / 100;
  if (const auto refusal = objection(request, order.cost_minor)) return refusal;
  order.supplier_order_no = fmt::format("SBX{:015}", prng_.below(1'000'000'000'000'000));
  order.accepted_at = now;
  order.changed_at = now;
  balance_minor_ -= order.cost_minor;
  SupplyOrder& placed = orders_.emplace(request.reference, std::move(order)).first->second;
  changed_.insert(request.reference);
  plan(placed, now);
  return std::nullopt;
}

void SupplierBook::plan(SupplyOrder& order, base::Instant now) {
  const FaultSubject subject = subject_of(order.request);
  base::Instant at = now + terms_.done_after;
  if (faults_.strike("silent", subject)) return;
  if (const auto fault = faults_.strike("fail_definitely", subject)) {
    if (fault->number("at_once") != 0) {
      become(order, SupplyStatus::failed, now);
      return;
    }
    order.steps = {{at, SupplyStatus::failed}};
  } else if (const auto later = faults_.strike("fail_then_done", subject)) {
    order.steps = {{at, SupplyStatus::failed}, {at + later->duration("s"), SupplyStatus::done}};
  } else {
    if (const auto late = faults_.strike("answer_late", subject)) at = at + late->duration("s");
    order.steps = {{at, SupplyStatus::done}};
    if (const auto back = faults_.strike("reverse_later", subject))
      order.steps.push_back({at + back->duration("s"), SupplyStatus::reversed});
  }
  due_.emplace(order.steps.front().at, order.request.reference);
}

SupplyAnswer SupplierBook::query(std::string_view reference, base::Instant now) {
  step(now);
  SupplyAnswer answer;
  const SupplyOrder* order = find(reference);
  const FaultSubject subject =
      order != nullptr ? subject_of(order->request) : FaultSubject{reference, {}, {}};
  answer.manner = manner_of(subject);
  if (answer.manner.down) return answer;
  const bool hidden = order != nullptr && order->status == SupplyStatus::accepted &&
                      faults_.strike("not_found_in_flight", subject);
  if (order == nullptr || hidden)
    answer.refusal = SupplyRefusal::not_found;
  else
    answer.view = *order;
  return answer;
}

SupplyAnswer SupplierBook::cancel(std::string_view reference, base::Instant now) {
  step(now);
  SupplyAnswer answer;
  const auto found = orders_.find(reference);
  const FaultSubject subject =
      found != orders_.end() ? subject_of(found->second.request) : FaultSubject{reference, {}, {}};
  answer.manner = manner_of(subject);
  if (answer.manner.down) return answer;
  if (found == orders_.end()) {
    answer.refusal = SupplyRefusal::not_found;
    return answer;
  }
  SupplyOrder& order = found->second;
  if (order.status == SupplyStatus::accepted && !faults_.strike("cancel_refused", subject)) {
    if (!order.steps.empty()) due_.erase({order.steps.front().at, order.request.reference});
    order.steps.clear();
    become(order, SupplyStatus::canceled, now);
  } else if (order.status != SupplyStatus::canceled) {
    answer.refusal = SupplyRefusal::too_late;
  }
  answer.view = order;
  return answer;
}

void SupplierBook::step(base::Instant now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    SupplyOrder& order = orders_.find(due_.begin()->second)->second;
    due_.erase(due_.begin());
    CHECK(!order.steps.empty());
    const SupplyStep next = order.steps.front();
    order.steps.erase(order.steps.begin());
    if (!order.steps.empty()) due_.emplace(order.steps.front().at, order.request.reference);
    become(order, next.status, next.at);
  }
}

void SupplierBook::become(SupplyOrder& order, SupplyStatus status, base::Instant now) {
  balance_minor_ += charged(order);
  order.status = status;
  balance_minor_ -= charged(order);
  order.changed_at = now;
  order.reason.clear();
  switch (status) {
    case SupplyStatus::accepted:
      break;
    case SupplyStatus::done:
      ++order.executed;
      order.proof = fmt::format("流水号{}", order.supplier_order_no.substr(3));
      break;
    case SupplyStatus::failed:
      order.reason = "operator_refused";
      break;
    case SupplyStatus::canceled:
      order.reason = "canceled_by_customer";
      break;
    case SupplyStatus::reversed:
      ++order.reversed;
      order.reason = "reversed_by_operator";
      break;
  }
  changed_.insert(order.request.reference);
  call_back(order, now);
}

void SupplierBook::call_back(const SupplyOrder& order, base::Instant now) {
  if (order.request.callback_url.empty()) return;
  Delivery delivery;
  delivery.id = fmt::format("cb{:016x}", prng_.next());
  delivery.kind = DeliveryKind::supplier_callback;
  delivery.number = order.request.reference;
  delivery.title = order.request.sku;
  for (const auto& [name, value] : order.request.target) delivery.title += " " + value;
  delivery.url = order.request.callback_url;
  delivery.fields = {{"body", connectors::supplier::http::callback_json(record_of(order))}};
  delivery.due_at = now;
  deliveries_.add(std::move(delivery));
}

base::Instant SupplierBook::next_due() const {
  return due_.empty() ? base::Instant{} : due_.begin()->first;
}

const SupplyOrder* SupplierBook::find(std::string_view reference) const {
  const auto found = orders_.find(reference);
  return found == orders_.end() ? nullptr : &found->second;
}

std::vector<std::string> SupplierBook::take_changed() {
  std::vector<std::string> keys(changed_.begin(), changed_.end());
  changed_.clear();
  return keys;
}

void SupplierBook::restore(SupplyOrder order) {
  balance_minor_ -= charged(order);
  if (!order.steps.empty()) due_.emplace(order.steps.front().at, order.request.reference);
  const std::string key = order.request.reference;
  const bool is_new = orders_.emplace(key, std::move(order)).second;
  CHECK(is_new);
}

void SupplierBook::reset() {
  orders_.clear();
  due_.clear();
  changed_.clear();
  balance_minor_ = terms_.opening_balance_minor;
}

CallbackSending prepare_callback(const Delivery& delivery, FaultBoard& faults) {
  const FaultSubject subject{delivery.number, delivery.title, {}};
  CallbackSending sending;
  sending.body = field(delivery.fields, "body");
  if (faults.strike("callback_lost", subject)) {
    sending.copies = 0;
    sending.tampering = "callback_lost";
    return sending;
  }
  if (faults.strike("callback_forged", subject)) {
    sending.spoil_signature = true;
    sending.tampering = "callback_forged";
  }
  if (const auto copies = faults.strike("answer_twice", subject)) {
    sending.copies = static_cast<std::uint32_t>(copies->number("copies"));
    sending.tampering += sending.tampering.empty() ? "answer_twice" : ",answer_twice";
  }
  return sending;
}

}  // namespace daozhang::sandbox
