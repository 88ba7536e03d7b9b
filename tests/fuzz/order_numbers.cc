// Order numbers and the references made of them: a number that is read is the one that is written,
// and one changed character is noticed.
#include "domain/order/order_number.h"

#include "domain/order/references.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

const domain::OrderNumbers& numbers() {
  static const domain::OrderNumbers made("0123456789abcdef0123456789abcdef");
  return made;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

void check_key(Input input) {
  domain::OrderKey key;
  key.partition.value = input.byte() % domain::partition_count;
  for (int i = 0; i < 8; ++i)
    key.order_id.value = (key.order_id.value << 8 | input.byte()) & INT64_MAX;
  std::string number = numbers().number_of(key);
  CHECK(numbers().order_of(number) == key);
  const std::size_t at = input.byte() % number.size();
  const char kept = number[at];
  number[at] = kept == '7' ? '8' : '7';
  CHECK(numbers().order_of(number) != key);
}

}  // namespace

void order_numbers(std::string_view bytes) {
  check_key(Input(bytes));
  if (const auto key = numbers().order_of(bytes)) {
    CHECK(key->partition.value >= 0 && key->partition.value < domain::partition_count);
    CHECK(numbers().number_of(*key) == upper(bytes));
  }
  if (const auto ref = domain::parse_trade_ref(bytes)) {
    CHECK(ref->intent_no > 0 && !ref->order_no.empty());
    CHECK(domain::trade_ref(ref->order_no, ref->intent_no) == bytes);
  }
  if (const auto ref = domain::parse_attempt_ref(bytes)) {
    CHECK(ref->attempt_no > 0 && bytes.starts_with(ref->order_no + "_u"));
    CHECK(bytes.ends_with("a" + std::to_string(ref->attempt_no)));
  }
}

}  // namespace daozhang::fuzz
