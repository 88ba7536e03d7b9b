// The sandbox's own API below /sandbox/v1: truth, faults, payments without a browser.
#include <charconv>
#include <utility>

#include "json/fields.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sandbox/alipay_notify.h"
#include "sandbox/buyer_visit.h"
#include "sandbox/service.h"
#include "sandbox/truth.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t notifications_standard = 1'000;
constexpr std::int64_t pay_times_most = 100;

// The body's object; an empty body is `{}`.
base::Result<json::Value, net::Response> body_of(const net::Request& request) {
  if (request.body.empty()) return json::Value(json::Object{});
  auto value = json::read(request.body);
  if (!value)
    return base::refuse(
        net::problem_response(400, "invalid_json", json::name(value.error().refusal)));
  if (value->object() == nullptr)
    return base::refuse(net::problem_response(400, "invalid_json", "the body is no object"));
  return *std::move(value);
}

net::Response bad_field(std::string_view sentence) {
  return net::problem_response(422, "invalid_field", sentence);
}

std::string payment_json(std::string_view outcome_name, const Payment& payment,
                         const std::vector<PayOutcome>& outcomes) {
  std::string text;
  json::Writer json(text);
  json.begin_object().member("outcome", outcome_name).key("outcomes").begin_array();
  for (const PayOutcome outcome : outcomes) json.text(name_of(outcome));
  json.end_array().member("return_url", payment.return_url);
  json.key("trade").raw(trade_json(payment.trade)).end_object();
  return text;
}

int status_of(PayOutcome outcome) {
  switch (outcome) {
    case PayOutcome::paid:
    case PayOutcome::returned_unpaid:
    case PayOutcome::already_paid:
      return 200;
    case PayOutcome::no_such_trade:
      return 404;
    case PayOutcome::trade_closed:
    case PayOutcome::expired:
      return 409;
    case PayOutcome::amount_invalid:
      return 422;
  }
  return 500;
}

std::string_view sentence(FaultRefusal refusal) {
  switch (refusal) {
    case FaultRefusal::unknown_fault:
      return "no fault has this name; see /sandbox/v1/faults";
    case FaultRefusal::unknown_parameter:
      return "the fault has no number of this name";
    case FaultRefusal::out_of_range:
      return "a number is outside its limits";
    case FaultRefusal::match_too_long:
      return "match is longer than 128 bytes";
  }
  return {};
}

void put_fault(Service& service, const net::Request& request, net::Responder responder) {
  const auto body = body_of(request);
  if (!body) {
    responder.send(body.error());
    return;
  }
  FaultSetting wanted;
  bool said = false;
  for (const json::Member& member : *body->object()) {
    const auto* number = member.value.integer();
    if (member.name == "on" && member.value.boolean() != nullptr) {
      wanted.on = *member.value.boolean();
      said = true;
    } else if (member.name == "match" && member.value.text() != nullptr) {
      wanted.match = *member.value.text();
    } else if (member.name == "times" && (number != nullptr || member.value.is_null())) {
      if (number != nullptr) wanted.times = *number;
    } else if (member.name == "skip" && number != nullptr) {
      wanted.skip = *number;
    } else if (number != nullptr) {
      wanted.numbers[member.name] = *number;
    } else {
      responder.send(bad_field("wrong type of " + member.name));
      return;
    }
  }
  if (!said) {
    responder.send(bad_field("missing field on"));
    return;
  }
  const std::string name(request.capture("name"));
  const auto set =
      service.world.with([&](World::Books& books) { return books.faults.set(name, wanted); });
  if (set) {
    responder.send(net::json_response(200, fault_json(*find_fault(name), *set)));
    return;
  }
  const bool unknown = set.error() == FaultRefusal::unknown_fault;
  responder.send(
      net::problem_response(unknown ? 404 : 422, name_of(set.error()), sentence(set.error())));
}

// `?channel=` decides, else the first channel that has the trade.
Channel channel_asked(Service& service, const net::Request& request) {
  const auto named = base::enum_named<Channel>(request.query.once("channel").value_or(""));
  if (named) return *named;
  return service.world.with_quietly([&](World::Books& books) {
    const TradeBook* const book = books.holder(request.capture("out_trade_no"));
    return book == nullptr ? Channel::alipay : book->channel();
  });
}

void pay_trade(Service& service, const net::Request& request, net::Responder responder) {
  const auto body = body_of(request);
  if (!body) {
    responder.send(body.error());
    return;
  }
  json::Fields fields(*body, {"amount_minor", "times"});
  const auto amount = fields.optional_integer("amount_minor");
  const auto times = fields.optional_integer("times").value_or(1);
  if (fields.error()) {
    responder.send(bad_field(json::sentence(*fields.error())));
    return;
  }
  if (times < 1 || times > pay_times_most) {
    responder.send(bad_field("times is 1 to 100"));
    return;
  }
  const Channel channel = channel_asked(service, request);
  std::vector<PayOutcome> outcomes;
  Payment first;
  for (std::int64_t i = 0; i < times; ++i) {
    Payment payment = pay(service, channel, request.capture("out_trade_no"), amount);
    outcomes.push_back(payment.outcome);
    if (i == 0) first = std::move(payment);
  }
  responder.send(net::json_response(status_of(first.outcome),
                                    payment_json(name_of(first.outcome), first, outcomes)));
}

// The cashier of the pay sheet of that number; empty if there is none.
std::string url_of_sheet(Service& service, std::string_view prepay_id) {
  return service.world.with_quietly([&](World::Books& books) {
    const Trade* const trade = books.wechatpay.find_by_prepay_id(prepay_id);
    return trade == nullptr ? std::string()
                            : books.wechatpay.public_url() + "/pay/" + trade->trade_no;
  });
}

void pay_url(Service& service, const net::Request& request, net::Responder responder) {
  const auto body = body_of(request);
  if (!body) {
    responder.send(body.error());
    return;
  }
  json::Fields fields(*body, {"url", "prepay_id", "amount_minor", "pay"});
  VisitRequest wanted;
  if (const auto prepay_id = fields.optional_text("prepay_id"))
    wanted.url = url_of_sheet(service, *prepay_id);
  else
    wanted.url = fields.text("url");
  wanted.amount_minor = fields.optional_integer("amount_minor");
  wanted.pays = fields.optional_boolean("pay").value_or(true);
  if (fields.error()) {
    responder.send(bad_field(json::sentence(*fields.error())));
    return;
  }
  auto kept = std::make_shared<net::Responder>(std::move(responder));
  const bool pays = wanted.pays;
  visit(service, std::move(wanted), [kept, pays](const VisitResult& result) {
    if (result.arrived) {
      const Payment& payment = result.payment;
      const int status = pays ? status_of(payment.outcome) : 200;
      const std::string_view outcome = pays ? name_of(payment.outcome) : "opened";
      kept->send(net::json_response(status, payment_json(outcome, payment, {})));
      return;
    }
    std::string text;
    json::Writer json(text);
    json.begin_object().member("code", "no_cashier").member("status", result.status);
    json.member("last_url", result.last_url).member("error", result.error);
    json.member("page", result.page).end_object();
    kept->send(net::json_response(409, std::move(text)));
  });
}

void notify_trade(Service& service, const net::Request& request, net::Responder responder) {
  const auto body = body_of(request);
  if (!body) {
    responder.send(body.error());
    return;
  }
  json::Fields fields(*body, {"forge"});
  const std::string forge(fields.optional_text("forge").value_or(""));
  if (fields.error()) {
    responder.send(bad_field(json::sentence(*fields.error())));
    return;
  }
  if (!forge.empty() && !is_forge_word(forge)) {
    responder.send(bad_field("forge is one of signature, amount, app, seller, status"));
    return;
  }
  const Channel channel = channel_asked(service, request);
  const bool queued = service.world.with([&](World::Books& books) {
    return books.of(channel).notify_now(request.capture("out_trade_no"), forge, books.now);
  });
  if (queued)
    responder.send(net::json_response(202, R"({"queued":true})"));
  else
    responder.send(net::problem_response(404, "no_such_trade"));
}

void show_trade(Service& service, const net::Request& request, net::Responder responder) {
  const Channel channel = channel_asked(service, request);
  const std::string text = service.world.with([&](World::Books& books) {
    books.step();
    const Trade* trade = books.of(channel).find(request.capture("out_trade_no"));
    return trade != nullptr ? trade_json(*trade) : std::string();
  });
  if (text.empty())
    responder.send(net::problem_response(404, "no_such_trade"));
  else
    responder.send(net::json_response(200, text));
}

void show_truth(Service& service, const net::Request&, net::Responder responder) {
  responder.send(net::json_response(200, service.world.with([](World::Books& books) {
    books.step();
    return truth_json(books);
  })));
}

void show_faults(Service& service, const net::Request&, net::Responder responder) {
  responder.send(net::json_response(200, service.world.with_quietly([](World::Books& books) {
    return faults_json(books.faults);
  })));
}

void show_notifications(Service& service, const net::Request& request, net::Responder responder) {
  const std::string number(request.query.once("number").value_or(""));
  std::size_t limit = notifications_standard;
  if (const auto asked = request.query.once("limit")) {
    const char* const end = asked->data() + asked->size();
    const auto [rest, error] = std::from_chars(asked->data(), end, limit);
    if (error != std::errc{} || rest != end) {
      responder.send(bad_field("limit is a number"));
      return;
    }
  }
  responder.send(net::json_response(200, service.world.with_quietly([&](World::Books& books) {
    return notifications_json(books.deliveries, number, limit);
  })));
}

void reset(Service& service, const net::Request&, net::Responder responder) {
  service.world.reset();
  responder.send(net::json_response(200, R"({"reset":true})"));
}

}  // namespace

std::optional<net::Response> refuse_foreign_pages(const net::Request& request) {
  const auto origin = request.header("Origin");
  if (origin.empty()) return std::nullopt;
  const std::string host(request.header("Host"));
  if (origin == "http://" + host || origin == "https://" + host) return std::nullopt;
  return net::problem_response(403, "foreign_origin", "only the sandbox's own page may call this");
}

void add_control_routes(net::Router& router, Service& service) {
  const auto add = [&](net::Method method, std::string_view pattern, auto handler) {
    net::RouteOptions options;
    if (method != net::Method::get) options.admit = refuse_foreign_pages;
    router.add(
        method, pattern,
        [&service, handler](net::Request&& request, net::Responder responder) {
          handler(service, request, std::move(responder));
        },
        options);
  };
  add(net::Method::get, "/sandbox/v1/truth", show_truth);
  add(net::Method::get, "/sandbox/v1/faults", show_faults);
  add(net::Method::put, "/sandbox/v1/faults/{name}", put_fault);
  add(net::Method::get, "/sandbox/v1/notifications", show_notifications);
  add(net::Method::get, "/sandbox/v1/trades/{out_trade_no}", show_trade);
  add(net::Method::post, "/sandbox/v1/trades/{out_trade_no}/pay", pay_trade);
  add(net::Method::post, "/sandbox/v1/trades/{out_trade_no}/notify", notify_trade);
  add(net::Method::post, "/sandbox/v1/pay-url", pay_url);
  add(net::Method::post, "/sandbox/v1/reset", reset);
}

}  // namespace daozhang::sandbox
