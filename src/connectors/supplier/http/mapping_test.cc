#include "connectors/supplier/http/mapping.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "connectors/supplier/http/supplier_protocol.h"
#include "json/reader.h"

namespace daozhang::connectors::supplier::http {
namespace {

using ports::Outcome;
using ports::SupplierCall;
using ports::SupplierCallKind;
using ports::SupplierWord;

const base::Instant now = base::from_rfc3339("2026-11-22T13:05:00Z").value();
constexpr std::string_view nonce = "00112233445566778899aabbccddeeff";

Account account() {
  Account account;
  account.base_path = "/supplier";
  account.credentials = {"shop-1", "0123456789abcdef0123456789abcdef"};
  account.callback_url = "http://127.0.0.1:1/v1/supplier-callbacks/demo";
  return account;
}

SupplierCall call_of(SupplierCallKind kind) {
  SupplierCall call;
  call.kind = kind;
  call.reference = "o1_u1_a1";
  call.sku = "mobile-50";
  call.target = {{"phone", "13812345678"}};
  call.face_minor = 5000;
  call.cost_minor_max = 5000;
  return call;
}

TEST(Prepare, SubmitCarriesTheOrderAndVerifiesOnTheOtherSide) {
  const auto request = prepare(account(), call_of(SupplierCallKind::submit), now, nonce);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/supplier/v1/orders");
  const auto order = read_order(request.body);
  ASSERT_TRUE(order) << order.error().why;
  EXPECT_EQ(order->reference, "o1_u1_a1");
  EXPECT_EQ(order->currency, "CNY");
  EXPECT_EQ(order->max_cost_minor, 5000);
  EXPECT_EQ(order->callback_url, account().callback_url);
  const SignedRequest received = {request.method,
                                  request.path,
                                  request.body,
                                  request.headers.key,
                                  request.headers.timestamp,
                                  request.headers.nonce,
                                  request.headers.signature};
  EXPECT_TRUE(verify(account().credentials, received, now));
}

TEST(Prepare, TheSameCallGivesTheSameBodyOnEveryRetry) {
  const auto first = prepare(account(), call_of(SupplierCallKind::submit), now, nonce);
  const auto again = prepare(account(), call_of(SupplierCallKind::submit), now + base::hours(1),
                             "ffeeddccbbaa99887766554433221100");
  EXPECT_EQ(first.body, again.body);
  EXPECT_NE(first.headers.signature, again.headers.signature);
}

TEST(Prepare, QuestionsNameTheReferenceInThePath) {
  const auto query = prepare(account(), call_of(SupplierCallKind::query), now, nonce);
  EXPECT_EQ(query.method, "GET");
  EXPECT_EQ(query.path, "/supplier/v1/orders/o1_u1_a1");
  EXPECT_EQ(query.body, "");
  const auto cancel = prepare(account(), call_of(SupplierCallKind::cancel), now, nonce);
  EXPECT_EQ(cancel.method, "POST");
  EXPECT_EQ(cancel.path, "/supplier/v1/orders/o1_u1_a1/cancel");
  EXPECT_EQ(prepare_balance(account(), now, nonce).path, "/supplier/v1/balance");
}

json::Value recorded(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  auto value = json::read(text.str());
  EXPECT_TRUE(value) << file;
  return value ? std::move(*value) : json::Value{};
}

std::int64_t integer_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr || member->integer() == nullptr ? 0 : *member->integer();
}

void check_recorded(const json::Value& reply) {
  const auto kind = base::enum_named<SupplierCallKind>(reply.text_of("call"));
  ASSERT_TRUE(kind);
  const auto answer = read_reply(call_of(*kind), static_cast<int>(integer_of(reply, "status")),
                                 reply.text_of("body"));
  const json::Value& expect = *reply.find("expect");
  EXPECT_EQ(base::name_of(answer.outcome), expect.text_of("outcome"));
  EXPECT_EQ(base::name_of(answer.word), expect.text_of("word"));
  EXPECT_EQ(answer.reason, expect.text_of("reason"));
  EXPECT_EQ(answer.proof, expect.text_of("proof"));
  EXPECT_EQ(answer.supplier_order_no, expect.text_of("supplier_order_no"));
  EXPECT_EQ(answer.cost_minor, integer_of(expect, "cost_minor"));
  const json::Value* retry = expect.find("retry_can_help");
  EXPECT_EQ(answer.retry_can_help, retry != nullptr);
}

TEST(ReadReply, RecordedRepliesMeanWhatTheyMean) {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("src/connectors/supplier/http/replies")) {
    SCOPED_TRACE(entry.path().filename().string());
    check_recorded(recorded(entry.path()));
    ++count;
  }
  EXPECT_GE(count, 36U);
}

TEST(ReadReply, NoStatusOutsideTheProtocolConcludesAnything) {
  const std::string done =
      R"({"reference":"o1_u1_a1","status":"done","supplier_order_no":"S","cost_minor":1})";
  for (const int status :
       {0, 100, 199, 300, 304, 399, 400, 404, 409, 429, 499, 500, 503, 599, 999}) {
    EXPECT_EQ(read_reply(call_of(SupplierCallKind::query), status, done).outcome, Outcome::unknown)
        << status;
  }
}

TEST(ReadReply, LongWordsOfTheSupplierAreCutBetweenCharacters) {
  Record record;
  record.reference = "o1_u1_a1";
  record.status = OrderStatus::failed;
  record.reason = "x";
  for (int i = 0; i < 100; ++i) *record.reason += "停";
  const auto answer = read_reply(call_of(SupplierCallKind::query), 200, to_json(record));
  EXPECT_EQ(answer.outcome, Outcome::failed);
  EXPECT_EQ(answer.reason.size(), 199U);
}

TEST(Unanswered, IsUnknownUnlessNothingWasSent) {
  EXPECT_EQ(unanswered(true, "timed_out").outcome, Outcome::unknown);
  EXPECT_EQ(unanswered(true, "timed_out").reason, "no_reply: timed_out");
  EXPECT_FALSE(unanswered(true, "timed_out").retry_can_help);
  EXPECT_EQ(unanswered(false, "connect_failed").outcome, Outcome::failed);
  EXPECT_TRUE(unanswered(false, "connect_failed").retry_can_help);
  EXPECT_EQ(unanswered(false, "connect_failed").word, SupplierWord::none);
  EXPECT_EQ(unanswered(false, "connect_failed").reason, "not_sent: connect_failed");
}

class Hint : public ::testing::Test {
 protected:
  std::string body = callback_text();
  std::map<std::string, std::string, std::less<>> headers = signed_headers();

  static std::string callback_text() {
    Record record;
    record.reference = "o1_u1_a1";
    record.status = OrderStatus::done;
    return callback_json(record);
  }
  [[nodiscard]] std::map<std::string, std::string, std::less<>> signed_headers() const {
    const auto made =
        sign(account().credentials, "POST", "/v1/supplier-callbacks/demo", body, now, nonce);
    return {{std::string(key_header), made.key},
            {std::string(timestamp_header), made.timestamp},
            {std::string(nonce_header), made.nonce},
            {std::string(signature_header), made.signature}};
  }
  base::Result<ports::SupplierHint, ports::HintRefusal> read(base::Instant at = now) {
    ports::CallbackRequest request;
    request.method = "POST";
    request.path = "/v1/supplier-callbacks/demo";
    request.body = body;
    request.header = [this](std::string_view name) -> std::string_view {
      const auto found = headers.find(name);
      return found == headers.end() ? std::string_view{} : found->second;
    };
    return read_hint(account(), request, at);
  }
};

TEST_F(Hint, NamesOnlyTheReference) {
  const auto hint = read();
  ASSERT_TRUE(hint);
  EXPECT_EQ(hint->reference, "o1_u1_a1");
}

TEST_F(Hint, ForgedOnesAreRefusedByName) {
  headers.erase(std::string(signature_header));
  EXPECT_EQ(read().error(), ports::HintRefusal::signature_missing);
  headers = signed_headers();
  headers.at("Daozhang-Key") = "shop-2";
  EXPECT_EQ(read().error(), ports::HintRefusal::key_unknown);
  headers = signed_headers();
  headers.at("Daozhang-Nonce") = "1";
  EXPECT_EQ(read().error(), ports::HintRefusal::unreadable);
  headers = signed_headers();
  headers.at("Daozhang-Timestamp") = "soon";
  EXPECT_EQ(read().error(), ports::HintRefusal::timestamp_outside);
  headers = signed_headers();
  EXPECT_EQ(read(now + base::hours(1)).error(), ports::HintRefusal::timestamp_outside);
  body += " ";
  EXPECT_EQ(read().error(), ports::HintRefusal::signature_invalid);
}

TEST_F(Hint, SignedNonsenseIsUnreadable) {
  for (const char* text :
       {"", "{}", "null", R"({"event":"order.deleted","reference":"o1_u1_a1"})"}) {
    body = text;
    headers = signed_headers();
    EXPECT_EQ(read().error(), ports::HintRefusal::unreadable) << text;
  }
}

}  // namespace
}  // namespace daozhang::connectors::supplier::http
