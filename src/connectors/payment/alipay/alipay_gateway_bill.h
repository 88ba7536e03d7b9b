// Fetches and reads the bills of one merchant account at Alipay; the part of the gateway that does.
//
// Threads: `fetch` from any thread. A bill is downloaded to a temporary file that has no name and
// is unpacked and read on a thread of its own, so that the client's thread is not held up. The
// account and the client must outlive it; its end waits for the thread, which then stops at the
// next piece.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "connectors/payment/alipay/alipay_gateway.h"
#include "net/job_thread.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::alipay {

class BillFetcher {
 public:
  BillFetcher(const Account& account, net::HttpClient& client, GatewayOptions options);

  // As ports::PaymentChannel::fetch_bill. While one is being fetched, and within `done`,
  // another is refused with unavailable.
  void fetch(std::string day, ports::BillSink sink, std::function<void(ports::BillResult)> done);

 private:
  ports::BillResult run(const std::string& day, const ports::BillSink& sink);
  base::Result<std::string, ports::BillProblem> ask_address(const std::string& day);
  ports::BillResult read(std::FILE* file, const ports::BillSink& sink);

  const Account& account_;
  net::HttpClient& client_;
  GatewayOptions options_;
  net::JobThread thread_;  // Last: it ends first.
};

}  // namespace daozhang::connectors::payment::alipay
