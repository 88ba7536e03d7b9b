#include "api/target.h"

#include <gtest/gtest.h>

#include "api/catalog/catalog.h"
#include "json/reader.h"

namespace daozhang::api {
namespace {

constexpr const char* game = R"({"products":[{"sku":"g","kind":"topup",
 "name":{"zh-CN":"游戏","en":"Game"},"description":{"zh-CN":"","en":""},
 "price_minor":100,"currency":"CNY","quantity_max":1,"promise_seconds":60,
 "supplier":"demo","face_minor":100,"cost_minor_max":90,
 "target":[
  {"name":"phone","kind":"phone","title":{"zh-CN":"手机号","en":"Phone"},"region":"CN"},
  {"name":"account","kind":"account","title":{"zh-CN":"账号","en":"Account"},
   "pattern":"[a-z0-9]+","length_min":4,"length_max":8},
  {"name":"region","kind":"choice","title":{"zh-CN":"大区","en":"Region"},
   "options":[{"value":"e","label":{"zh-CN":"东","en":"East"}},
              {"value":"s","label":{"zh-CN":"南","en":"South"}}]},
  {"name":"server","kind":"choice","title":{"zh-CN":"服","en":"Server"},"depends_on":"region",
   "options":[{"value":"e1","only_if":"e","label":{"zh-CN":"东一","en":"East 1"}},
              {"value":"s1","only_if":"s","label":{"zh-CN":"南一","en":"South 1"}}]}]}]})";

class TargetTest : public ::testing::Test {
 protected:
  base::Result<CheckedTarget, std::vector<FieldProblem>> check(const std::string& target,
                                                               Language language = Language::zh) {
    return check_target(catalog_.products().front(), *json::read(target), language);
  }
  std::string first_problem(const std::string& target) {
    const auto checked = check(target);
    return checked ? "none" : checked.error().front().field + ":" + checked.error().front().code;
  }
  Catalog catalog_ = *read_catalog(game);
};

TEST_F(TargetTest, IsNormalizedAndRepeatedBackInTheBuyersLanguage) {
  const auto checked = check(
      R"({"server":"e1","region":"e","account":" abcd ","phone":"138 1234-5678"})", Language::en);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->canonical,
            R"({"phone":"+8613812345678","account":"abcd","region":"e","server":"e1"})");
  EXPECT_NE(checked->display.find(R"("title":"Server","value":"East 1")"), std::string::npos);
  EXPECT_NE(checked->display.find("138 1234 5678"), std::string::npos);
}

TEST_F(TargetTest, EveryWrongFieldIsNamed) {
  const std::string rest = R"("region":"e","server":"e1"})";
  EXPECT_EQ(first_problem(R"({"phone":"12345","account":"abcd",)" + rest),
            "target.phone:too_short");
  EXPECT_EQ(first_problem(R"({"phone":"13812345678","account":"ab",)" + rest),
            "target.account:too_short");
  EXPECT_EQ(first_problem(R"({"phone":"13812345678","account":"ab cd",)" + rest),
            "target.account:bad_form");
  EXPECT_EQ(first_problem(R"({"phone":"13812345678","account":"abcdefghi",)" + rest),
            "target.account:too_long");
  EXPECT_EQ(first_problem(R"({"phone":"13812345678","account":7,)" + rest),
            "target.account:wrong_type");
  EXPECT_EQ(first_problem(R"({"phone":"13812345678",)" + rest), "target.account:missing_field");
  EXPECT_EQ(first_problem(R"({"paid":"1","phone":"13812345678","account":"abcd",)" + rest),
            "target.paid:unknown_field");
}

TEST_F(TargetTest, AServerOfAnotherRegionIsNotOffered) {
  EXPECT_EQ(first_problem(R"({"phone":"13812345678","account":"abcd","region":"e","server":"s1"})"),
            "target.server:not_offered");
}

}  // namespace
}  // namespace daozhang::api
