// Fetches and reads the trade bills of one merchant account at WeChat Pay; the part of the gateway
// that does.
//
// Threads: `fetch` from any thread. A bill is downloaded to a temporary file that has no name and
// is read on a thread of its own. The client must outlive it; its end waits for the thread, which
// then stops at the next piece.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "connectors/payment/wechatpay/bill_reply.h"
#include "connectors/payment/wechatpay/wechatpay_gateway_keys.h"
#include "net/job_thread.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::wechatpay {

class BillFetcher {
 public:
  BillFetcher(std::shared_ptr<const Account> account, std::shared_ptr<FreshKeys> keys,
              net::HttpClient& client, GatewayOptions options);

  // As ports::PaymentChannel::fetch_bill. While one is being fetched, and within `done`, another is
  // refused with unavailable.
  void fetch(std::string day, ports::BillSink sink, std::function<void(ports::BillResult)> done);

 private:
  ports::BillResult run(const std::string& day, const ports::BillSink& sink);
  base::Result<BillAddress, ports::BillProblem> ask_address(const std::string& day);
  ports::BillResult read(std::FILE* file, const std::string& sha1_hex, const ports::BillSink& sink);
  // Waits for new certificates if the reply names a serial that is not known.
  void learn_keys_for(const Reply& reply);

  const std::shared_ptr<const Account> account_;
  const std::shared_ptr<FreshKeys> keys_;
  net::HttpClient& client_;
  const GatewayOptions options_;
  net::JobThread thread_;  // Last: it ends first.
};

}  // namespace daozhang::connectors::payment::wechatpay
