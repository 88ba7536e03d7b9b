// The pages that a payer sees: the cashier, what comes after it, and the code of precreate.
#include <utility>

#include "sandbox/page.h"
#include "sandbox/service.h"

namespace daozhang::sandbox {
namespace {

// A trade as it was under the lock, and whether it can be paid.
struct Shown {
  std::optional<Trade> trade;
  bool payable = false;
  Manner manner;
  std::string payee;
};

Shown look(Service& service, std::string_view trade_no) {
  return service.world.with([&](World::Books& books) {
    Shown shown;
    books.step();
    if (TradeBook* const book = books.holder_by_trade_no(trade_no)) {
      const Trade* const trade = book->find_by_trade_no(trade_no);
      shown.trade = *trade;
      shown.payee = book->payee();
      shown.payable = book->can_pay(*trade, books.now);
      shown.manner = book->manner_of(subject_of(*trade));
    }
    return shown;
  });
}

net::Response go_to(int status, std::string location) {
  net::Response response;
  response.status = status;
  response.with("Location", std::move(location)).with("Cache-Control", "no-store");
  return response;
}

net::Response missing(Language language) {
  return message_page(404, language, "missing_title", {}, "ACQ.TRADE_NOT_EXIST", {}, {});
}

net::Response closed(Language language) {
  return message_page(200, language, "closed_title", word(language, "closed_detail"),
                      "ACQ.TRADE_HAS_CLOSE", {}, {});
}

net::Response pay_page(Language language, const Trade& trade, const std::string& payee) {
  return html_response(
      200, fill("pay.html", language,
                {{"amount", minor_to_yuan(trade.total_minor)},
                 {"subject", trade.subject},
                 {"seller", payee},
                 {"out_trade_no", trade.out_trade_no},
                 {"trade_no", trade.trade_no},
                 {"expires_ms", std::to_string(trade.expires_at.micros / 1'000)},
                 {"expires", base::to_local_seconds(trade.expires_at, base::beijing_offset)}}));
}

net::Response paid_page(const Service& service, Language language, const Trade& trade) {
  return message_page(200, language, "paid_title", word(language, "paid_detail"),
                      "¥" + minor_to_yuan(trade.paid_minor), return_url_of(service, trade),
                      "back_to_shop");
}

net::Response page_of(const Service& service, Language language, const Shown& shown) {
  const Trade& trade = *shown.trade;
  if (trade.paid_minor > 0) return paid_page(service, language, trade);
  if (!shown.payable || trade.status == TradeStatus::not_created) return closed(language);
  return pay_page(language, trade, shown.payee);
}

// h5_url carries where the payer's browser goes afterwards.
void keep_redirect(Service& service, const net::Request& request, const Shown& shown) {
  const auto url = request.query.once("redirect_url");
  const bool is_h5 = shown.trade && shown.trade->product == TradeProduct::h5;
  if (!is_h5 || !url || (!url->starts_with("http://") && !url->starts_with("https://"))) return;
  service.world.with([&](World::Books& books) {
    books.wechatpay.set_return_url(shown.trade->out_trade_no, *url);
    return 0;
  });
}

void show(Service& service, const net::Request& request, net::Responder responder) {
  const Language language = language_of(request);
  const Shown shown = look(service, request.capture("trade_no"));
  keep_redirect(service, request, shown);
  auto response = shown.trade ? page_of(service, language, shown) : missing(language);
  answer(service, std::move(responder), std::move(response), shown.manner);
}

void take_payment(Service& service, const net::Request& request, net::Responder responder) {
  const Language language = language_of(request);
  const Shown shown = look(service, request.capture("trade_no"));
  if (!shown.trade || shown.manner.down) {
    answer(service, std::move(responder), missing(language), shown.manner);
    return;
  }
  const Payment payment =
      pay(service, channel_of(shown.trade->product), shown.trade->out_trade_no, std::nullopt);
  net::Response response = closed(language);
  switch (payment.outcome) {
    case PayOutcome::paid:
    case PayOutcome::already_paid:
    case PayOutcome::returned_unpaid:
      response = go_to(
          303, payment.return_url.empty() ? "/pay/" + shown.trade->trade_no : payment.return_url);
      break;
    case PayOutcome::no_such_trade:
      response = missing(language);
      break;
    case PayOutcome::trade_closed:
    case PayOutcome::expired:
      break;
    case PayOutcome::amount_invalid:
      response = message_page(400, language, "refused_title", {}, "ACQ.INVALID_PARAMETER", {}, {});
      break;
  }
  answer(service, std::move(responder), std::move(response), shown.manner);
}

void leave(Service& service, const net::Request& request, net::Responder responder) {
  const Language language = language_of(request);
  const Shown shown = look(service, request.capture("trade_no"));
  if (!shown.trade) {
    responder.send(missing(language));
  } else if (!shown.trade->quit_url.empty()) {
    responder.send(go_to(302, shown.trade->quit_url));
  } else if (!shown.trade->return_url.empty()) {
    // As the shop gave it, without a signed word about a payment.
    responder.send(go_to(302, shown.trade->return_url));
  } else {
    responder.send(message_page(200, language, "cancel_title", word(language, "cancel_detail"), {},
                                "/pay/" + shown.trade->trade_no, "back_to_pay"));
  }
}

void scan(Service& service, const net::Request& request, net::Responder responder) {
  const Language language = language_of(request);
  struct Scanned {
    std::string refusal;
    Manner manner;
  };
  const std::string code(request.capture("code"));
  const auto scanned = service.world.with([&](World::Books& books) {
    Scanned result;
    TradeBook* const book = books.holder_by_trade_no(code);
    TradeBook& asked = book == nullptr ? books.alipay : *book;
    result.manner = asked.manner_of({code, {}, {}});
    if (result.manner.down) return result;
    if (asked.channel() != Channel::alipay) {
      asked.step(books.now);
      if (!has_code(asked.find_by_trade_no(code)->product)) result.refusal = "ACQ.TRADE_NOT_EXIST";
      return result;
    }
    const auto found = books.alipay.scan(code, books.now);
    if (!found) result.refusal = found.error().sub_code;
    return result;
  });
  net::Response response = go_to(302, "/pay/" + code);
  if (scanned.refusal == "ACQ.TRADE_NOT_EXIST")
    response = missing(language);
  else if (scanned.refusal == "ACQ.TRADE_HAS_CLOSE")
    response = closed(language);
  answer(service, std::move(responder), std::move(response), scanned.manner);
}

}  // namespace

void add_cashier_routes(net::Router& router, Service& service) {
  const auto add = [&](net::Method method, std::string_view pattern, auto handler) {
    router.add(method, pattern,
               [&service, handler](net::Request&& request, net::Responder responder) {
                 handler(service, request, std::move(responder));
               });
  };
  add(net::Method::get, "/pay/{trade_no}", show);
  add(net::Method::post, "/pay/{trade_no}", take_payment);
  add(net::Method::get, "/pay/{trade_no}/cancel", leave);
  add(net::Method::get, "/qr/{code}", scan);
}

}  // namespace daozhang::sandbox
