// Fetches and reads the bills of one merchant account at Alipay; the part of the gateway that does.
//
// Threads: `fetch` from any thread. A bill is downloaded to a temporary file that has no name and
// is unpacked and read on a thread of its own, so that the client's thread is not held up. The
// account and the client must outlive it; its end waits for the thread, which then stops at the
// next piece.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "connectors/payment/alipay/alipay_gateway.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::alipay {

class BillFetcher {
 public:
  BillFetcher(const Account& account, net::HttpClient& client, GatewayOptions options);
  ~BillFetcher();
  BillFetcher(const BillFetcher&) = delete;
  BillFetcher& operator=(const BillFetcher&) = delete;

  // As ports::PaymentChannel::fetch_bill. While one is being fetched, and within `done`,
  // another is refused with unavailable.
  void fetch(std::string day, ports::BillSink sink, std::function<void(ports::BillResult)> done);

 private:
  ports::BillResult run(const std::string& day, const ports::BillSink& sink);
  base::Result<std::string, ports::BillProblem> ask_address(const std::string& day);
  ports::BillResult read(std::FILE* file, const ports::BillSink& sink);
  net::OutgoingResult call(net::OutgoingRequest request);

  const Account& account_;
  net::HttpClient& client_;
  GatewayOptions options_;
  std::atomic<bool> is_ending_{false};
  std::mutex lock_;
  std::atomic<bool> is_reading_{false};
  std::thread thread_;
};

}  // namespace daozhang::connectors::payment::alipay
