// The wire of our supplier protocol: orders, replies and callbacks go through the connector's
// mapping as signed bytes, and the supplier reads and writes as its documentation says.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "connectors/supplier/http/mapping.h"
#include "connectors/supplier/http/supplier_protocol.h"
#include "ports/supplier.h"

namespace daozhang::sim {

// A callback on its way to the shop.
struct SupplierCallback {
  std::string body;
  connectors::supplier::http::SignatureHeaders headers;
};

// One thread. Nonces count from one.
class SupplierWire {
 public:
  // `now`: the moment in the run; what is signed names it and goes stale.
  explicit SupplierWire(std::function<base::Instant()> now) : now_(std::move(now)) {}

  // A call as the supplier reads it, and its answer as we read it. Stops the process for a request
  // that the supplier would refuse to read.
  ports::SupplierCall carry_call(const ports::SupplierCall& call);
  static ports::SupplierAnswer carry_answer(const ports::SupplierCall& call,
                                            const ports::SupplierAnswer& answer);

  SupplierCallback write_callback(const connectors::supplier::http::Record& record);
  // Not the supplier's: signed by somebody else, or by nobody.
  SupplierCallback write_forged_callback(const connectors::supplier::http::Record& record);
  static SupplierCallback unsigned_copy(SupplierCallback callback);
  // The reference that it hints at.
  [[nodiscard]] base::Result<std::string, ports::HintRefusal> read_callback(
      const SupplierCallback& callback) const;

 private:
  std::string nonce();
  SupplierCallback signed_by(const connectors::supplier::http::Credentials& credentials,
                             const connectors::supplier::http::Record& record);

  std::function<base::Instant()> now_;
  std::uint64_t nonces_ = 0;
};

}  // namespace daozhang::sim
