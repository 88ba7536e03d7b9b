// Orders as the sandbox's supplier reads them: what is taken is within bounds and reads the same
// when it is written again.
#include "connectors/supplier/http/supplier_protocol.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

namespace supplier = connectors::supplier::http;

void supplier_order(std::string_view bytes) {
  const auto order = supplier::read_order(bytes);
  if (!order) {
    CHECK(!order.error().why.empty());
    return;
  }
  CHECK(supplier::is_reference(order->reference));
  CHECK(order->face_minor >= 0 && order->max_cost_minor >= 0);
  CHECK(order->target.size() <= 16 && order->callback_url.size() <= 512);
  const auto again = supplier::read_order(supplier::to_json(*order));
  CHECK(again && *again == *order);
}

}  // namespace daozhang::fuzz
