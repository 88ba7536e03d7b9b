#include "net/http_message.h"

#include <gtest/gtest.h>

namespace daozhang::net {
namespace {

TEST(Headers, NamesCompareWithoutCase) {
  Headers headers;
  headers.add("Content-Type", "text/plain");
  headers.add("X-One", "");
  headers.add("x-one", "2");
  EXPECT_EQ(headers.find("content-type"), "text/plain");
  EXPECT_EQ(headers.find("X-ONE"), "");
  EXPECT_EQ(headers.count("X-One"), 2U);
  EXPECT_EQ(headers.find("X-Two"), std::nullopt);
  EXPECT_EQ(headers.at(2).value, "2");
}

TEST(Headers, SurviveAMove) {
  Headers first;
  first.add("A", "b");
  const Headers second = std::move(first);
  EXPECT_EQ(second.find("a"), "b");
}

TEST(Request, ContentTypeIsComparedWithoutParameters) {
  Request request;
  EXPECT_FALSE(request.has_content_type("application/json"));
  request.headers.add("Content-Type", "Application/JSON ; charset=utf-8");
  EXPECT_TRUE(request.has_content_type("application/json"));
  request.headers.add("Content-Type", "application/json");
  EXPECT_FALSE(request.has_content_type("application/json"));
}

TEST(Request, ACookieSentTwiceIsNone) {
  Request request;
  request.headers.add("Cookie", "a=1; __Host-order=abc=d; b=2");
  EXPECT_EQ(request.cookie("__Host-order"), "abc=d");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_EQ(request.cookie("c"), std::nullopt);
  request.headers.add("Cookie", "a=3");
  EXPECT_EQ(request.cookie("a"), std::nullopt);
}

TEST(Problem, CarriesTheCode) {
  const Response response = problem_response(409, "out_of_stock", "say \"no\"\n");
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.headers.at(0).value, "application/problem+json");
  EXPECT_EQ(response.body, R"({"type":"about:blank","title":"Conflict","status":409,)"
                           R"("detail":"say \"no\"\u000a","code":"out_of_stock"})");
}

TEST(Method, NamesAreExact) {
  EXPECT_EQ(method_from("DELETE"), Method::delete_);
  EXPECT_EQ(method_from("get"), std::nullopt);
  EXPECT_EQ(method_from("TRACE"), std::nullopt);
  EXPECT_EQ(to_string(Method::options), "OPTIONS");
}

}  // namespace
}  // namespace daozhang::net
