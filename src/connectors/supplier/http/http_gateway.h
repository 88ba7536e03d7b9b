// The transport of the supplier protocol: one configured supplier over HTTP.
//
// Threads: as ports::Supplier says; `call` answers on the client's thread. The client must outlive
// the gateway; calls still open when the gateway goes are answered all the same.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "net/http_client.h"
#include "ports/supplier.h"

namespace daozhang::connectors::supplier::http {

struct GatewaySettings {
  std::string base_url;  // "https://supplier.example/api", with or without a slash at the end.
  std::string key;
  std::string secret;
  std::string callback_url;  // Our own address for this supplier; empty: no callbacks.
  base::Duration connect_time_max = base::seconds(5);
  base::Duration call_time_max = base::seconds(15);
  ports::SupplierCapabilities capabilities;
};

enum class SettingsRefusal {
  bad_base_url,  // Not http or https with a host; user, query or fragment in it.
  bad_key,       // Empty, or a character that no header may carry.
  weak_secret,   // Shorter than 16 bytes.
  bad_callback_url,
};
constexpr auto names_of(std::type_identity<SettingsRefusal>) {
  return base::words("bad_base_url", "bad_key", "weak_secret", "bad_callback_url");
}

// Both are called from any thread.
struct GatewaySources {
  std::function<base::Instant()> now;  // Wall clock, for the timestamp.
  std::function<std::string()> nonce;  // A fresh one each time, see signature.h. Empty: 128
                                       // random bits from crypto.
};

[[nodiscard]] base::Result<std::unique_ptr<ports::Supplier>, SettingsRefusal> make_gateway(
    const GatewaySettings& settings, net::HttpClient& client, GatewaySources sources);

}  // namespace daozhang::connectors::supplier::http
