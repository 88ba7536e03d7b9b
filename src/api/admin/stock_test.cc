#include <gtest/gtest.h>

#include "api/admin/operator_client.h"
#include "api/admin/stock_request.h"
#include "api/admin/stock_sender.h"
#include "api/admin/stock_verb.h"
#include "json/reader.h"
#include "net/http_server.h"
#include "storage/memory/memory_store.h"

namespace daozhang::api {
namespace {

using storage::memory::CommitFault;

class NoEntropy final : public ports::Entropy {
 public:
  std::string bytes(std::size_t count) override { return std::string(count, '\0'); }
};

crypto::MasterKeys keys_of(char kek) {
  crypto::MasterKeys keys;
  keys.kek = crypto::WipedBytes(std::string(32, kek));
  keys.fingerprint = crypto::WipedBytes(std::string(32, 'f'));
  keys.access_code = crypto::WipedBytes(std::string(32, 'a'));
  return keys;
}

ports::StockImport sealed(const Vault& vault, std::int64_t micros,
                          const std::vector<std::string>& secrets) {
  const auto batch = vault.new_batch(domain::first_shop, "card", base::Instant{micros});
  ports::StockImport import{batch.batch, {}};
  std::int64_t place = 0;
  for (const auto& secret : secrets)
    import.items.push_back(
        vault.seal(batch, Vault::item_id(batch.batch.batch_id, place++), secret));
  import.batch.item_count = place;
  return import;
}

// A running shop: its lane over the memory store, and its admin port.
class StockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_.set_fault_hook([this] {
      if (faults_.empty()) return CommitFault::ok;
      const auto fault = faults_.back();
      faults_.pop_back();
      return fault;
    });
    lane_.start();
    net::Router router;
    OperatorRoutes routes(router, keys_, [](const OperatorRecord&) {});
    add_stock_verb(routes, {lane_, vault_, catalog_});
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    ASSERT_TRUE(server_->start());
    client_ = std::make_unique<OperatorClient>("127.0.0.1:" + std::to_string(server_->port()),
                                               keys_, Acting{"lin", "new stock"});
  }
  void TearDown() override {
    server_->stop({});
    lane_.stop();
  }

  base::Result<StockAnswer, StockProblem> send(const ports::StockImport& import) {
    return StockSender(*client_, [this](base::Duration time) { pauses_.push_back(time); })
        .send(import);
  }
  std::int64_t level() { return store_.stock_levels(domain::first_shop, 100)["card"]; }
  static domain::Product card() {
    domain::Product product;
    product.sku = "card";
    return product;
  }

  crypto::MasterKeys keys_ = keys_of('k');
  Vault vault_{keys_};
  Catalog catalog_{{card()}};
  std::vector<CommitFault> faults_;  // The last one strikes first.
  std::vector<base::Duration> pauses_;
  storage::memory::MemoryStore store_;
  NoEntropy entropy_;
  domain::OrderNumbers numbers_{"0123456789abcdef0123456789abcdef"};
  lane::Clock clock_{base::Instant{}};
  lane::Lane lane_{
      std::make_unique<engine::Engine>(store_, entropy_, numbers_, engine::EngineSettings{}),
      clock_, lane::Peers{}, [](const auto&) {}};
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<OperatorClient> client_;
};

TEST_F(StockTest, ABatchComesInAsItWasSealed) {
  const auto import = sealed(vault_, 1'000'000, {"SECRET-1", "卡密-2"});
  const auto answer = send(import);
  ASSERT_TRUE(answer) << answer.error().words;
  EXPECT_TRUE(answer->on_sale);
  EXPECT_EQ(answer->are_new, (std::vector{true, true}));
  const auto items = store_.find_items(std::vector{import.items[1].key()});
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0], import.items[1]);
  const auto batch = store_.find_batch(import.batch.batch_id);
  ASSERT_TRUE(batch);
  EXPECT_EQ(*batch, import.batch);
  const auto opened = vault_.open(items[0], *batch);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->view(), "卡密-2");
}

TEST_F(StockTest, ASecretThatIsThereAlreadyIsNotNew) {
  ASSERT_TRUE(send(sealed(vault_, 1'000'000, {"SECRET-1"})));
  const auto again = send(sealed(vault_, 2'000'000, {"SECRET-1", "SECRET-2"}));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->are_new, (std::vector{false, true}));
  EXPECT_EQ(level(), 2);
}

TEST_F(StockTest, NoSecretCrossesInClear) {
  const std::string json = stock_request_json(sealed(vault_, 1'000'000, {"SECRET-1"}));
  EXPECT_EQ(json.find("SECRET"), std::string::npos);
  EXPECT_EQ(json.find("U0VDUkVU"), std::string::npos);  // "SECRET" in base64.
}

TEST_F(StockTest, AnUnavailableStoreAndALostAnswerAreRepeatedWithoutDoubling) {
  faults_ = {CommitFault::refuse_unavailable, CommitFault::execute_then_unknown,
             CommitFault::refuse_unavailable};
  const auto answer = send(sealed(vault_, 1'000'000, {"SECRET-1", "SECRET-2"}));
  ASSERT_TRUE(answer) << answer.error().words;
  EXPECT_EQ(answer->are_new, (std::vector{true, true}));
  EXPECT_EQ(level(), 2);
  EXPECT_EQ(pauses_.size(), 2U);
}

TEST_F(StockTest, AStoreThatStaysUnavailableIsAProblemWithAName) {
  faults_ = std::vector(StockSender::tries_max, CommitFault::refuse_unavailable);
  const auto answer = send(sealed(vault_, 1'000'000, {"SECRET-1"}));
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().words.find("store_unavailable"), std::string::npos);
  EXPECT_FALSE(answer.error().batch_taken);
  EXPECT_EQ(level(), 0);
}

TEST_F(StockTest, AStoreThatNeverConfirmsIsAProblemWithItsOwnName) {
  faults_ = std::vector(100, CommitFault::execute_then_unknown);
  const auto import = sealed(vault_, 1'000'000, {"SECRET-1"});
  const auto answer = send(import);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().words.find("store_unknown"), std::string::npos);
  faults_.clear();
  const auto again = send(import);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->are_new, std::vector{true});
  EXPECT_EQ(level(), 1);
}

TEST_F(StockTest, TheNumberOfAnotherBatchAsksForAnother) {
  ASSERT_TRUE(send(sealed(vault_, 1'000'000, {"SECRET-1"})));
  const auto answer = send(sealed(vault_, 1'000'000, {"SECRET-2"}));
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().batch_taken);
  EXPECT_EQ(level(), 1);
}

TEST_F(StockTest, WhatWouldNotOpenForItsBuyerIsNotTaken) {
  const auto others = keys_of('x');
  EXPECT_FALSE(send(sealed(Vault(others), 1'000'000, {"SECRET-1"})));
  auto moved = sealed(vault_, 2'000'000, {"SECRET-1", "SECRET-2"});
  std::swap(moved.items[0].sealed, moved.items[1].sealed);
  EXPECT_FALSE(send(moved));
  auto false_print = sealed(vault_, 3'000'000, {"SECRET-1"});
  auto& print = false_print.items[0].fingerprint;
  print.back() = print.back() == '0' ? '1' : '0';
  const auto answer = send(false_print);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().words.find("sealed_wrong"), std::string::npos);
  EXPECT_EQ(level(), 0);
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(StockTest, TheAnswerSaysWhenTheRunningShopDoesNotSellIt) {
  const auto batch = vault_.new_batch(domain::first_shop, "later", base::Instant{1'000'000});
  ports::StockImport import{batch.batch, {}};
  import.items.push_back(vault_.seal(batch, Vault::item_id(batch.batch.batch_id, 0), "S-1"));
  const auto answer = send(import);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->on_sale);
  EXPECT_EQ(store_.stock_levels(domain::first_shop, 100)["later"], 1);
}

TEST_F(StockTest, EveryWrongFieldIsNamed) {
  const std::string print(64, 'a');
  const auto item = [](const std::string& fingerprint, const std::string& bytes) {
    return R"([{"fingerprint":")" + fingerprint + R"(","sealed":")" + bytes + R"("}])";
  };
  const auto refused = [](const std::string& sku, const std::string& id, const std::string& key,
                          const std::string& items) {
    const auto body = json::read(R"({"sku":")" + sku + R"(","batch_id":)" + id +
                                 R"(,"wrapped_key":")" + key + R"(","items":)" + items + "}");
    EXPECT_TRUE(body);
    const auto read = read_stock_request(*body);
    return read ? std::string("nothing") : read.error().field;
  };
  EXPECT_EQ(refused("card", "1", "AAAA", item(print, "AAAA")), "nothing");
  EXPECT_EQ(refused("", "1", "AAAA", item(print, "AAAA")), "request.sku");
  EXPECT_EQ(refused(std::string(65, 's'), "1", "AAAA", item(print, "AAAA")), "request.sku");
  EXPECT_EQ(refused("card", "0", "AAAA", item(print, "AAAA")), "request.batch_id");
  EXPECT_EQ(refused("card", "9007199254740993", "AAAA", item(print, "AAAA")), "request.batch_id");
  EXPECT_EQ(refused("card", "1", "", item(print, "AAAA")), "request.wrapped_key");
  EXPECT_EQ(refused("card", "1", "*", item(print, "AAAA")), "request.wrapped_key");
  EXPECT_EQ(refused("card", "1", "AAAA", "[]"), "request.items");
  EXPECT_EQ(refused("card", "1", "AAAA", item("zz", "AAAA")), "request.items.0.fingerprint");
  EXPECT_EQ(refused("card", "1", "AAAA", item(print, "")), "request.items.0.sealed");
  EXPECT_EQ(refused("card", "1", "AAAA", R"([{"fingerprint":1,"sealed":""}])"),
            "request.items.0.fingerprint");
  std::string many = "[";
  for (int i = 0; i < 1025; ++i) many += i == 0 ? "{}" : ",{}";
  EXPECT_EQ(refused("card", "1", "AAAA", many + "]"), "request.items");
}

}  // namespace
}  // namespace daozhang::api
