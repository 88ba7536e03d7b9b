// WeChat Pay's API v3 at the server's root, and the sandbox's own switch of the platform's keys.
#include <utility>

#include <fmt/format.h>

#include "crypto/digest.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sandbox/bill_lines.h"
#include "sandbox/service.h"
#include "sandbox/wechat_bills.h"

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::wechatpay;

constexpr std::size_t body_bytes_max = 64 * 1024;
constexpr std::string_view serial_header = "Wechatpay-Serial";

net::Response signed_response(const Service& service, WechatAnswer answer,
                              std::string_view serial) {
  net::Response response;
  response.status = answer.status;
  if (!answer.body.empty()) response.with("Content-Type", "application/json; charset=utf-8");
  response.with("Cache-Control", "no-store");
  for (auto& [name, value] :
       service.wechatpay->sign(answer.body, serial, answer.manner, World::now()))
    response.with(name, std::move(value));
  response.body = std::move(answer.body);
  return response;
}

void send(Service& service, net::Responder responder, WechatAnswer given, std::string_view serial) {
  const Manner manner = given.manner;
  answer(service, std::move(responder), signed_response(service, std::move(given), serial), manner);
}

base::Result<std::string, provider::MerchantRefusal> proof_of(const Service& service,
                                                              const net::Request& request) {
  return service.wechatpay->verify({net::to_string(request.method), request.target,
                                    request.header("Authorization"), request.body},
                                   World::now());
}

// The object of a request's body; nothing if it is none.
std::optional<json::Value> object_of(const net::Request& request) {
  auto value = json::read(request.body);
  if (!value || value->object() == nullptr) return std::nullopt;
  return *std::move(value);
}

template <class Act>
auto with_object(Act act) {
  return [act](Service& service, const net::Request& request) {
    const auto body = object_of(request);
    if (!body) return wechat_error(400, "PARAM_ERROR", "the body is no JSON object");
    return service.world.with([&](World::Books& books) { return act(books, request, *body); });
  };
}

auto creation(TradeProduct product) {
  return with_object([product](World::Books& books, const net::Request&, const json::Value& body) {
    return books.wechatpay.create(product, body, books.now);
  });
}

std::string_view mchid_of(const net::Request& request) {
  return request.query.once("mchid").value_or("");
}

WechatAnswer query(Service& service, const net::Request& request) {
  return service.world.with([&](World::Books& books) {
    return books.wechatpay.query(request.capture("no"), mchid_of(request), books.now);
  });
}

WechatAnswer query_by_id(Service& service, const net::Request& request) {
  return service.world.with([&](World::Books& books) {
    return books.wechatpay.query_by_id(request.capture("id"), mchid_of(request), books.now);
  });
}

WechatAnswer query_refund(Service& service, const net::Request& request) {
  return service.world.with([&](World::Books& books) {
    return books.wechatpay.query_refund(request.capture("no"), books.now);
  });
}

WechatAnswer certificates(Service& service, const net::Request&) {
  const Manner manner =
      service.world.with([](World::Books& books) { return books.wechatpay.manner_of_call(); });
  return {200, service.wechatpay->certificates(World::now()), manner};
}

std::string_view objection_to_bill(BillPart kind, const net::Request& request) {
  const auto given = [&](std::string_view name) { return request.query.once(name).value_or(""); };
  if (!given("tar_type").empty()) return "tar_type";
  if (kind == BillPart::trades && !given("bill_type").empty() && given("bill_type") != "ALL")
    return "bill_type";
  const bool basic = given("account_type").empty() || given("account_type") == "BASIC";
  return kind == BillPart::fund_flow && !basic ? "account_type" : "";
}

std::string sha1_of(std::string_view file) {
  crypto::Sha1 sha1;
  sha1.update(file);
  return sha1.finish_hex();
}

WechatAnswer promised(Service& service, const std::string& public_url, std::string file,
                      bool wrong_hash) {
  std::string text;
  json::Writer json(text);
  json.begin_object().member("hash_type", "SHA1");
  json.member("hash_value", sha1_of(wrong_hash ? file + "`" : file));
  const std::string token = service.bills.put(std::move(file));
  json.member("download_url", fmt::format("{}/v3/billdownload/file?token={}", public_url, token));
  json.end_object();
  return {200, std::move(text), {}};
}

template <BillPart kind>
WechatAnswer bill(Service& service, const net::Request& request) {
  if (const auto wrong = objection_to_bill(kind, request); !wrong.empty())
    return wechat_error(400, "PARAM_ERROR", wrong);
  const auto day = beijing_day(request.query.once("bill_date").value_or(""));
  if (!day) return wechat_error(400, "PARAM_ERROR", "bill_date");
  return service.world.with([&](World::Books& books) {
    books.step();
    const Manner manner = books.wechatpay.manner_of_call();
    const DayBill content = day_bill(books.wechatpay, books.faults, *day, kind);
    WechatAnswer answer = wechat_error(400, "NO_STATEMENT_EXIST", "账单文件不存在");
    if (content.is_creating) {
      answer = wechat_error(400, "STATEMENT_CREATING", "账单生成中");
    } else if (content.exists) {
      std::string file = kind == BillPart::trades
                             ? wechat_trade_bill(content, books.wechatpay.identity())
                             : wechat_fund_flow_bill(content);
      answer =
          promised(service, books.wechatpay.public_url(), std::move(file), content.has_wrong_hash);
    }
    answer.manner = manner;
    return answer;
  });
}

// The file itself is asked for with a signature and comes without one.
void download(Service& service, const net::Request& request, net::Responder responder) {
  const auto proven = proof_of(service, request);
  const auto file = service.bills.find(request.query.once("token").value_or(""));
  if (!proven || !file) {
    send(service, std::move(responder),
         proven ? wechat_error(404, "RESOURCE_NOT_EXISTS", "no such file")
                : wechat_error(401, "SIGN_ERROR", base::name_of(proven.error())),
         request.header(serial_header));
    return;
  }
  net::Response response;
  response.body = *file;
  response.with("Content-Type", "text/plain; charset=utf-8");
  responder.send(std::move(response));
}

void write_key(json::Writer& json, const WechatPlatformKey& key) {
  json.begin_object().member("style", base::name_of(key.style)).member("serial", key.serial);
  json.member("pem", key.pem).end_object();
}

void show_keys(Service& service, const net::Request&, net::Responder responder) {
  std::string text;
  json::Writer json(text);
  json.begin_object().member("present", service.wechatpay->present_serial());
  json.key("keys").begin_array();
  for (const WechatPlatformKey& key : service.wechatpay->keys()) write_key(json, key);
  json.end_array().end_object();
  responder.send(net::json_response(200, std::move(text)));
}

void rotate(Service& service, const net::Request& request, net::Responder responder) {
  const auto body = object_of(request);
  const auto style = body ? base::enum_named<WechatStyle>(body->text_of("style")) : std::nullopt;
  if (!style) {
    responder.send(
        net::problem_response(422, "invalid_field", "style is certificate or public_key"));
    return;
  }
  std::string text;
  json::Writer json(text);
  write_key(json, service.wechatpay->rotate(*style, World::now()));
  responder.send(net::json_response(200, std::move(text)));
}

}  // namespace

void add_wechat_routes(net::Router& router, Service& service) {
  // `serial_of` names the key by which the answer is signed.
  const auto add = [&](net::Method method, std::string_view pattern, auto act, auto serial_of) {
    net::RouteOptions options;
    options.body_bytes_max = body_bytes_max;
    const auto handle = [&service, act, serial_of](net::Request&& request,
                                                   net::Responder responder) {
      const std::string serial = serial_of(service, request);
      const auto proven = service.wechatpay->verify({net::to_string(request.method), request.target,
                                                     request.header("Authorization"), request.body},
                                                    World::now());
      send(service, std::move(responder),
           proven ? act(service, request)
                  : wechat_error(401, "SIGN_ERROR", base::name_of(proven.error())),
           serial);
    };
    router.add(method, pattern, handle, options);
  };
  const auto asked = [](const Service&, const net::Request& request) {
    return std::string(request.header(serial_header));
  };
  // Whoever has no key yet must be able to prove the answer with what it brings.
  const auto newest = [](const Service& given, const net::Request& request) {
    const auto named = request.header(serial_header);
    return named.empty() ? given.wechatpay->newest_certificate_serial() : std::string(named);
  };
  const auto get = net::Method::get;
  const auto post = net::Method::post;
  const std::string pay = "/v3/pay/transactions/";
  add(post, pay + "native", creation(TradeProduct::native), asked);
  add(post, pay + "h5", creation(TradeProduct::h5), asked);
  add(post, pay + "jsapi", creation(TradeProduct::jsapi), asked);
  add(get, pay + "out-trade-no/{no}", query, asked);
  add(get, pay + "id/{id}", query_by_id, asked);
  add(post, pay + "out-trade-no/{no}/close",
      with_object([](World::Books& books, const net::Request& request, const json::Value& body) {
        return books.wechatpay.close(request.capture("no"), body, books.now);
      }),
      asked);
  add(post, "/v3/refund/domestic/refunds",
      with_object([](World::Books& books, const net::Request&, const json::Value& body) {
        return books.wechatpay.refund(body, books.now);
      }),
      asked);
  add(get, "/v3/refund/domestic/refunds/{no}", query_refund, asked);
  add(get, "/v3/certificates", certificates, newest);
  add(get, "/v3/bill/tradebill", bill<BillPart::trades>, asked);
  add(get, "/v3/bill/fundflowbill", bill<BillPart::fund_flow>, asked);

  router.add(get, "/v3/billdownload/file",
             [&service](net::Request&& request, net::Responder responder) {
               download(service, request, std::move(responder));
             });
  router.add(get, "/sandbox/v1/wechatpay/keys",
             [&service](net::Request&& request, net::Responder responder) {
               show_keys(service, request, std::move(responder));
             });
  net::RouteOptions options;
  options.admit = refuse_foreign_pages;
  router.add(
      post, "/sandbox/v1/wechatpay/rotate",
      [&service](net::Request&& request, net::Responder responder) {
        rotate(service, request, std::move(responder));
      },
      options);
}

}  // namespace daozhang::sandbox
