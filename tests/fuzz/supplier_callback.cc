// A supplier's callbacks, as they are and signed with a test secret: only a signed one names a
// reference, and a byte more makes it count for nothing.
#include "connectors/supplier/http/mapping.h"
#include "connectors/supplier/http/supplier_protocol.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace supplier = connectors::supplier::http;
using ports::HintRefusal;

constexpr base::Instant now{1'795'323'900'000'000};
constexpr std::string_view path = "/v1/supplier-callbacks/demo";

const supplier::Account& account() {
  static const supplier::Account made{"", {"shop-1", "0123456789abcdef0123456789abcdef"}, ""};
  return made;
}

base::Result<ports::SupplierHint, HintRefusal> read(std::string_view body,
                                                    const supplier::SignatureHeaders& headers) {
  ports::CallbackRequest request;
  request.method = "POST";
  request.path = path;
  request.body = body;
  request.header = [&headers](std::string_view name) -> std::string_view {
    if (name == supplier::key_header) return headers.key;
    if (name == supplier::timestamp_header) return headers.timestamp;
    if (name == supplier::nonce_header) return headers.nonce;
    if (name == supplier::signature_header) return headers.signature;
    return {};
  };
  return supplier::read_hint(account(), request, now);
}

}  // namespace

void supplier_callback(std::string_view bytes) {
  Input input(bytes);
  supplier::SignatureHeaders foreign;
  foreign.timestamp = input.line();
  foreign.nonce = input.line();
  foreign.signature = input.line();
  foreign.key = account().credentials.key;
  const std::string_view body = input.rest();
  CHECK(!read(body, foreign));

  const auto headers =
      supplier::sign(account().credentials, "POST", path, body, now, "0123456789abcdef");
  const auto hint = read(body, headers);
  CHECK(hint.has_value() == supplier::read_callback(body).has_value());
  if (!hint) {
    CHECK(hint.error() == HintRefusal::unreadable);
    return;
  }
  CHECK(supplier::is_reference(hint->reference));
  const auto changed = read(std::string(body) + " ", headers);
  CHECK(!changed && changed.error() == HintRefusal::signature_invalid);
}

}  // namespace daozhang::fuzz
