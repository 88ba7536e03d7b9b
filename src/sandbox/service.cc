#include "sandbox/service.h"

#include <utility>

#include "sandbox/alipay_notify.h"
#include "sandbox/epay_notify.h"
#include "sandbox/form_text.h"

namespace daozhang::sandbox {

namespace {

// The same as the notification says.
std::string epay_return_url(const Service& service, const Trade& trade) {
  if (service.epay == nullptr || !service.epay->plays(version_of(trade.product)))
    return trade.return_url;
  const Fields fields = service.world.with_quietly(
      [&](World::Books& books) { return epay_notice_fields(trade, books.epay.identity()); });
  return with_query(trade.return_url, service.epay->render_notice(fields, false, World::now()));
}

}  // namespace

bool NonceWindow::take(std::string_view nonce, base::Instant now) {
  const std::scoped_lock lock(mutex_);
  const base::Instant oldest = now - connectors::supplier::http::timestamp_tolerance * 2;
  while (!by_time_.empty() && (by_time_.front().first < oldest || by_time_.size() > nonces_max)) {
    seen_.erase(by_time_.front().second);
    by_time_.pop_front();
  }
  if (!seen_.emplace(nonce).second) return false;
  by_time_.emplace_back(now, nonce);
  return true;
}

void answer(Service& service, net::Responder responder, net::Response response,
            const Manner& manner) {
  if (manner.down) {
    response = net::text_response(503, "Service Unavailable");
  } else if (manner.lose_reply) {
    response = net::text_response(502, "Bad Gateway");
    response.close = true;
  }
  if (manner.delay <= base::Duration{}) {
    responder.send(std::move(response));
    return;
  }
  service.loop.after(manner.delay,
                     [responder = std::move(responder), response = std::move(response)]() mutable {
                       responder.send(std::move(response));
                     });
}

Payment pay(Service& service, Channel channel, std::string_view out_trade_no,
            std::optional<std::int64_t> amount_minor) {
  auto payment = service.world.with([&](World::Books& books) {
    Payment made;
    TradeBook& book = books.of(channel);
    made.outcome = book.pay(out_trade_no, amount_minor, books.now);
    if (const Trade* trade = book.find(out_trade_no)) made.trade = *trade;
    return made;
  });
  if (payment.outcome == PayOutcome::paid || payment.outcome == PayOutcome::already_paid ||
      payment.outcome == PayOutcome::returned_unpaid)
    payment.return_url = return_url_of(service, payment.trade);
  return payment;
}

std::string return_url_of(const Service& service, const Trade& trade) {
  if (trade.return_url.empty()) return {};
  const Channel channel = channel_of(trade.product);
  if (channel == Channel::wechatpay) return trade.return_url;
  if (channel == Channel::epay) return epay_return_url(service, trade);
  const auto fields = service.world.with_quietly([&](World::Books& books) {
    return return_fields(trade, books.alipay.identity(), books.now);
  });
  return service.wire.render_return(trade.return_url, fields);
}

}  // namespace daozhang::sandbox
