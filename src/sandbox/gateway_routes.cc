// Alipay's gateway: POST and GET /gateway.do for every method.
#include <utility>

#include "sandbox/form_text.h"
#include "sandbox/page.h"
#include "sandbox/service.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t body_bytes_max = 64 * 1024;

bool is_page_method(std::string_view method) {
  return method == "alipay.trade.page.pay" || method == "alipay.trade.wap.pay";
}

net::Response refusal_page(Language language, const GatewayReply& reply) {
  return message_page(400, language, "refused_title", reply.sub_msg,
                      reply.code + " " + reply.sub_code, {}, {});
}

net::Response reply_of(const Service& service, std::string_view method, const GatewayReply& reply,
                       bool spoil_signature) {
  net::Response response;
  response.body = service.wire.render(method, reply, spoil_signature);
  response.with("Content-Type", "text/html;charset=utf-8").with("Cache-Control", "no-store");
  return response;
}

void open_cashier(Service& service, const GatewayRequest& request, Language language,
                  net::Responder responder) {
  struct Opened {
    GatewayReply reply;
    Manner manner;
    std::string trade_no;
  };
  const auto opened = service.world.with([&](World::Books& books) {
    Opened result;
    result.manner = books.alipay.manner_of({field(request.biz, "out_trade_no"), {}, {}});
    if (result.manner.down) return result;
    const auto out_trade_no = books.alipay.open(request, books.now);
    if (out_trade_no)
      result.trade_no = books.alipay.find(*out_trade_no)->trade_no;
    else
      result.reply = out_trade_no.error();
    return result;
  });
  net::Response response = refusal_page(language, opened.reply);
  if (!opened.trade_no.empty()) {
    response = {};
    response.status = 302;
    response.with("Location", "/pay/" + opened.trade_no).with("Cache-Control", "no-store");
  }
  answer(service, std::move(responder), std::move(response), opened.manner);
}

void handle(Service& service, const net::Request& request, net::Responder responder) {
  const auto query = query_of(request.target);
  const bool is_form = request.has_content_type("application/x-www-form-urlencoded");
  const std::string_view body = is_form ? std::string_view(request.body) : std::string_view{};
  const auto read = service.wire.read(query, body);
  const Language language = language_of(request);
  if (!read) {
    const std::string method = AlipayWire::method_named(query, body);
    responder.send(is_page_method(method) ? refusal_page(language, read.error())
                                          : reply_of(service, method, read.error(), false));
    return;
  }
  if (is_page_method(read->method)) {
    open_cashier(service, *read, language, std::move(responder));
    return;
  }
  const auto called = service.world.with([&](World::Books& books) {
    return read->method == bill_method ? bill_address(books, *read)
                                       : books.alipay.call(*read, books.now);
  });
  auto response = reply_of(service, read->method, called.reply, called.manner.spoil_signature);
  answer(service, std::move(responder), std::move(response), called.manner);
}

}  // namespace

void add_gateway_routes(net::Router& router, Service& service) {
  for (const auto method : {net::Method::get, net::Method::post}) {
    net::RouteOptions options;
    options.body_bytes_max = body_bytes_max;
    router.add(
        method, "/gateway.do",
        [&service](net::Request&& request, net::Responder responder) {
          handle(service, request, std::move(responder));
        },
        options);
  }
}

}  // namespace daozhang::sandbox
