// A supplier's replies. The first line is the call (0 submit, 1 query, 2 cancel) and the HTTP
// status, the rest the body. Only an explicit yes about our reference is done, only an explicit no
// has failed.
#include <charconv>

#include "connectors/supplier/http/mapping.h"
#include "connectors/supplier/http/supplier_protocol.h"
#include "domain/money/money.h"
#include "json/utf8.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace supplier = connectors::supplier::http;
using ports::Outcome;

ports::SupplierCall call_of(std::size_t kind) {
  ports::SupplierCall call;
  call.kind = static_cast<ports::SupplierCallKind>(kind);
  call.reference = "T7K2P9_u1a1";
  call.sku = "phone-50";
  call.target = {{"phone", "+8613812345678"}};
  call.face_minor = 5000;
  call.cost_minor_max = 4960;
  return call;
}

void check_answer(const ports::SupplierCall& call, int status, std::string_view body,
                  const ports::SupplierAnswer& answer) {
  CHECK(answer.cost_minor >= 0 && answer.cost_minor <= domain::amount_minor_max);
  CHECK(answer.reason.size() <= 300 && answer.proof.size() <= 512);
  CHECK(answer.supplier_order_no.size() <= 64);
  CHECK(json::is_utf8(answer.reason) && json::is_utf8(answer.proof));
  if (answer.retry_can_help) CHECK(answer.outcome == Outcome::failed);
  if (answer.outcome == Outcome::unknown) return;
  if (status >= 200 && status < 300) {
    const auto record = supplier::read_record(body);
    CHECK(record && record->reference == call.reference);
    CHECK(answer.cost_minor == record->cost_minor);
    CHECK((answer.outcome == Outcome::done) == (record->status == supplier::OrderStatus::done));
    CHECK((answer.outcome == Outcome::accepted) ==
          (record->status == supplier::OrderStatus::accepted));
  } else {
    const auto error = supplier::read_error(body);
    CHECK(status >= 400 && status < 500 && error && supplier::is_definite(error->code));
    CHECK(answer.outcome == Outcome::failed && call.kind == ports::SupplierCallKind::submit);
  }
}

void check_round_trip(std::string_view body) {
  if (const auto record = supplier::read_record(body)) {
    const auto again = supplier::read_record(supplier::to_json(*record));
    CHECK(again && *again == *record);
    const auto called_back = supplier::read_callback(supplier::callback_json(*record));
    CHECK(called_back && *called_back == *record);
  }
  if (const auto balance = supplier::read_balance(body)) {
    const auto again = supplier::read_balance(supplier::to_json(*balance));
    CHECK(again && again->balance_minor == balance->balance_minor);
  }
}

}  // namespace

void supplier_reply(std::string_view bytes) {
  Input input(bytes);
  const auto call = call_of(input.choice(3));
  const std::string_view status_text = input.line();
  int status = 200;
  const std::size_t digits = status_text.find_first_of("123456789");
  if (digits != std::string_view::npos) {
    std::from_chars(status_text.data() + digits, status_text.data() + status_text.size(), status);
  }
  const std::string_view body = input.rest();
  check_answer(call, status, body, supplier::read_reply(call, status, body));
  check_round_trip(body);
}

}  // namespace daozhang::fuzz
