#include "api/storefront/order_cookie.h"

#include <gtest/gtest.h>

namespace daozhang::api {
namespace {

class OrderCookiesTest : public ::testing::Test {
 protected:
  static crypto::MasterKeys keys_of(char c) {
    crypto::MasterKeys keys;
    keys.access_code = crypto::WipedBytes(std::string(32, c));
    return keys;
  }
  // `name=value` as the browser sends it back.
  static std::string pair_of(const std::string& set_cookie) {
    return set_cookie.substr(0, set_cookie.find(';'));
  }
  static net::Request request_with(const std::string& cookies) {
    net::Request request;
    request.headers.add("Cookie", cookies);
    return request;
  }

  crypto::MasterKeys keys_ = keys_of('k');
  OrderCookies cookies_{keys_, true};
  std::string view_ = pair_of(cookies_.set_cookie("N1", Scope::view));
  std::string full_ = pair_of(cookies_.set_cookie("N1", Scope::full));
};

TEST_F(OrderCookiesTest, EachOpensItsScopeOfItsOrder) {
  EXPECT_EQ(cookies_.opened_by(request_with(view_), "N1"), Scope::view);
  EXPECT_EQ(cookies_.opened_by(request_with(full_), "N1"), Scope::full);
  EXPECT_EQ(cookies_.opened_by(request_with(view_), "N2"), std::nullopt);
  EXPECT_EQ(cookies_.opened_by(request_with(full_), "N2"), std::nullopt);
  EXPECT_EQ(cookies_.opened_by(net::Request{}, "N1"), std::nullopt);
}

TEST_F(OrderCookiesTest, TheLargerScopeCounts) {
  EXPECT_EQ(cookies_.opened_by(request_with(view_ + "; " + full_), "N1"), Scope::full);
  EXPECT_EQ(cookies_.opened_by(request_with(view_ + "; daozhang_order=x"), "N1"), Scope::view);
}

TEST_F(OrderCookiesTest, AViewCookieUnderTheOtherNameOpensNothing) {
  const std::string value = view_.substr(view_.find('=') + 1);
  EXPECT_EQ(cookies_.opened_by(request_with("daozhang_order=" + value), "N1"), std::nullopt);
}

TEST_F(OrderCookiesTest, AnotherKeyOpensNothing) {
  const auto other = keys_of('x');
  EXPECT_EQ(OrderCookies(other, true).opened_by(request_with(full_), "N1"), std::nullopt);
}

TEST_F(OrderCookiesTest, StaysWithItsOrderAndOutOfScripts) {
  const std::string cookie = cookies_.set_cookie("N1", Scope::view);
  for (const char* attribute :
       {"; Path=/v1/orders/N1;", "; HttpOnly", "; SameSite=Lax", "; Secure"})
    EXPECT_NE(cookie.find(attribute), std::string::npos) << attribute;
  EXPECT_EQ(OrderCookies(keys_, false).set_cookie("N1", Scope::full).find("Secure"),
            std::string::npos);
}

}  // namespace
}  // namespace daozhang::api
