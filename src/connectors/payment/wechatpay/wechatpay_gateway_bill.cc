#include "connectors/payment/wechatpay/wechatpay_gateway_bill.h"

#include <future>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/payment/wechatpay/fund_flow_bill.h"
#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/trade_bill.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::BillProblem;
using ports::BillRefusal;

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::string_view gzip_mark = "\x1f\x8b";

BillProblem problem_of_funds(BillProblem problem) {
  problem.problem = "fund-flow bill: " + problem.problem;
  return problem;
}

bool is_empty(const BillProblem& problem) { return problem.refusal == BillRefusal::empty_day; }

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
  const auto trades = run_trades(day, sink);
  if (!account_->has_fund_flow) return trades;
  if (!trades && !is_empty(trades.error())) return trades;
  ports::BillTotals totals = trades.value_or(ports::BillTotals{});
  const auto problem = run_funds(day, sink, totals);
  if (!problem) return totals;
  if (!is_empty(*problem)) return base::refuse(problem_of_funds(*problem));
  return trades;
}

ports::BillResult BillFetcher::run_trades(const std::string& day, const ports::BillSink& sink) {
  const auto got = download(trade_bill_call(*account_, day, fresh_stamp(options_)));
  if (!got) return base::refuse(got.error());
  TradeBillReader reader(account_->mchid, got->sha1_hex, sink,
                         account_->has_fund_flow ? sink : ports::BillSink{});
  if (const auto problem = feed(got->file.get(), reader)) return base::refuse(*problem);
  const auto totals = reader.finish();
  if (!totals) return base::refuse(BillProblem{totals.error(), reader.problem()});
  return *totals;
}

std::optional<BillProblem> BillFetcher::run_funds(const std::string& day,
                                                  const ports::BillSink& sink,
                                                  ports::BillTotals& totals) {
  const auto got = download(fund_flow_bill_call(*account_, day, fresh_stamp(options_)));
  if (!got) return got.error();
  FundFlowBillReader reader(got->sha1_hex, [&](FundFlowLine&& line) { sink(bill_line_of(line)); });
  if (auto problem = feed(got->file.get(), reader)) return problem;
  const auto moved = reader.finish();
  if (!moved) return BillProblem{moved.error(), reader.problem()};
  totals.fund_count = moved->in_count + moved->out_count;
  totals.fund_in_minor = moved->in_minor;
  totals.fund_out_minor = moved->out_minor;
  return std::nullopt;
}

BillFetcher::Downloaded BillFetcher::download(SignedCall address_call) {
  auto address = ask_address(std::move(address_call));
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
  return Download{std::move(*file), std::move(address->sha1_hex)};
}

base::Result<BillAddress, BillProblem> BillFetcher::ask_address(SignedCall address_call) {
  keys_->refresh_if_old();
  net::OutgoingResult result =
      net::call_and_wait(client_, outgoing_of(std::move(address_call), options_));
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

template <class Reader>
std::optional<BillProblem> BillFetcher::feed(std::FILE* file, Reader& reader) {
  std::vector<char> piece(piece_bytes);
  for (bool is_first = true;; is_first = false) {
    if (thread_.is_ending()) return BillProblem{BillRefusal::unavailable, "the shop ends"};
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file);
    const std::string_view text(piece.data(), got);
    if (is_first && text.starts_with(gzip_mark))
      return BillProblem{BillRefusal::unreadable,
                         "the file is packed (gzip), and was asked for as it is"};
    if (got == 0 || !reader.feed(text)) break;
  }
  if (std::ferror(file) != 0)
    return BillProblem{BillRefusal::unavailable, "the downloaded bill is lost"};
  return std::nullopt;
}

}  // namespace daozhang::connectors::payment::wechatpay
