#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include <fmt/format.h>

#include "api/admin/inbox_verb.h"
#include "api/admin/money_verbs.h"
#include "api/admin/operator_client.h"
#include "domain/order/references.h"
#include "engine/test_nodes.h"
#include "net/http_server.h"
#include "storage/memory/memory_store.h"

namespace daozhang::api {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCallKind;

class NoEntropy final : public ports::Entropy {
 public:
  std::string bytes(std::size_t count) override { return std::string(count, '\0'); }
};

crypto::MasterKeys keys_of_shop() {
  crypto::MasterKeys keys;
  keys.kek = crypto::WipedBytes(std::string(32, 'k'));
  keys.fingerprint = crypto::WipedBytes(std::string(32, 'f'));
  keys.access_code = crypto::WipedBytes(std::string(32, 'a'));
  return keys;
}

// Answers what it is told to; a notification is its trade reference, signed if it begins with "ok
// ".
class FakeChannel final : public ports::PaymentChannel {
 public:
  const ports::ChannelCapabilities& capabilities() const override { return capabilities_; }
  base::Result<std::string, ports::PayLinkRefusal> pay_link(const ports::ChannelOrder&,
                                                            base::Instant) override {
    return std::string("https://channel.example/pay");
  }
  void call(ports::PaymentCall call, std::function<void(PaymentAnswer)> answer) override {
    PaymentAnswer said;
    if (call.kind == PaymentCallKind::query && is_paid_) {
      said.outcome = Outcome::done;
      said.trade = ports::TradeStatus::paid;
      said.trade_no = "T1";
      said.amount_minor = call.order.amount_minor;
      said.raw = "an answer of the channel";
    }
    if (call.kind == PaymentCallKind::refund) said.outcome = Outcome::done;
    answer(std::move(said));
  }
  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const ports::NoticeMessage& message, base::Instant) override {
    if (!message.body.starts_with("ok "))
      return base::refuse(ports::NoticeRefusal::signature_invalid);
    ports::PaymentNotice notice;
    notice.trade_ref = message.body.substr(3);
    notice.trade_no = trade_no_;
    notice.trade = ports::TradeStatus::paid;
    notice.amount_minor = 990;
    return notice;
  }
  std::string_view notice_accepted() const override { return "success"; }
  std::string_view notice_refused() const override { return "failure"; }

  std::atomic<bool> is_paid_ = false;
  std::string trade_no_ = "T1";

 private:
  ports::ChannelCapabilities capabilities_;
};

// A running shop with one unpaid order, and its admin port.
class MoneyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    lane_.start();
    net::Router router;
    OperatorRoutes routes(router, keys_, [](const OperatorRecord&) {});
    ChannelEntry entry;
    entry.code = "alipay";
    entry.channel = &channel_;
    add_inbox_verb(routes, {lane_, clock_, store_, numbers_, {entry}});
    add_money_verbs(routes, {lane_, store_, numbers_, 1'000, {"alipay"}});
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    ASSERT_TRUE(server_->start());
    place(1);
  }
  void TearDown() override {
    server_->stop({});
    lane_.stop();
  }

  engine::Answer submit(engine::CommandBody body) {
    std::promise<engine::Answer> promise;
    lane_.submit(std::move(body),
                 [&](engine::Answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  void place(int quantity) {
    engine::PlaceOrder command;
    command.product.sku = "topup";
    command.product.kind = domain::ProductKind::topup;
    command.product.price_minor = 990;
    command.product.supplier = "nobody";
    command.product.promise_seconds = 3600;
    command.quantity = quantity;
    command.channel = "alipay";
    command.idempotency_key = fmt::format("a key of {} units and 22 letters", quantity);
    order_no_ = submit(std::move(command)).order->header.order_no;
  }
  // A notification as it comes in at the storefront.
  void notify(const std::string& body) {
    ports::NoticeMessage message;
    message.body = body;
    auto notice = channel_.read_notice(message, {});
    if (notice)
      submit(engine::TakeNotice{"alipay", std::move(*notice), message, {}, {}});
    else
      submit(engine::RecordRefusedNotice{"alipay", "signature_invalid", message});
  }
  base::Result<json::Value, AskProblem> ask(std::string_view verb, const std::string& request) {
    OperatorClient client("127.0.0.1:" + std::to_string(server_->port()), keys_,
                          Acting{"lin", "the payer wrote"});
    return client.ask(verb, request);
  }
  std::string about_order(const std::string& more) {
    return fmt::format(R"({{"order_no":"{}",{}}})", order_no_, more);
  }
  domain::Order order() { return store_.find_order(*numbers_.order_of(order_no_)).value(); }
  // Until the lane has taken in what the channel answered.
  domain::Order paid_order() {
    for (int i = 0; i < 200 && order().payments.empty(); ++i) submit(engine::Look{order().key()});
    return order();
  }

  crypto::MasterKeys keys_ = keys_of_shop();
  storage::memory::MemoryStore store_;
  NoEntropy entropy_;
  FakeChannel channel_;
  domain::OrderNumbers numbers_{"0123456789abcdef0123456789abcdef"};
  lane::Clock clock_{base::Instant{}};
  lane::Lane lane_{
      std::make_unique<engine::Engine>(store_, entropy_, numbers_, engine::EngineSettings{}),
      clock_, lane::Peers{{{"alipay", &channel_}}, {}}, [](const auto&) {}};
  std::unique_ptr<net::HttpServer> server_;
  std::string order_no_;
};

TEST_F(MoneyTest, SettledByHandOnlyWhatTheChannelConfirmsCounts) {
  const auto asked = ask("settle", about_order(R"("trade_no":"T1")"));
  ASSERT_TRUE(asked) << asked.error().words;
  EXPECT_TRUE(order().payments.empty()) << "the channel did not say so";
  channel_.is_paid_ = true;
  ASSERT_TRUE(ask("settle", about_order(R"("trade_no":"T1")")));
  ASSERT_EQ(paid_order().payments.size(), 1U);
  const auto again = ask("settle", about_order(R"("trade_no":"T1")"));
  ASSERT_TRUE(again);
  EXPECT_TRUE(*again->find("found")->boolean());
}

TEST_F(MoneyTest, WhoActedAndWhyStandsInTheOrdersHistory) {
  ASSERT_TRUE(ask("settle", about_order(R"("trade_no":"T7","second":"wang")")));
  std::string told;
  store_.each_order([&](const auto& story) {
    for (const auto& event : story.events) told += event.body;
  });
  EXPECT_NE(told.find(R"("actor":"staff:lin")"), std::string::npos) << told;
  EXPECT_NE(told.find(R"("reason":"the payer wrote; trade number T7; approved by wang")"),
            std::string::npos)
      << told;
}

TEST_F(MoneyTest, ALargeSumNeedsASecondPersonWhoIsNotTheFirst) {
  place(2);
  for (const auto* more : {R"("trade_no":"T1")", R"("trade_no":"T1","second":"lin")"}) {
    const auto alone = ask("settle", about_order(more));
    ASSERT_FALSE(alone) << more;
    EXPECT_EQ(alone.error().code, "second_person_missing");
  }
  EXPECT_TRUE(ask("settle", about_order(R"("trade_no":"T1","second":"wang")")));
}

TEST_F(MoneyTest, WhatCanNotBeActedOnIsSaidSo) {
  EXPECT_EQ(ask("settle", R"({"order_no":"NOSUCHORDER","trade_no":"T1"})").error().code,
            "order_not_found");
  EXPECT_EQ(ask("settle", about_order(R"("trade_no":"")")).error().code, "invalid_request");
  EXPECT_EQ(ask("refund", about_order(R"("refund_no":"R1")")).error().code, "invalid_request");
  EXPECT_EQ(ask("inbox", R"({"action":"burn"})").error().code, "invalid_request");
  EXPECT_EQ(ask("inbox", R"({"action":"show","digest":"12"})").error().code, "invalid_request");
  EXPECT_EQ(ask("inbox", R"({"action":"replay","digest":"0123456789"})").error().code,
            "message_unknown");
}

TEST_F(MoneyTest, ARefundThatIsNotLostIsNotSentAgain) {
  notify("ok " + domain::trade_ref(order_no_, 1));
  engine::TakeNotice second{"alipay", {}, {}, {}, {}};
  second.notice.trade_ref = domain::trade_ref(order_no_, 1);
  second.notice.trade_no = "T2";
  second.notice.trade = ports::TradeStatus::paid;
  second.notice.amount_minor = 990;
  submit(std::move(second));
  ASSERT_EQ(order().refunds.size(), 1U) << "paid twice: the second goes back";
  for (int i = 0; i < 200 && order().refunds[0].state == domain::RefundState::decided; ++i)
    submit(engine::Look{order().key()});
  ASSERT_EQ(order().refunds[0].state, domain::RefundState::accepted);
  const auto refund_no = order().refunds[0].refund_ref;
  const auto again = ask("refund", about_order(fmt::format(R"("refund_no":"{}")", refund_no)));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "refund_not_lost");
  for (const auto* verb : {"refund_by_hand", "refund_found"}) {
    const auto told =
        ask(verb, about_order(fmt::format(R"("refund_no":"{}","second":"wang")", refund_no)));
    ASSERT_FALSE(told) << verb;
    EXPECT_EQ(told.error().code, "refund_not_stuck") << verb;
  }
}

TEST_F(MoneyTest, AnOrderThatTheShopHasLostIsAskedAboutAsTheBillTellsOfIt) {
  const domain::OrderKey lost{domain::Partition{7}, domain::OrderId{77}};
  const auto number = numbers_.number_of(lost);
  const auto settle = [&](const std::string& more) {
    return ask("settle", fmt::format(R"({{"order_no":"{}_2","trade_no":"T1"{}}})", number, more));
  };
  EXPECT_EQ(settle("").error().code, "order_lost");
  EXPECT_EQ(settle(R"(,"channel":"alipay","amount":"1e2")").error().code, "order_lost");
  EXPECT_EQ(settle(R"(,"channel":"nobody","amount":"9.90")").error().code, "invalid_request");
  EXPECT_EQ(settle(R"(,"channel":"alipay","amount":"0.01")").error().code, "second_person_missing")
      << "what goes back is what the channel says";
  EXPECT_FALSE(store_.find_order(lost));
  channel_.is_paid_ = true;
  const auto asked = settle(R"(,"channel":"alipay","amount":"9.90","second":"wang")");
  ASSERT_TRUE(asked) << asked.error().words;
  for (int i = 0; i < 200 && store_.find_order(lost)->refunds.empty(); ++i)
    submit(engine::Look{lost});
  const auto order = *store_.find_order(lost);
  EXPECT_EQ(order.intents.size(), 2U);
  ASSERT_GE(order.refunds.size(), 1U);
  EXPECT_EQ(order.refunds[0].amount_minor, 990);
  EXPECT_EQ(order.units[0].reason, domain::UnitReason::order_lost);
}

TEST_F(MoneyTest, AChargebackIsBookedOnceAndItsBuyerIsRefusedUntilForgiven) {
  const auto charge = [&](const char* more) { return ask("chargeback", about_order(more)); };
  notify("ok " + domain::trade_ref(order_no_, 1));
  EXPECT_EQ(charge(R"("trade_no":"T1","case_no":"C1","amount":"9.90")").error().code,
            "charged_order_open")
      << "its top-up may still fail";
  ASSERT_TRUE(store_.import_stock(engine::cards(1)));
  auto card = engine::order_of(domain::ProductKind::secret, "a key of a card and 22 letters");
  card.channel = "alipay";
  order_no_ = submit(std::move(card)).order->header.order_no;
  channel_.trade_no_ = "T2";
  notify("ok " + domain::trade_ref(order_no_, 1));
  ASSERT_EQ(order().header.state, domain::OrderState::delivered);
  const auto* whole = R"("trade_no":"T2","case_no":"C1","amount":"9.90")";
  for (const auto* wrong : {R"("trade_no":"T2","case_no":"C1","amount":"9.901")",
                            R"("trade_no":"T2","case_no":"C1","amount":"0")",
                            R"("trade_no":"T2","case_no":"","amount":"1")",
                            R"("trade_no":"","case_no":"C1","amount":"1")"})
    EXPECT_EQ(charge(wrong).error().code, "invalid_request") << wrong;
  EXPECT_EQ(charge(R"("trade_no":"T2","case_no":"C1","amount":"9.91")").error().code,
            "charged_more_than_kept");
  EXPECT_EQ(
      charge(R"("trade_no":"T2","channel":"alipay","case_no":"C1","amount":"9.91")").error().code,
      "charged_more_than_kept");
  EXPECT_EQ(charge(R"("trade_no":"T2","channel":"wechatpay","case_no":"C1","amount":"9.90")")
                .error()
                .code,
            "charged_payment_unknown");
  EXPECT_EQ(charge(R"("trade_no":"T2","case_no":"C1","amount":"10.00")").error().code,
            "second_person_missing");
  const auto booked = charge(whole);
  ASSERT_TRUE(booked) << booked.error().words;
  EXPECT_FALSE(*booked->find("found")->boolean());
  EXPECT_TRUE(*charge(whole)->find("found")->boolean()) << "and not a second time";
  EXPECT_EQ(order().chargebacks.size(), 1U);
  EXPECT_TRUE(ask("chargeback_returned", about_order(R"("case_no":"C1")")));
  EXPECT_EQ(ask("chargeback_returned", about_order(R"("case_no":"C1")")).error().code,
            "charged_case_unknown");
  EXPECT_EQ(ask("forgive", about_order(R"("second":"wang")")).error().code, "buyer_not_flagged")
      << "a won dispute flags nobody";
}

TEST_F(MoneyTest, TheInboxShowsWhatDidNotCountAndWhy) {
  notify("forged");
  const auto listed = ask("inbox", R"({"action":"list"})");
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->find("messages")->array()->size(), 1U);
  const auto& message = listed->find("messages")->array()->front();
  EXPECT_EQ(message.text_of("reason"), "signature_invalid");
  const std::string digest(message.text_of("digest"));
  const auto shown =
      ask("inbox", fmt::format(R"({{"action":"show","digest":"{}"}})", digest.substr(0, 8)));
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->find("messages")->array()->front().text_of("body"), "POST\n\nforged");
  const auto replayed = ask("inbox", fmt::format(R"({{"action":"replay","digest":"{}"}})", digest));
  ASSERT_TRUE(replayed);
  EXPECT_EQ(replayed->text_of("verdict"), "refused");
  EXPECT_EQ(replayed->text_of("reason"), "signature_invalid");
}

TEST_F(MoneyTest, AMessageThatCameTooEarlyForItsOrderCountsWhenItIsReplayed) {
  // As if the order had been unknown when it came: the same words, judged anew by somebody.
  const auto other = order_no_;
  notify("ok " + other + "_9");
  const auto listed = ask("inbox", fmt::format(R"({{"action":"list","order_no":"{}"}})", other));
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->find("messages")->array()->size(), 1U);
  EXPECT_EQ(listed->find("messages")->array()->front().text_of("reason"), "payment_unknown");
  notify("ok " + domain::trade_ref(other, 1));
  EXPECT_EQ(order().payments.size(), 1U);
  const auto all = ask("inbox", fmt::format(R"({{"action":"list","order_no":"{}"}})", other));
  ASSERT_EQ(all->find("messages")->array()->size(), 2U);
  const auto& newest = all->find("messages")->array()->front();
  const auto replayed =
      ask("inbox", fmt::format(R"({{"action":"replay","digest":"{}"}})", newest.text_of("digest")));
  ASSERT_TRUE(replayed) << replayed.error().words;
  EXPECT_EQ(replayed->text_of("verdict"), "repeated") << "a replay pays nothing twice";
}

// Refused before the shop knew its order, and told again after that order was adopted.
TEST_F(MoneyTest, AMessageThatCameBeforeAndAfterItsOrderWasKnownIsReplayed) {
  notify("ok " + domain::trade_ref(order_no_, 1));
  const auto known = store_.find_messages({order().key(), ""});
  ASSERT_EQ(known.size(), 1U);
  auto before = known.front();
  before.partition = {(before.partition.value + 1) % domain::partition_count};
  before.order_partition = {};
  before.order_id = {};
  before.verdict = domain::InboxVerdict::refused;
  before.first_seen_at = before.first_seen_at - base::hours(1);
  ports::Commit commit;
  commit.inbox = {before};
  commit.now = before.last_seen_at;
  ASSERT_TRUE(store_.commit(commit));
  const auto replayed =
      ask("inbox", fmt::format(R"({{"action":"replay","digest":"{}"}})", before.digest));
  ASSERT_TRUE(replayed) << replayed.error().words;
  EXPECT_EQ(replayed->text_of("verdict"), "repeated");
  EXPECT_EQ(order().payments.size(), 1U);
}

TEST_F(MoneyTest, WhatTheChannelAnsweredIsKeptAndIsNoNotification) {
  channel_.is_paid_ = true;
  ASSERT_TRUE(ask("settle", about_order(R"("trade_no":"T1")")));
  ASSERT_EQ(paid_order().payments.size(), 1U);
  const auto listed =
      ask("inbox", fmt::format(R"({{"action":"list","order_no":"{}"}})", order_no_));
  ASSERT_TRUE(listed);
  ASSERT_FALSE(listed->find("messages")->array()->empty());
  const auto& message = listed->find("messages")->array()->front();
  EXPECT_EQ(message.text_of("source"), "query");
  EXPECT_EQ(message.text_of("verdict"), "applied");
  const auto replayed = ask(
      "inbox", fmt::format(R"({{"action":"replay","digest":"{}"}})", message.text_of("digest")));
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().code, "message_not_replayable");
}

}  // namespace
}  // namespace daozhang::api
