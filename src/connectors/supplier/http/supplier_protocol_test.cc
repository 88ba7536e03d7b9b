#include "connectors/supplier/http/supplier_protocol.h"

#include <gtest/gtest.h>

namespace daozhang::connectors::supplier::http {
namespace {

Order sample_order() {
  Order order;
  order.reference = "u_1_1";
  order.sku = "mobile-50";
  order.target = {{"phone", "13812345678"}, {"note", "联通 \"x\""}};
  order.face_minor = 5000;
  order.currency = "CNY";
  order.max_cost_minor = 4950;
  order.callback_url = "http://127.0.0.1:8080/v1/supplier-callbacks/demo";
  return order;
}

Record sample_record(OrderStatus status) {
  std::optional<std::string> proof;
  std::optional<std::string> reason;
  if (status == OrderStatus::done) proof = "SN 1";
  if (status == OrderStatus::failed) reason = "号码已停机";
  return {"u_1_1", status, "S1", 4900, proof, reason};
}

// The sample with one part of its text replaced.
std::string order_text(std::string_view part = "", std::string_view instead = "") {
  std::string text = to_json(sample_order());
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), instead);
}

TEST(SupplierProtocol, OrderHasTheDocumentedForm) {
  EXPECT_EQ(to_json(sample_order()),
            R"({"reference":"u_1_1","sku":"mobile-50","quantity":1,)"
            R"("target":{"phone":"13812345678","note":"联通 \"x\""},"face_minor":5000,)"
            R"("currency":"CNY","max_cost_minor":4950,)"
            R"("callback_url":"http://127.0.0.1:8080/v1/supplier-callbacks/demo"})");
}

TEST(SupplierProtocol, OrderSurvivesTheWay) {
  const auto order = read_order(to_json(sample_order()));
  ASSERT_TRUE(order) << order.error().why;
  EXPECT_EQ(*order, sample_order());
}

TEST(SupplierProtocol, BadOrdersAreUnreadable) {
  const std::string long_word(65, 'a');
  for (const std::string& text : {std::string(),
                                  std::string("[]"),
                                  std::string("null"),
                                  order_text("u_1_1", ""),
                                  order_text("u_1_1", "u-1"),
                                  order_text("u_1_1", long_word),
                                  order_text("mobile-50", ""),
                                  order_text("mobile-50", long_word),
                                  order_text("\"quantity\":1", "\"quantity\":2"),
                                  order_text("\"quantity\":1", "\"quantity\":true"),
                                  order_text("\"quantity\":1", "\"quantity\":1.0"),
                                  order_text("\"quantity\":1,", ""),
                                  order_text("\"13812345678\"", "13812345678"),
                                  order_text("\"phone\"", "\"note\""),
                                  order_text("5000", "-1"),
                                  order_text("5000", "1e30"),
                                  order_text("CNY", "yuan"),
                                  order_text("4950", "-1"),
                                  order_text("max_cost_minor", "max_cost"),
                                  order_text("\"currency\"", "\"extra\":1,\"currency\""),
                                  order_text("http:", "http:" + std::string(600, 'a')),
                                  order_text("联", "\xE8\x81"),
                                  order_text("13812345678", std::string(257, '1')),
                                  to_json(sample_order()) + "x",
                                  std::string(body_bytes_max + 1, ' ')}) {
    EXPECT_FALSE(read_order(text)) << text.substr(0, 300);
  }
}

TEST(SupplierProtocol, RecordSurvivesTheWay) {
  for (const OrderStatus status : {OrderStatus::accepted, OrderStatus::done, OrderStatus::failed,
                                   OrderStatus::canceled, OrderStatus::reversed}) {
    const Record record = sample_record(status);
    EXPECT_EQ(read_record(to_json(record)).value(), record);
    EXPECT_EQ(read_callback(callback_json(record)).value(), record);
    EXPECT_FALSE(read_callback(to_json(record))) << "a record without event is no callback";
  }
}

TEST(SupplierProtocol, RecordHasTheDocumentedForm) {
  EXPECT_EQ(callback_json(sample_record(OrderStatus::done)),
            R"({"event":"order.updated","reference":"u_1_1","status":"done",)"
            R"("supplier_order_no":"S1","cost_minor":4900,"proof":"SN 1","reason":null})");
}

TEST(SupplierProtocol, RecordsMayGrowNewMembers) {
  const auto record =
      read_record(R"({"reference":"r","status":"done","supplier_order_no":"S","cost_minor":1,)"
                  R"("proof":null,"reason":null,"fee":0.5})");
  ASSERT_TRUE(record) << record.error().why;
  EXPECT_EQ(record->proof, std::nullopt);
}

TEST(SupplierProtocol, BrokenRecordsAreUnreadable) {
  for (
      const char* text :
      {"", "<html>502</html>", "{}", R"({"reference":"r"})",
       R"({"reference":"r","status":"done","supplier_order_no":"S"})",
       R"({"reference":"r","status":"shipped","supplier_order_no":"S","cost_minor":1})",
       R"({"reference":"r","status":"Done","supplier_order_no":"S","cost_minor":1})",
       R"({"reference":"r","status":1,"supplier_order_no":"S","cost_minor":1})",
       R"({"reference":"r","status":"done","supplier_order_no":1,"cost_minor":1})",
       R"({"reference":"r","status":"done","supplier_order_no":"S","cost_minor":1.0})",
       R"({"reference":"r","status":"done","supplier_order_no":"S","cost_minor":10000000001})",
       R"({"reference":"r","status":"done","supplier_order_no":"S","cost_minor":"1"})",
       R"({"reference":"r","status":"done","supplier_order_no":"S","cost_minor":-1})",
       R"({"reference":"r/","status":"done","supplier_order_no":"S","cost_minor":1})",
       R"({"reference":"r","status":"done","supplier_order_no":"S","cost_minor":1,"proof":5})",
       R"({"reference":"r","status":"failed","status":"done","supplier_order_no":"S","cost_minor":1})",
       R"({"reference":"r","status":"done","supplier_order_no":"S","cost_minor":1)"}) {
    EXPECT_FALSE(read_record(text)) << text;
  }
}

TEST(SupplierProtocol, ErrorsCarryACodeOfTheList) {
  const auto error = read_error(error_json(ErrorCode::unknown_sku, "no such product"));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::unknown_sku);
  EXPECT_EQ(error->detail, "no such product");
  EXPECT_TRUE(read_error(R"({"code":"too_late"})"));
  for (const char* text : {"", "{}", R"({"code":"nope"})", R"({"code":5})", R"(["too_late"])"}) {
    EXPECT_FALSE(read_error(text)) << text;
  }
}

TEST(SupplierProtocol, OnlyRefusalsOfTheOrderItselfAreDefinite) {
  int definite = 0;
  for (int i = 0; i <= static_cast<int>(ErrorCode::rate_limited); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_GE(http_status_of(code), 400);
    EXPECT_LT(http_status_of(code), 500);
    definite += is_definite(code) ? 1 : 0;
  }
  EXPECT_EQ(definite, 4);
  EXPECT_FALSE(is_definite(ErrorCode::reference_conflict));
  EXPECT_FALSE(is_definite(ErrorCode::unauthorized));
}

TEST(SupplierProtocol, BalanceSurvivesTheWay) {
  const auto balance = read_balance(to_json(Balance{-5, "CNY"}));
  ASSERT_TRUE(balance);
  EXPECT_EQ(balance->balance_minor, -5);
  EXPECT_EQ(balance->currency, "CNY");
  EXPECT_FALSE(read_balance(R"({"balance_minor":1.5,"currency":"CNY"})"));
  EXPECT_FALSE(read_balance(R"({"balance_minor":1,"currency":"cny"})"));
}

}  // namespace
}  // namespace daozhang::connectors::supplier::http
