#include "domain/order/change.h"

#include <charconv>
#include <utility>

#include "base/canonical_json.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "domain/identity/record.h"

// For visitors: inlined, each field's name and place are known to the compiler, and comparing them
// costs next to nothing. An order has dozens of fields, and each is visited at every event.
#define INLINE __attribute__((always_inline))

namespace daozhang::domain {
namespace {

// What a new child record has without anything having happened: its place in the order.
void identify(Unit& record, std::int32_t no) { record.unit_no = no; }
void identify(Intent& record, std::int32_t no) { record.intent_no = no; }
void identify(Payment& record, std::int32_t no) { record.payment_no = no; }
void identify(Attempt& record, std::int32_t no) { record.attempt_no = no; }
void identify(Refund& record, std::int32_t no) { record.refund_no = no; }
void identify(Chargeback& record, std::int32_t no) { record.chargeback_no = no; }

template <class Child>
Child new_child(const OrderHeader& header, std::int32_t no) {
  Child child{};
  child.partition = header.partition;
  child.order_id = header.order_id;
  identify(child, no);
  return child;
}

template <class Field>
void write_field(base::CanonicalWriter& writer, const Field& field) {
  if constexpr (std::is_same_v<Field, bool>)
    writer.value(field);
  else if constexpr (std::is_enum_v<Field>)
    writer.value(base::name_of(field));
  else if constexpr (std::is_same_v<Field, std::string>)
    writer.value(std::string_view(field));
  else if constexpr (std::is_same_v<Field, base::Instant>)
    writer.value(field.micros);
  else if constexpr (std::is_integral_v<Field>)
    writer.value(std::int64_t{field});
  else
    writer.value(std::int64_t{field.value});
}

// False for a number that the field can not hold.
template <class Integer>
bool read_number(base::CanonicalReader& reader, Integer& field) {
  const std::int64_t number = reader.number();
  if (!std::in_range<Integer>(number)) return false;
  field = static_cast<Integer>(number);
  return !reader.failed();
}

template <class Field>
bool read_field(base::CanonicalReader& reader, Field& field) {
  if constexpr (std::is_same_v<Field, bool>) {
    field = reader.truth();
  } else if constexpr (std::is_enum_v<Field>) {
    const auto value = base::enum_named<Field>(reader.text_view());
    if (!value) return false;
    field = *value;
  } else if constexpr (std::is_same_v<Field, std::string>) {
    field = reader.text_view();
  } else if constexpr (std::is_same_v<Field, base::Instant>) {
    field.micros = reader.number();
  } else if constexpr (std::is_integral_v<Field>) {
    return read_number(reader, field);
  } else {
    return read_number(reader, field.value);
  }
  return !reader.failed();
}

// Writes the members of `after` that differ from `before`; the caller opens the object lazily
// through `begin`.
template <class T, class Begin>
bool write_changes(base::CanonicalWriter& writer, const T& before, const T& after, Begin begin) {
  bool any = false;
  T::visit_fields(after, [&](std::string_view name, const auto& field) INLINE {
    if (same_field(before, after, field) == field) return;
    if constexpr (requires { T::is_private(name); }) {
      if (T::is_private(name)) return;
    }
    if (!any) begin();
    any = true;
    writer.key(name);
    write_field(writer, field);
  });
  if (any) writer.close_object();
  return any;
}

template <class Child>
void write_child_changes(base::CanonicalWriter& writer, std::string_view list_name,
                         const OrderHeader& header, const std::vector<Child>* before,
                         const std::vector<Child>& after) {
  bool list_open = false;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto no = static_cast<std::int32_t>(i + 1);
    const bool is_new = before == nullptr || i >= before->size();
    const auto begin = [&] {
      if (!list_open) {
        writer.key(list_name);
        writer.open_object();
        list_open = true;
      }
      writer.key(std::to_string(no));
      writer.open_object();
    };
    if (!is_new) {
      write_changes(writer, (*before)[i], after[i], begin);
    } else if (!write_changes(writer, new_child<Child>(header, no), after[i], begin)) {
      begin();
      writer.close_object();
    }
  }
  if (list_open) writer.close_object();
}

template <class T>
bool read_changes(base::CanonicalReader& reader, T& record) {
  if (!reader.open_object()) return false;
  auto name = reader.next_key();
  // The writer puts the fields in their order, so one pass meets them all.
  bool ok = true;
  T::visit_fields(record, [&](std::string_view field_name, auto& field) INLINE {
    if (name != field_name || !ok) return;
    ok = read_field(reader, field);
    name = reader.next_key();
  });
  return ok && !name && !reader.failed();
}

template <class Child>
bool read_child_changes(base::CanonicalReader& reader, const OrderHeader& header,
                        std::vector<Child>& list) {
  if (!reader.open_object()) return false;
  while (const auto name = reader.next_key()) {
    std::size_t no = 0;
    const auto [end, error] = std::from_chars(name->data(), name->data() + name->size(), no);
    if (error != std::errc{} || no == 0 || no > list.size() + 1) return false;
    if (std::to_string(no) != *name) return false;
    if (no == list.size() + 1)
      list.push_back(new_child<Child>(header, static_cast<std::int32_t>(no)));
    if (!read_changes(reader, list[no - 1])) return false;
  }
  return !reader.failed();
}

}  // namespace

std::string change_body(const Order* before, const Order& after, const Cause& cause) {
  base::CanonicalWriter writer;
  writer.open_object();
  writer.key("v");
  writer.value(std::int64_t{1});
  writer.key("actor");
  writer.value(std::string_view(cause.actor));
  writer.key("what");
  writer.open_array();
  for (const auto& happening : cause.what) writer.value(std::string_view(happening));
  writer.close_array();
  if (!cause.reason.empty()) {
    writer.key("reason");
    writer.value(std::string_view(cause.reason));
  }
  const OrderHeader nothing{};
  write_changes(writer, before ? before->header : nothing, after.header, [&] {
    writer.key("order");
    writer.open_object();
  });
  const auto lists = [&](std::string_view name, const auto& list, const auto* old_list) {
    write_child_changes(writer, name, after.header, old_list, list);
  };
  lists("units", after.units, before ? &before->units : nullptr);
  lists("intents", after.intents, before ? &before->intents : nullptr);
  lists("payments", after.payments, before ? &before->payments : nullptr);
  lists("attempts", after.attempts, before ? &before->attempts : nullptr);
  lists("refunds", after.refunds, before ? &before->refunds : nullptr);
  lists("chargebacks", after.chargebacks, before ? &before->chargebacks : nullptr);
  writer.close_object();
  return writer.take();
}

bool is_told_by_events(const Order& rows, const Order& replayed) {
  if (rows == replayed) return true;
  const auto without_private = [](Order order) {
    for (auto& intent : order.intents)
      Intent::visit_fields(intent, [](std::string_view name, auto& field) {
        if (Intent::is_private(name)) field = {};
      });
    return order;
  };
  return without_private(rows) == without_private(replayed);
}

std::string leaf_hash(std::string_view salt, std::string_view body) {
  constexpr std::string_view is_leaf("\0", 1);
  return base::to_hex(base::view(base::sha256({is_leaf, salt, body})));
}

bool replay(Order& order, const Event& event) {
  base::CanonicalReader reader(event.body);
  if (!reader.open_object()) return false;
  while (const auto name = reader.next_key()) {
    if (*name == "order") {
      if (!read_changes(reader, order.header)) return false;
      continue;
    }
    bool is_list = false;
    bool ok = true;
    visit_children(order, [&](std::string_view list_name, auto& list) {
      if (list_name != *name) return;
      is_list = true;
      ok = read_child_changes(reader, order.header, list);
    });
    if (!is_list) reader.skip();
    if (!ok || reader.failed()) return false;
  }
  return !reader.failed() && reader.at_end();
}

}  // namespace daozhang::domain
