// The transport of epay: one configured merchant account and way to pay, as ports::PaymentChannel.
//
// Threads: as the port says; `call` signs on the caller's thread and answers on the client's. The
// client must outlive the gateway; calls still open when the gateway goes are answered all the
// same.
//
// A day's bill is the part of the order list that was paid on it, read page by page from the newest
// order on, on a thread of its own; orders paid over two hours after they were made may be missed.
// What was given back stands in no list.
#pragma once

#include <functional>
#include <memory>

#include "base/instant.h"
#include "connectors/payment/epay/account.h"
#include "net/http_client.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::epay {

struct GatewayOptions {
  base::Duration connect_time_max = base::seconds(5);
  base::Duration call_time_max = base::seconds(15);
  std::function<base::Instant()> now;  // Wall clock, for `timestamp`; from any thread.
};

// A time-out, a broken connection, a status other than 200 and a reply that does not prove itself
// are unknown; `problem` says which (`http_502`, `no_reply: timed_out`, `signature_invalid`). A
// refund of which provably no byte was sent is failed with retry_later: where refunds are sent
// again by hand nothing else may be repeated. What the gateway does not have is failed without a
// call: `created_by_link` (create for the way page), `close_not_supported`, `refund_not_supported`
// (switched off in the dialect). Capabilities: close as the dialect says; refund_query and
// idempotent_refund if it sends refunds again by_number; confirm_by_query always.
[[nodiscard]] std::unique_ptr<ports::PaymentChannel> make_gateway(Account account,
                                                                  net::HttpClient& client,
                                                                  GatewayOptions options);

}  // namespace daozhang::connectors::payment::epay
