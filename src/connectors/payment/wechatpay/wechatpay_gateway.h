// The transport of WeChat Pay: one configured merchant account and way to pay, as
// ports::PaymentChannel.
//
// Threads: as the port says; `call` signs on the caller's thread (half a millisecond) and answers
// on the client's. The client must outlive the gateway; calls still open when the gateway goes are
// answered all the same.
#pragma once

#include <functional>
#include <memory>

#include "base/instant.h"
#include "connectors/payment/wechatpay/account.h"
#include "net/http_client.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

struct GatewayOptions {
  base::Duration connect_time_max = base::seconds(5);
  base::Duration call_time_max = base::seconds(15);
  base::Duration payer_time_max = base::seconds(8);       // A person waits in front of it.
  base::Duration bill_time_max = base::minutes(20);       // Of the download.
  std::size_t bill_bytes_max = 4UL * 1024 * 1024 * 1024;  // It comes unpacked.
  // Certificate mode: how old the platform certificates may get, and how soon after one attempt an
  // unknown serial may cause the next.
  base::Duration certificates_age_max = base::hours(12);
  base::Duration certificates_gap_min = base::minutes(1);
  std::function<base::Instant()> now;  // Wall clock; from any thread.
};

// A time-out, a broken connection and a reply that does not prove itself are unknown; answer.h says
// what the others mean. A call that can not be made (request.h) is failed, nothing was sent. There
// are no pay links: not_a_link_channel.
//
// In certificate mode the certificates are fetched at first need, when they get old and when a
// message names a serial that is not known; a reply with such a serial waits for the new ones, a
// notification is refused (serial_unknown) and comes again. The same signed notification twice is
// nonce_reused.
[[nodiscard]] std::unique_ptr<ports::PaymentChannel> make_gateway(Account account,
                                                                  net::HttpClient& client,
                                                                  GatewayOptions options);

}  // namespace daozhang::connectors::payment::wechatpay
