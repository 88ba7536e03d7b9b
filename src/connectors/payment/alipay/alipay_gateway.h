// The transport of Alipay: one configured merchant account and way to pay, as
// ports::PaymentChannel.
//
// Threads: as the port says; `call` signs on the caller's thread (half a millisecond) and answers
// on the client's. The client must outlive the gateway; calls still open when the gateway goes are
// answered all the same.
#pragma once

#include <functional>
#include <memory>

#include "base/instant.h"
#include "connectors/payment/alipay/account.h"
#include "net/http_client.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::alipay {

struct GatewayOptions {
  base::Duration connect_time_max = base::seconds(5);
  base::Duration call_time_max = base::seconds(15);
  base::Duration bill_time_max = base::minutes(20);   // Of the download.
  std::size_t bill_bytes_max = 1024UL * 1024 * 1024;  // As it comes, packed.
  std::function<base::Instant()> now;  // Wall clock, for `timestamp`; from any thread.
};

// A time-out, a broken connection, a status other than 200 and a reply that does not prove itself
// are unknown; `problem` says which (`http_502`, `no_reply: timed_out`, `signature_invalid`).
// `create` belongs to the way qr; for page and wap it is failed with `created_by_link`.
[[nodiscard]] std::unique_ptr<ports::PaymentChannel> make_gateway(Account account,
                                                                  net::HttpClient& client,
                                                                  GatewayOptions options);

}  // namespace daozhang::connectors::payment::alipay
