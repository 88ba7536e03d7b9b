#include "connectors/payment/alipay/alipay_gateway_bill.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "connectors/payment/alipay/bill_call.h"
#include "connectors/payment/alipay/bill_reader.h"
#include "text/encoding.h"
#include "zip/zip_reader.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::BillProblem;
using ports::BillRefusal;

void add(ports::BillTotals& sum, const ports::BillTotals& more) {
  sum.payment_count += more.payment_count;
  sum.payment_minor += more.payment_minor;
  sum.refund_count += more.refund_count;
  sum.refund_minor += more.refund_minor;
  sum.fee_minor += more.fee_minor;
}

}  // namespace

BillFetcher::BillFetcher(const Account& account, net::HttpClient& client, GatewayOptions options)
    : account_(account), client_(client), options_(std::move(options)) {}

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
  net::OutgoingRequest request;
  request.url = *address;
  request.connect_time_max = options_.connect_time_max;
  request.total_time_max = options_.bill_time_max;
  request.reply_bytes_max = options_.bill_bytes_max;
  auto file = net::download(client_, std::move(request), thread_);
  if (!file)
    return base::refuse(
        BillProblem{BillRefusal::unavailable, "download of the bill: " + file.error()});
  return read(file->release(), sink);
}

base::Result<std::string, BillProblem> BillFetcher::ask_address(const std::string& day) {
  GatewayCall asked = bill_call(account_, day, options_.now());
  net::OutgoingRequest request;
  request.method = net::Method::post;
  request.url = std::move(asked.url);
  request.body = std::move(asked.body);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"},
                     {"Accept", "application/json"}};
  request.connect_time_max = options_.connect_time_max;
  request.total_time_max = options_.call_time_max;
  request.may_be_sent_twice = true;
  const net::OutgoingResult result = net::call_and_wait(client_, std::move(request));
  if (result.outcome != net::OutgoingOutcome::replied || result.status != 200)
    return base::refuse(
        BillProblem{BillRefusal::unavailable, "address of the bill: " + net::words_of(result)});
  return bill_address(account_, result.body, day, options_.now());
}

// A large bill may be cut into several lists of trades; the summaries beside them are passed over.
ports::BillResult BillFetcher::read(std::FILE* file, const ports::BillSink& sink) {
  const auto archive = zip::ZipReader::open(file);
  if (!archive)
    return base::refuse(BillProblem{BillRefusal::unreadable,
                                    "the file: " + std::string(base::name_of(archive.error()))});
  text::Decoder decoder(text::Encoding::gb18030);
  const auto decode = [&decoder](std::string_view line) -> std::optional<std::string> {
    auto text = decoder.decode(line);
    if (!text) return std::nullopt;
    return std::move(*text);
  };
  ports::BillTotals totals;
  int list_count = 0;
  for (std::size_t i = 0; i < (*archive)->entries().size(); ++i) {
    BillReader reader(decode, sink);
    const auto unpacked = (*archive)->read(
        i, [&](std::string_view piece) { return !thread_.is_ending() && reader.feed(piece); });
    if (thread_.is_ending())
      return base::refuse(BillProblem{BillRefusal::unavailable, "the shop ends"});
    if (!unpacked && unpacked.error() != zip::ZipRefusal::not_taken)
      return base::refuse(BillProblem{BillRefusal::unreadable,
                                      "the file: " + std::string(base::name_of(unpacked.error()))});
    if (!reader.is_detail().value_or(true)) continue;
    const ports::BillResult list = reader.finish();
    if (!list) return list;
    add(totals, *list);
    ++list_count;
  }
  if (list_count == 0)
    return base::refuse(BillProblem{BillRefusal::unreadable, "the file holds no list of trades"});
  return totals;
}

}  // namespace daozhang::connectors::payment::alipay
