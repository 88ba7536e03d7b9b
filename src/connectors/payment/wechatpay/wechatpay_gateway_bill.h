// Fetches and reads the bills of one merchant account at WeChat Pay, the trade bill and beside it
// the fund-flow bill (account BASIC), unless the account has none; the part of the gateway that
// does. A day whose bills are not both there has none.
//
// Files are asked for as they are, not packed: the promised hash is of the unpacked file. One that
// comes packed all the same is unreadable.
//
// Threads: `fetch` from any thread. A bill is downloaded to a temporary file that has no name and
// is read on a thread of its own. The client must outlive it; its end waits for the thread, which
// then stops at the next piece.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
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
  // A bill on its way: its file and the hash that was promised.
  struct Download {
    net::TemporaryFile file;
    std::string sha1_hex;
  };
  using Downloaded = base::Result<Download, ports::BillProblem>;

  ports::BillResult run(const std::string& day, const ports::BillSink& sink);
  ports::BillResult run_trades(const std::string& day, const ports::BillSink& sink);
  // Adds to `totals` what moved.
  std::optional<ports::BillProblem> run_funds(const std::string& day, const ports::BillSink& sink,
                                              ports::BillTotals& totals);
  Downloaded download(SignedCall address_call);
  base::Result<BillAddress, ports::BillProblem> ask_address(SignedCall address_call);
  // Feeds the reader with the file; nothing if that went to the end, or to where it is unreadable.
  template <class Reader>
  std::optional<ports::BillProblem> feed(std::FILE* file, Reader& reader);
  // Waits for new certificates if the reply names a serial that is not known.
  void learn_keys_for(const Reply& reply);

  const std::shared_ptr<const Account> account_;
  const std::shared_ptr<FreshKeys> keys_;
  net::HttpClient& client_;
  const GatewayOptions options_;
  net::JobThread thread_;  // Last: it ends first.
};

}  // namespace daozhang::connectors::payment::wechatpay
