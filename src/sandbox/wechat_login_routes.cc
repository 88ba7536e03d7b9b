// WeChat around the payment: the page that names the payer, the exchange of his code, and the
// bridge by which a page opens the pay sheet.
#include <utility>

#include "json/reader.h"
#include "json/writer.h"
#include "net/form.h"
#include "sandbox/service.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t body_bytes_max = 16 * 1024;

// A payer is named before any trade is known.
FaultSubject any_payer() { return {{}, {}, {"wechatpay"}}; }

std::string_view given(const net::Request& request, std::string_view name) {
  return request.query.once(name).value_or("");
}

bool is_web_address(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

// Why WeChat shows an error in place of going back.
std::string_view objection(const Service& service, const net::Request& request) {
  if (request.header("User-Agent").find("MicroMessenger") == std::string_view::npos)
    return "请在微信客户端打开链接 Open this link inside WeChat";
  if (given(request, "appid") != service.login->appid()) return "appid";
  if (given(request, "response_type") != "code") return "response_type";
  const std::string_view scope = given(request, "scope");
  if (scope != "snsapi_base" && scope != "snsapi_userinfo") return "scope";
  if (!is_web_address(given(request, "redirect_uri"))) return "redirect_uri";
  return {};
}

void authorize(Service& service, const net::Request& request, net::Responder responder) {
  if (const auto wrong = objection(service, request); !wrong.empty())
    return responder.send(net::text_response(400, std::string(wrong)));
  bool is_declined = false;
  const auto tricks = service.world.with([&](World::Books& books) {
    const auto strikes = [&](std::string_view fault) {
      return books.faults.strike(fault, any_payer()).has_value();
    };
    is_declined = strikes("payer_declines");
    return is_declined
               ? WechatLogin::CodeTricks{}
               : WechatLogin::CodeTricks{strikes("payer_code_used"), strikes("payer_code_expired"),
                                         strikes("payer_of_other_app")};
  });
  std::string url(given(request, "redirect_uri"));
  url += url.find('?') == std::string::npos ? '?' : '&';
  if (!is_declined) url += "code=" + service.login->make_code(tricks, World::now()) + "&";
  url += "state=" + net::percent_encode(given(request, "state"));
  net::Response response;
  response.status = 302;
  response.with("Location", std::move(url)).with("Cache-Control", "no-store");
  responder.send(std::move(response));
}

void exchange(Service& service, const net::Request& request, net::Responder responder) {
  const bool is_busy = service.world.with([&](World::Books& books) {
    return books.faults.strike("payer_busy", any_payer()).has_value();
  });
  const bool is_grant = given(request, "grant_type") == "authorization_code";
  std::string body =
      is_busy    ? wechat_login_error(-1, "system error")
      : is_grant ? service.login->exchange(given(request, "appid"), given(request, "secret"),
                                           given(request, "code"), World::now())
                 : wechat_login_error(40002, "invalid grant_type");
  responder.send(net::text_response(200, std::move(body)));
}

std::string bridge_result(Service& service, const std::string& prepay_id) {
  const auto [trade_ref, said] = service.world.with([&](World::Books& books) {
    const Trade* const trade = books.wechatpay.find_by_prepay_id(prepay_id);
    if (trade == nullptr) return std::pair{std::string(), std::string("fail")};
    const FaultSubject subject = subject_of(*trade);
    for (const auto& [fault, word] :
         {std::pair{"bridge_cancel", "cancel"}, std::pair{"bridge_fail", "fail"},
          std::pair{"bridge_ok_unpaid", "ok"}})
      if (books.faults.strike(fault, subject)) return std::pair{std::string(), std::string(word)};
    return std::pair{trade->out_trade_no, std::string("ok")};
  });
  if (trade_ref.empty()) return said;
  const auto outcome = pay(service, Channel::wechatpay, trade_ref, std::nullopt).outcome;
  const bool is_paid = outcome == PayOutcome::paid || outcome == PayOutcome::already_paid;
  return is_paid ? "ok" : "fail";
}

// As WeChat does when a page invokes getBrandWCPayRequest and the buyer gives his password.
void open_sheet(Service& service, const net::Request& request, net::Responder responder) {
  const auto body = json::read(request.body);
  const json::Value* const sheet = body ? body->find("pay_sheet") : nullptr;
  if (sheet == nullptr || sheet->object() == nullptr)
    return responder.send(
        net::problem_response(422, "invalid_field", "pay_sheet is the object of the page"));
  const auto prepay_id =
      service.wechatpay->prepay_id_of(*sheet, service.login->appid(), World::now());
  const std::string result = prepay_id ? bridge_result(service, *prepay_id) : "fail";
  std::string text;
  json::Writer json(text);
  json.begin_object().member("err_msg", "get_brand_wcpay_request:" + result);
  json.key("err_desc");
  if (prepay_id)
    json.null();
  else
    json.text("支付验证签名失败 the sheet's signature is wrong");
  json.end_object();
  responder.send(net::json_response(200, std::move(text)));
}

}  // namespace

void add_wechat_login_routes(net::Router& router, Service& service) {
  const auto add = [&](net::Method method, std::string_view pattern, auto handler,
                       net::RouteOptions options) {
    router.add(
        method, pattern,
        [&service, handler](net::Request&& request, net::Responder responder) {
          handler(service, request, std::move(responder));
        },
        options);
  };
  net::RouteOptions changing;
  changing.admit = refuse_foreign_pages;
  changing.body_bytes_max = body_bytes_max;
  add(net::Method::get, "/connect/oauth2/authorize", authorize, {});
  add(net::Method::get, "/sns/oauth2/access_token", exchange, {});
  add(net::Method::post, "/sandbox/v1/wechatpay/bridge", open_sheet, changing);
}

}  // namespace daozhang::sandbox
