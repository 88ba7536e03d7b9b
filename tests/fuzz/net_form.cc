// Form bodies and queries: written again they are the same fields, and nothing decodes twice.
#include "net/form.h"

#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

void net_form(std::string_view bytes) {
  CHECK(net::percent_decode(net::percent_encode(bytes)) == bytes);
  const auto value = net::Form::parse("a=" + net::form_encode(bytes));
  CHECK(value && value->once("a") == bytes);
  if (const auto decoded = net::percent_decode(bytes)) CHECK(decoded->size() <= bytes.size());

  const auto form = net::Form::parse(bytes);
  if (!form) return;
  CHECK(form->fields().size() <= net::Form::field_count_max);
  bool any_repeated = false;
  for (const net::FormField& field : form->fields()) {
    const std::size_t count = form->count(field.name);
    CHECK(count >= 1);
    any_repeated = any_repeated || count > 1;
    const auto once = form->once(field.name);
    CHECK(once.has_value() == (count == 1));
    if (once) CHECK(*once == field.value);
  }
  CHECK(form->repeated_name().has_value() == any_repeated);
  const auto again = net::Form::parse(form->encode());
  CHECK(again && again->fields() == form->fields());
}

}  // namespace daozhang::fuzz
