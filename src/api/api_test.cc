#include <gtest/gtest.h>

#include "api/error_status.h"
#include "api/language.h"
#include "api/order_json.h"
#include "api/problem.h"
#include "api/rate_limit.h"
#include "api/vault.h"
#include "json/reader.h"

namespace daozhang::api {
namespace {

domain::Order placed_order() {
  domain::Order order;
  auto& header = order.header;
  header.order_no = "N1";
  header.version = 1;
  header.quantity = 1;
  header.unit_price_minor = 990;
  header.placed_at = base::Instant{1'000'000'000};
  header.pay_by = header.placed_at + base::minutes(15);
  header.deadline = header.pay_by + base::seconds(60);
  order.units.push_back({});
  order.units.front().unit_no = 1;
  domain::Intent intent;
  intent.intent_no = 1;
  intent.channel = "alipay";
  intent.amount_minor = 990;
  intent.expires_at = header.pay_by;
  order.intents.push_back(intent);
  return order;
}

const OrderView view{"https://shop.example", [](std::string_view) { return ports::Way::page; }};

TEST(Language, EnglishOnlyWhenItIsPreferredToChinese) {
  EXPECT_EQ(language_of(""), Language::zh);
  EXPECT_EQ(language_of("en"), Language::en);
  EXPECT_EQ(language_of("en-US,en;q=0.9,zh;q=0.8"), Language::en);
  EXPECT_EQ(language_of("zh-CN,zh;q=0.9,en;q=0.8"), Language::zh);
  EXPECT_EQ(language_of("fr, de"), Language::zh);
  EXPECT_EQ(language_of("english"), Language::zh);
  EXPECT_EQ(language_of("zh;q=0.5, en;q=0.501"), Language::en);
  EXPECT_EQ(language_of("zh;q=0, en;q=1.000"), Language::en);
  // A weight outside the grammar is none.
  for (const char* weight : {"5", "1.001", "1e300", "-1", "0.1234", "0,9", "nan", "", "."})
    EXPECT_EQ(language_of("zh;q=0.1, en;q=" + std::string(weight)), Language::zh) << weight;
}

TEST(Problem, EveryRefusalHasAStatusAndASentenceInBothLanguages) {
  for (int i = 1; i <= static_cast<int>(engine::Refusal::batch_taken); ++i) {
    const auto refusal = static_cast<engine::Refusal>(i);
    EXPECT_GE(status_of(refusal), 400);
    if (refusal == engine::Refusal::notice_refused) continue;  // Answered in the channel's words.
    for (const auto language : {Language::zh, Language::en}) {
      const auto document = json::read(problem_of(refusal, language).body);
      ASSERT_TRUE(document);
      EXPECT_EQ(document->text_of("code"), base::name_of(refusal));
      EXPECT_FALSE(document->text_of("detail").empty()) << base::name_of(refusal);
    }
  }
}

TEST(OrderJson, TheAnswerToAPlacedOrderIsTheSameAfterThePayment) {
  auto order = placed_order();
  const std::string first = placed_order_json(order, "CODE", view);
  order.header.version = 9;
  order.header.paid_at = order.header.placed_at + base::seconds(5);
  order.header.state = domain::OrderState::delivered;
  order.intents.front().state = domain::IntentState::paid;
  EXPECT_EQ(placed_order_json(order, "CODE", view), first);
}

TEST(OrderJson, APaymentThatWaitsForItsPayerLeadsToWhoNamesHimAndNobodyIsToldWhoHeIs) {
  const OrderView wechat{"https://shop.example", [](std::string_view) { return ports::Way::jsapi; },
                         [](std::string_view, std::string_view) { return R"({"appId":"wx"})"; },
                         [](std::string_view channel) { return channel == "sheet"; }};
  auto order = placed_order();
  auto& intent = order.intents.front();
  intent.channel = "sheet";
  intent.state = domain::IntentState::preparing;
  const auto link = [&] {
    const auto document = json::read(order_json(order, wechat));
    return std::string(document->find("payment")->text_of("redirect_url"));
  };
  const std::string placed = placed_order_json(order, "CODE", wechat);
  EXPECT_EQ(link(), "https://shop.example/v1/orders/N1/payments/1/payer");
  intent.channel = "of_programs";
  EXPECT_EQ(link(), "");
  intent.channel = "sheet";
  intent.payer_id = "oPayer1";
  intent.payer_ip = "203.0.113.7";
  intent.next_ask_at = order.header.placed_at;
  EXPECT_EQ(link(), "");
  intent.state = domain::IntentState::ready;
  intent.pay_content = "wx1";
  EXPECT_EQ(link(), "");
  EXPECT_EQ(placed_order_json(order, "CODE", wechat), placed) << "a repeat is the same to the byte";
  const std::string shown = order_json(order, wechat);
  EXPECT_NE(shown.find(R"("pay_sheet":{"appId":"wx"})"), std::string::npos);
  EXPECT_EQ(shown.find("oPayer1"), std::string::npos);
  EXPECT_EQ(shown.find("203.0.113.7"), std::string::npos);
}

TEST(OrderJson, ShowsStagesPaymentsAndRefunds) {
  auto order = placed_order();
  const auto document = json::read(order_json(order, view));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("stages")->array()->size(), 7U);
  EXPECT_EQ(document->find("payment")->text_of("redirect_url"), "https://shop.example/pay/N1/1");
  EXPECT_EQ(document->find("promise")->text_of("deadline"),
            base::to_rfc3339(order.header.deadline));
}

TEST(RateLimit, CountsEachClientByItselfAndForgetsAfterTheWindow) {
  RateLimit limit(2, base::minutes(1));
  const base::Instant now{1'000'000'000};
  EXPECT_TRUE(limit.admit("a", now));
  EXPECT_TRUE(limit.admit("a", now));
  EXPECT_TRUE(limit.is_over("a", now));
  EXPECT_FALSE(limit.admit("a", now));
  EXPECT_TRUE(limit.admit("b", now));
  EXPECT_TRUE(limit.admit("a", now + base::minutes(1)));
}

class VaultTest : public ::testing::Test {
 protected:
  static crypto::MasterKeys test_keys() {
    crypto::MasterKeys keys;
    keys.kek = crypto::WipedBytes(std::string(32, 'k'));
    keys.fingerprint = crypto::WipedBytes(std::string(32, 'f'));
    return keys;
  }
  crypto::MasterKeys keys_ = test_keys();
  Vault vault_{keys_};
  Vault::OpenBatch batch_ = vault_.new_batch(domain::first_shop, "sku", base::Instant{1'000'000});
};

TEST_F(VaultTest, OpensWhatItSealed) {
  const auto item = vault_.seal(batch_, domain::ItemId{7}, "SECRET-1");
  EXPECT_EQ(item.sealed.find("SECRET-1"), std::string::npos);
  const auto opened = vault_.open(item, batch_.batch);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->view(), "SECRET-1");
}

TEST_F(VaultTest, TheSameSecretHasTheSameFingerprintAndAnotherCiphertext) {
  const auto a = vault_.seal(batch_, domain::ItemId{7}, "SECRET-1");
  const auto b = vault_.seal(batch_, domain::ItemId{8}, "SECRET-1");
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.partition, b.partition);
  EXPECT_NE(a.sealed, b.sealed);
}

TEST_F(VaultTest, ACiphertextMovedToAnotherRowDoesNotOpen) {
  const auto a = vault_.seal(batch_, domain::ItemId{7}, "SECRET-1");
  auto b = vault_.seal(batch_, domain::ItemId{8}, "SECRET-2");
  b.sealed = a.sealed;
  EXPECT_FALSE(vault_.open(b, batch_.batch));
}

TEST_F(VaultTest, AnotherKeyFileOpensNothing) {
  const auto item = vault_.seal(batch_, domain::ItemId{7}, "SECRET-1");
  crypto::MasterKeys other;
  other.kek = crypto::WipedBytes(std::string(32, 'x'));
  EXPECT_FALSE(Vault(other).open(item, batch_.batch));
}

}  // namespace
}  // namespace daozhang::api
