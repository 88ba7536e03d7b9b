// The verification keys of one account as they are now, kept fresh in certificate mode. Any thread;
// nothing here waits. Shared by the gateway and its open calls.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/instant.h"
#include "connectors/payment/wechatpay/account.h"
#include "connectors/payment/wechatpay/answer.h"
#include "connectors/payment/wechatpay/platform_keys.h"
#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/wechatpay_gateway.h"
#include "net/http_client.h"

namespace daozhang::connectors::payment::wechatpay {

// What a call needs on the wire, and what came back of what proves and explains it.
net::OutgoingRequest outgoing_of(SignedCall call, const GatewayOptions& options);
Reply reply_of(net::OutgoingResult&& result);
Stamp fresh_stamp(const GatewayOptions& options);

class FreshKeys : public std::enable_shared_from_this<FreshKeys> {
 public:
  FreshKeys(std::shared_ptr<const Account> account, net::HttpClient& client,
            GatewayOptions options);

  [[nodiscard]] std::shared_ptr<const PlatformKeys> keys() const;

  // Starts a fetch if none succeeded for `certificates_age_max`.
  void refresh_if_old();
  // Whether fetching can help with a message of this serial: certificate mode, and not known.
  [[nodiscard]] bool may_learn(std::string_view serial) const;
  // Fetches, unless that is under way or was tried within `certificates_gap_min`. `then` (may be
  // empty) runs once, after the fetch or at once; on the client's thread or the caller's.
  void refresh(std::function<void()> then);

 private:
  enum class Turn { mine, under_way, too_soon };
  // Takes `then` unless it is too soon.
  Turn enter(std::function<void()>& then);
  void fetch();
  void take(net::OutgoingResult&& result);

  const std::shared_ptr<const Account> account_;
  net::HttpClient& client_;
  const GatewayOptions options_;

  mutable std::mutex mutex_;
  std::shared_ptr<const PlatformKeys> keys_;
  base::Instant asked_at_;
  base::Instant fetched_at_;
  bool under_way_ = false;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace daozhang::connectors::payment::wechatpay
