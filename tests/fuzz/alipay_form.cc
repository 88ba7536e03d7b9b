// Alipay's form bodies: written again they are the same fields, the text that is signed does not
// depend on their order, and our two readers of forms agree.
#include <algorithm>
#include <set>

#include "connectors/payment/alipay/form_fields.h"
#include "json/utf8.h"
#include "net/form.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

namespace alipay = connectors::payment::alipay;

void alipay_form(std::string_view bytes) {
  const auto fields = alipay::decode_form(bytes);
  if (!fields) return;
  std::set<std::string_view> names;
  for (const auto& [name, value] : *fields) {
    CHECK(!name.empty() && names.insert(name).second);
    CHECK(json::is_utf8(name) && json::is_utf8(value));
    CHECK(alipay::has_field(*fields, name) && alipay::field(*fields, name) == value);
  }
  const auto again = alipay::decode_form(alipay::encode_form(*fields));
  CHECK(again ? *again == *fields : again.error() == alipay::FormRefusal::too_large);

  alipay::FormFields reversed(fields->rbegin(), fields->rend());
  CHECK(alipay::notice_text(reversed) == alipay::notice_text(*fields));
  CHECK(alipay::request_text(reversed) == alipay::request_text(*fields));
  CHECK(alipay::message_text(reversed) == alipay::message_text(*fields));

  const auto other = net::Form::parse(bytes);
  if (!other) return;
  CHECK(std::equal(other->fields().begin(), other->fields().end(), fields->begin(), fields->end(),
                   [](const net::FormField& a, const auto& b) {
                     return a.name == b.first && a.value == b.second;
                   }));
}

}  // namespace daozhang::fuzz
