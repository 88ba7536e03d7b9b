// The transport of Lantern: one configured merchant account as ports::PaymentChannel, way qr.
//
// Threads: as the port says; `call` signs on the caller's thread and answers on the client's. The
// client must outlive the gateway; calls still open when the gateway goes are answered all the
// same.
#pragma once

#include <functional>
#include <memory>

#include "net/http_client.h"
#include "tests/example_channel/lantern_mapping.h"

namespace daozhang::connectors::payment::lantern {

struct GatewayOptions {
  base::Duration connect_time_max = base::seconds(5);
  base::Duration call_time_max = base::seconds(15);
  std::function<base::Instant()> now;  // Wall clock; from any thread.
};

// Without a complete reply the answer is unknown: `not_sent: connect_failed`, `no_reply:
// timed_out`.
[[nodiscard]] std::unique_ptr<ports::PaymentChannel> make_gateway(Account account,
                                                                  net::HttpClient& client,
                                                                  GatewayOptions options);

}  // namespace daozhang::connectors::payment::lantern
