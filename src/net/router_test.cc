#include "net/router.h"

#include <gtest/gtest.h>

namespace daozhang::net {
namespace {

void nothing(Request&&, Responder) {}

Router shop_router() {
  Router router;
  router.add(Method::get, "/", nothing);
  router.add(Method::post, "/v1/orders", nothing);
  router.add(Method::get, "/v1/orders/{order_no}", nothing);
  router.add(Method::get, "/v1/orders/export", nothing);
  router.add(Method::post, "/v1/orders/{order_no}/payments/{channel}", nothing);
  router.add(Method::delete_, "/v1/orders/{order_no}", nothing);
  return router;
}

std::string found(Method method, std::string_view path) {
  const Router router = shop_router();
  const RouteMatch match = router.find(method, path);
  if (match.bad_escape) return "bad escape";
  if (match.route == nullptr) return match.allow.empty() ? "404" : "405 " + match.allow;
  std::string out = match.route->pattern;
  for (const FormField& field : match.captures) out += " " + field.name + "=" + field.value;
  return out;
}

TEST(Router, FindsByMethodAndPath) {
  EXPECT_EQ(found(Method::get, "/"), "/");
  EXPECT_EQ(found(Method::post, "/v1/orders"), "/v1/orders");
  EXPECT_EQ(found(Method::get, "/v1/orders/D7"), "/v1/orders/{order_no} order_no=D7");
  EXPECT_EQ(found(Method::post, "/v1/orders/D7/payments/alipay"),
            "/v1/orders/{order_no}/payments/{channel} order_no=D7 channel=alipay");
}

TEST(Router, AFixedSegmentGoesFirst) {
  EXPECT_EQ(found(Method::get, "/v1/orders/export"), "/v1/orders/export");
  EXPECT_EQ(found(Method::delete_, "/v1/orders/export"), "/v1/orders/{order_no} order_no=export");
}

TEST(Router, HeadIsAnsweredByGet) {
  EXPECT_EQ(found(Method::head, "/v1/orders/D7"), "/v1/orders/{order_no} order_no=D7");
}

TEST(Router, TellsAbsentFromNotAllowed) {
  EXPECT_EQ(found(Method::put, "/v1/orders"), "405 POST");
  EXPECT_EQ(found(Method::put, "/v1/orders/D7"), "405 GET, HEAD, DELETE");
  EXPECT_EQ(found(Method::get, "/v1/orders/"), "404");
  EXPECT_EQ(found(Method::get, "/v1//D7"), "404");
  EXPECT_EQ(found(Method::get, "/v1/orders/D7/x"), "404");
  EXPECT_EQ(found(Method::get, "*"), "404");
}

TEST(Router, CapturesAreDecodedOnceAndFixedSegmentsNever) {
  EXPECT_EQ(found(Method::get, "/v1/orders/a%2Fb%2541"), "/v1/orders/{order_no} order_no=a/b%41");
  EXPECT_EQ(found(Method::get, "/v1/orders/%zz"), "bad escape");
  EXPECT_EQ(found(Method::post, "/v1/%6frders"), "404");
}

TEST(Router, TheFallbackOnlyReadsWhatNobodyElseHas) {
  Router router = shop_router();
  router.set_fallback(nothing);
  EXPECT_NE(router.find(Method::get, "/shop/card").route, nullptr);
  EXPECT_NE(router.find(Method::head, "/shop/card").route, nullptr);
  EXPECT_EQ(router.find(Method::post, "/shop/card").route, nullptr);
  EXPECT_EQ(router.find(Method::get, "/v1/orders").route, nullptr);
}

TEST(Router, ListsItsRoutes) {
  EXPECT_EQ(shop_router().list().size(), 6U);
  EXPECT_EQ(shop_router().list().front(), "GET /");
}

TEST(RouterDeathTest, TheSameRouteTwiceStopsTheProcess) {
  Router router = shop_router();
  EXPECT_DEATH(router.add(Method::get, "/v1/orders/{other_name}", nothing), "place");
}

}  // namespace
}  // namespace daozhang::net
