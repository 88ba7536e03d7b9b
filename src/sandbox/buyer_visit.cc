#include "sandbox/buyer_visit.h"

#include <utility>

namespace daozhang::sandbox {
namespace {

constexpr int redirects_max = 8;
constexpr std::size_t page_length_max = 2'048;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

class Visit : public std::enable_shared_from_this<Visit> {
 public:
  Visit(Service& service, VisitRequest request, std::function<void(VisitResult)> done)
      : service_(service), request_(std::move(request)), done_(std::move(done)) {}

  void open(std::string url) {
    result_.last_url = url;
    net::OutgoingRequest call;
    call.url = std::move(url);
    call.headers = {{"Accept", "text/html"}};
    call.total_time_max = base::seconds(30);
    if (!cookies_.empty()) call.headers.push_back({"Cookie", cookies_});
    service_.client.call(
        std::move(call),
        [self = shared_from_this()](net::OutgoingResult&& result) { self->take(result); });
  }

 private:
  void take(const net::OutgoingResult& result) {
    if (result.outcome != net::OutgoingOutcome::replied) {
      result_.error = net::to_string(result.fault);
      done_(std::move(result_));
      return;
    }
    result_.status = result.status;
    keep_cookies(result.headers);
    const auto location = result.headers.find("Location");
    if (is_redirect(result.status) && location && ++redirects_ <= redirects_max) {
      const std::string next = resolve(result_.last_url, *location);
      if (!next.empty()) {
        open(next);
        return;
      }
    }
    arrive(result.body);
  }

  void keep_cookies(const net::Headers& headers) {
    for (std::size_t i = 0; i < headers.size(); ++i) {
      const auto header = headers.at(i);
      if (header.name != "Set-Cookie" && header.name != "set-cookie") continue;
      if (!cookies_.empty()) cookies_ += "; ";
      cookies_ += header.value.substr(0, header.value.find(';'));
    }
  }

  void arrive(const std::string& body) {
    result_.arrived = service_.world.with_quietly([&](World::Books& books) {
      const std::string start = books.alipay.public_url() + "/pay/";
      const std::string_view url = result_.last_url;
      if (!url.starts_with(start)) return false;
      const std::string_view rest = url.substr(start.size());
      const std::string_view trade_no = rest.substr(0, rest.find_first_of("/?#"));
      const TradeBook* const book = books.holder_by_trade_no(trade_no);
      if (book != nullptr) result_.payment.trade = *book->find_by_trade_no(trade_no);
      return book != nullptr;
    });
    const Trade& trade = result_.payment.trade;
    if (!result_.arrived)
      result_.page = body.substr(0, page_length_max);
    else if (request_.pays)
      result_.payment = pay(service_, channel_of(trade.product), std::string(trade.out_trade_no),
                            request_.amount_minor);
    done_(std::move(result_));
  }

  Service& service_;
  VisitRequest request_;
  std::function<void(VisitResult)> done_;
  VisitResult result_;
  std::string cookies_;
  int redirects_ = 0;
};

}  // namespace

void visit(Service& service, VisitRequest request, std::function<void(VisitResult)> done) {
  std::string url = request.url;
  std::make_shared<Visit>(service, std::move(request), std::move(done))->open(std::move(url));
}

std::string resolve(std::string_view base, std::string_view location) {
  if (location.substr(0, 7) == "http://" || location.substr(0, 8) == "https://")
    return std::string(location);
  const auto scheme = base.find("://");
  if (scheme == base.npos || location.empty()) return {};
  const auto host_end = base.find_first_of("/?#", scheme + 3);
  const std::string origin(base.substr(0, host_end));
  if (location.substr(0, 2) == "//")
    return std::string(base.substr(0, scheme + 1)) + std::string(location);
  if (location.front() == '/') return origin + std::string(location);
  if (location.find("://") != location.npos) return {};
  const std::string_view path =
      host_end == base.npos ? std::string_view("/") : base.substr(host_end);
  const std::string_view clean = path.substr(0, path.find_first_of("?#"));
  if (location.front() == '?') return origin + std::string(clean) + std::string(location);
  return origin + std::string(clean.substr(0, clean.rfind('/') + 1)) + std::string(location);
}

}  // namespace daozhang::sandbox
