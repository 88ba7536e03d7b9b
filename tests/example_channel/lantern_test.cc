#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>

#include "json/reader.h"
#include "net/http_server.h"
#include "tests/example_channel/lantern_gateway.h"

namespace daozhang::connectors::payment::lantern {
namespace {

using ports::Outcome;
using ports::PaymentCallKind;

const base::Instant now = base::from_rfc3339("2026-11-22T05:05:10Z").value();

AccountSettings settings(std::string base_url = "https://api.lantern.example/v1/") {
  return {std::move(base_url), "lt_1001", "vK3tq9XwZ7mPf2RbY8sLd4NhC6gJ1aUe",
          "https://shop.example/v1/notify/lantern"};
}
Account account() { return read_account(settings()).value(); }

ports::PaymentCall call_of(PaymentCallKind kind) {
  ports::PaymentCall call;
  call.kind = kind;
  call.order.trade_ref = "D7Q2XK5M_1";
  call.order.amount_minor = 990;
  call.order.subject = "Steam 充值卡 50元";
  call.order.expires_at = now + base::minutes(15);
  call.refund_ref = "D7Q2XK5M_r1u1";
  call.refund_minor = 990;
  return call;
}

struct Recorded {
  std::string name;
  json::Value file;

  [[nodiscard]] ports::PaymentCall call() const {
    return call_of(base::enum_named<PaymentCallKind>(file.text_of("call")).value());
  }
  [[nodiscard]] Reply reply() const {
    return {static_cast<int>(*file.find("status")->integer()),
            std::string(file.text_of("body")),
            {std::string(file.text_of("timestamp")), std::string(file.text_of("signature"))}};
  }
};

std::vector<Recorded> recorded() {
  std::vector<Recorded> all;
  for (const auto& entry : std::filesystem::directory_iterator("tests/example_channel/replies")) {
    std::ifstream stream(entry.path());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    all.push_back({entry.path().filename().string(), json::read(text).value()});
  }
  EXPECT_GE(all.size(), 34U);
  return all;
}

TEST(LanternAccount, RefusesWhatWouldFailOrLieLater) {
  EXPECT_TRUE(read_account(settings()));
  const auto refusal = [](std::string AccountSettings::*field, std::string value) {
    AccountSettings changed = settings();
    changed.*field = std::move(value);
    const auto read = read_account(changed);
    return read ? std::string_view("none") : base::name_of(read.error());
  };
  for (const char* url : {"", "http://api.lantern.example/", "https://a.example/?x=/", "https://a"})
    EXPECT_EQ(refusal(&AccountSettings::base_url, url), "base_url_unusable") << url;
  EXPECT_EQ(refusal(&AccountSettings::account, "lt 1001"), "account_unusable");
  EXPECT_EQ(refusal(&AccountSettings::notify_url, "ftp://a"), "notify_url_unusable");
  EXPECT_EQ(refusal(&AccountSettings::secret, ""), "secret_missing");
  EXPECT_EQ(refusal(&AccountSettings::secret, "vK3tq9XwZ7mPf2Rb"), "secret_too_short");
  for (const char* secret :
       {"aK3aK3aK3aK3aK3aK3aK3aK3aK3aK3aK3aK3", "0123456789abcdef0123456789abcdef",
        "change-me-vK3tq9XwZ7mPf2Rb-Secret", "vK3tq9XwZ7mPf2RbY8sLd4NhC6-lt_1001"})
    EXPECT_EQ(refusal(&AccountSettings::secret, secret), "secret_guessable") << secret;
}

TEST(LanternAnswer, RecordedRepliesMeanWhatTheyMean) {
  for (const auto& one : recorded()) {
    SCOPED_TRACE(one.name);
    const auto answer = answer_of(account(), one.call(), one.reply(), now);
    const json::Value& expect = *one.file.find("expect");
    const auto trade = expect.text_of("trade");
    const auto* amount = expect.find("amount_minor");
    EXPECT_EQ(base::name_of(answer.outcome), expect.text_of("outcome"));
    EXPECT_EQ(base::name_of(answer.trade), trade.empty() ? "waiting" : trade);
    EXPECT_EQ(answer.problem, expect.text_of("problem"));
    EXPECT_EQ(answer.amount_minor, amount == nullptr ? 0 : *amount->integer());
    EXPECT_EQ(answer.trade_no, expect.text_of("trade_no"));
    EXPECT_EQ(answer.pay_content, expect.text_of("pay_content"));
    EXPECT_EQ(answer.retry_later, expect.find("retry_later") != nullptr);
  }
}

TEST(LanternAnswer, WhatDoesNotProveItselfIsUnknown) {
  for (const auto& one : recorded()) {
    const auto outcome = [&](const Reply& reply, base::Instant at = now) {
      return answer_of(account(), one.call(), reply, at).outcome;
    };
    Reply changed = one.reply();
    changed.body += ' ';
    EXPECT_EQ(outcome(changed), Outcome::unknown) << one.name;
    EXPECT_EQ(outcome(one.reply(), now + base::minutes(6)), Outcome::unknown) << one.name;
  }
}

std::string told(std::string_view from = "", std::string_view to = "") {
  std::string body = R"({"event_id":"e1","account":"lt_1001","order_no":"D7Q2XK5M_1",)"
                     R"("lantern_no":"L1","amount_fen":990,"status":"paid"})";
  return body.replace(body.find(from), from.size(), to);
}

ports::NoticeMessage signed_message(std::string body) {
  const auto [timestamp, signature] = prove(account(), body, now);
  return {.method = "POST",
          .content_type = "application/json",
          .headers = {{"lantern-timestamp", timestamp}, {"lantern-signature", signature}},
          .body = std::move(body)};
}

std::string_view verdict(const ports::NoticeMessage& message, base::Instant at = now) {
  const auto notice = read_notice(account(), message, at);
  return notice ? base::name_of(notice->trade) : base::name_of(notice.error());
}

TEST(LanternNotice, EachRungRefusesByItsName) {
  const auto genuine = signed_message(told());
  EXPECT_EQ(read_notice(account(), genuine, now)->amount_minor, 990);
  EXPECT_EQ(verdict(genuine), "paid");
  EXPECT_EQ(verdict(genuine, now + base::minutes(6)), "timestamp_differs");
  auto message = genuine;
  message.method = "GET";
  EXPECT_EQ(verdict(message), "method_differs");
  message = genuine;
  message.headers.pop_back();
  EXPECT_EQ(verdict(message), "signature_missing");
  message = genuine;
  message.body = told("990", "991");
  EXPECT_EQ(verdict(message), "signature_invalid");
  for (const auto& [from, to, refusal] : std::vector<std::array<std::string_view, 3>>{
           {"event_id", "account", "unreadable"},
           {"990", "9.90", "unreadable"},
           {"e1", "", "unreadable"},
           {"lt_1001", "lt_1002", "app_differs"},
           {"D7Q2XK5M_1", "D7Q2XK5M/1", "trade_ref_missing"},
           {"L1", "", "trade_no_missing"},
           {"990", "-990", "amount_unreadable"},
           {"paid", "frozen", "status_unknown"}})
    EXPECT_EQ(verdict(signed_message(told(from, to))), refusal) << to;
}

TEST(LanternNotice, WhatWeSignedOurselvesIsNone) {
  const auto sent = request_of(account(), call_of(PaymentCallKind::create), now);
  EXPECT_EQ(verdict(signed_message(sent.body)), "unreadable");
}

TEST(LanternGateway, EveryCallArrivesSignedAndItsReplyIsRead) {
  std::mutex mutex;  // Of what the server's thread and this one share.
  std::string seen;
  Reply reply;
  net::Router router;
  const auto answer = [&](net::Request&& request, net::Responder responder) {
    const std::lock_guard lock(mutex);
    const auto proof = prove(account(), request.body, now);
    const bool proven = request.header("Lantern-Timestamp") == proof.timestamp &&
                        request.header("Lantern-Signature") == proof.signature;
    seen = std::string(net::to_string(request.method)) + (proven ? " " : " forged ") + request.path;
    responder.send(net::json_response(reply.status, reply.body)
                       .with("Lantern-Timestamp", reply.proof.timestamp)
                       .with("Lantern-Signature", reply.proof.signature));
  };
  router.add(net::Method::post, "/orders", answer);
  router.add(net::Method::get, "/orders/{no}", answer);
  router.add(net::Method::post, "/orders/{no}/close", answer);
  router.add(net::Method::post, "/refunds", answer);
  router.add(net::Method::get, "/refunds/{no}", answer);
  net::HttpServer server({}, std::move(router));
  ASSERT_TRUE(server.start());
  net::ClientOptions loopback;
  loopback.address_rule = net::public_addresses(true);
  net::HttpClient client(loopback);
  const auto url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  const auto channel =
      make_gateway(read_account(settings(url)).value(), client, {.now = [] { return now; }});
  const std::map<std::string, std::string_view> paths = {
      {"create", "POST /orders"},
      {"query", "GET /orders/D7Q2XK5M_1"},
      {"close", "POST /orders/D7Q2XK5M_1/close"},
      {"refund", "POST /refunds"},
      {"query_refund", "GET /refunds/D7Q2XK5M_r1u1"}};
  for (const auto& one : recorded()) {
    std::unique_lock lock(mutex);
    reply = one.reply();
    lock.unlock();
    std::promise<ports::PaymentAnswer> promise;
    channel->call(one.call(), [&](ports::PaymentAnswer got) { promise.set_value(std::move(got)); });
    const auto got = promise.get_future().get();
    lock.lock();
    EXPECT_EQ(seen, paths.at(std::string(one.file.text_of("call"))));
    EXPECT_EQ(base::name_of(got.outcome), one.file.find("expect")->text_of("outcome")) << one.name;
  }
  client.stop();
}

}  // namespace
}  // namespace daozhang::connectors::payment::lantern
