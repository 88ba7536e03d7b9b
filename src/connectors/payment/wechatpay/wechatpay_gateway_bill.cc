#include "connectors/payment/wechatpay/wechatpay_gateway_bill.h"

#include <future>
#include <utility>
#include <vector>

#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/trade_bill.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::BillProblem;
using ports::BillRefusal;

constexpr std::size_t piece_bytes = 64 * 1024;

}  // namespace

BillFetcher::BillFetcher(std::shared_ptr<const Account> account, std::shared_ptr<FreshKeys> keys,
                         net::HttpClient& client, GatewayOptions options)
    : account_(std::move(account)),
      keys_(std::move(keys)),
      client_(client),
      options_(std::move(options)) {}

void BillFetcher::fetch(std::string day, ports::BillSink sink,
                        std::function<void(ports::BillResult)> done) {
  auto result = std::make_shared<ports::BillResult>();
  const bool runs = thread_.run(
      [this, result, day = std::move(day), sink = std::move(sink)] { *result = run(day, sink); },
      [result, done] { done(std::move(*result)); });
  if (!runs) done(base::refuse(BillProblem{BillRefusal::unavailable, "one bill at a time"}));
}

ports::BillResult BillFetcher::run(const std::string& day, const ports::BillSink& sink) {
  const auto address = ask_address(day);
  if (!address) return base::refuse(address.error());
  auto call = download_call(*account_, address->download_url, fresh_stamp(options_));
  if (!call)
    return base::refuse(
        BillProblem{BillRefusal::unreadable, "the address of the bill is not one to be called"});
  net::OutgoingRequest request = outgoing_of(std::move(*call), options_);
  request.total_time_max = options_.bill_time_max;
  request.reply_bytes_max = options_.bill_bytes_max;
  auto file = net::download(client_, std::move(request), thread_);
  if (!file)
    return base::refuse(
        BillProblem{BillRefusal::unavailable, "download of the bill: " + file.error()});
  return read(file->get(), address->sha1_hex, sink);
}

base::Result<BillAddress, BillProblem> BillFetcher::ask_address(const std::string& day) {
  keys_->refresh_if_old();
  net::OutgoingResult result = net::call_and_wait(
      client_, outgoing_of(trade_bill_call(*account_, day, fresh_stamp(options_)), options_));
  if (result.outcome != net::OutgoingOutcome::replied)
    return base::refuse(
        BillProblem{BillRefusal::unavailable, "address of the bill: " + net::words_of(result)});
  const std::string words = net::words_of(result);
  const Reply reply = reply_of(std::move(result));
  learn_keys_for(reply);
  auto address = read_bill_reply(*keys_->keys(), reply, options_.now());
  if (!address) return base::refuse(BillProblem{address.error(), "address of the bill: " + words});
  return std::move(*address);
}

void BillFetcher::learn_keys_for(const Reply& reply) {
  if (!keys_->may_learn(claimed_proof(reply.headers).serial)) return;
  std::promise<void> learned;
  keys_->refresh([&learned] { learned.set_value(); });
  learned.get_future().wait();
}

ports::BillResult BillFetcher::read(std::FILE* file, const std::string& sha1_hex,
                                    const ports::BillSink& sink) {
  TradeBillReader reader(account_->mchid, sha1_hex, sink);
  std::vector<char> piece(piece_bytes);
  for (;;) {
    if (thread_.is_ending())
      return base::refuse(BillProblem{BillRefusal::unavailable, "the shop ends"});
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file);
    if (got == 0 || !reader.feed({piece.data(), got})) break;
  }
  if (std::ferror(file) != 0)
    return base::refuse(BillProblem{BillRefusal::unavailable, "the downloaded bill is lost"});
  const auto totals = reader.finish();
  if (!totals) return base::refuse(BillProblem{totals.error(), reader.problem()});
  return *totals;
}

}  // namespace daozhang::connectors::payment::wechatpay
