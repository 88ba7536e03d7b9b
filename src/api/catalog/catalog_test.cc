#include "api/catalog/catalog.h"

#include <gtest/gtest.h>

namespace daozhang::api {
namespace {

std::string one_product(const std::string& fields) {
  return R"({"products":[{"sku":"a","kind":"secret","name":{"zh-CN":"甲","en":"A"},)"
         R"("description":{"zh-CN":"","en":""},"currency":"CNY",)" +
         fields + "}]}";
}

const std::string good = R"("price_minor":100,"quantity_max":5,"promise_seconds":60)";

TEST(CatalogFile, ReadsAProductAndFindsItBySku) {
  const auto catalog = read_catalog(one_product(good));
  ASSERT_TRUE(catalog);
  ASSERT_NE(catalog->find("a"), nullptr);
  EXPECT_EQ(catalog->find("a")->price_minor, 100);
  EXPECT_EQ(catalog->find("b"), nullptr);
  EXPECT_EQ(product_name(*catalog->find("a"), Language::en), "A");
}

TEST(CatalogFile, TellsWhatIsWrongAndWhere) {
  const auto told = [](const std::string& text) {
    const auto catalog = read_catalog(text);
    return catalog ? std::string("nothing") : catalog.error();
  };
  EXPECT_NE(told("{").find("not valid JSON"), std::string::npos);
  EXPECT_NE(told(one_product(good + R"(,"prize":1)")).find("products.0.prize"), std::string::npos);
  EXPECT_NE(told(one_product(R"("price_minor":0,"quantity_max":5,"promise_seconds":60)"))
                .find("price_minor"),
            std::string::npos);
  EXPECT_NE(told(one_product(good + R"(,"supplier":"x")")).find("supplier"), std::string::npos);
  EXPECT_NE(told(one_product(R"("price_minor":1.5,"quantity_max":5,"promise_seconds":60)"))
                .find("not valid JSON"),
            std::string::npos);
  // The dearest order must still be one that can be paid.
  EXPECT_NE(told(one_product(R"("price_minor":20000000,"quantity_max":501,"promise_seconds":60)"))
                .find("price_minor times quantity_max must be at most 10000000000"),
            std::string::npos);
  EXPECT_EQ(told(one_product(R"("price_minor":20000000,"quantity_max":500,"promise_seconds":60)")),
            "nothing");
  // A number that does not fit must not become one that does.
  for (const char* name : {"quantity_max", "promise_seconds", "price_minor"}) {
    std::string wide = good;
    wide.insert(wide.find(':', wide.find(name)) + 1, "4294967296");
    EXPECT_NE(told(one_product(wide)).find(name), std::string::npos) << wide;
  }
  EXPECT_NE(told(one_product(good + R"(,"version":4294967297)")).find("version"),
            std::string::npos);
  EXPECT_NE(told(one_product(good + R"(,"face_minor":-1)")).find("face_minor"), std::string::npos);
  const std::string product = one_product(good);
  const std::string twice = product.substr(0, product.size() - 2) + "," +
                            product.substr(std::string(R"({"products":[)").size());
  EXPECT_NE(told(twice).find("stands twice"), std::string::npos);
}

TEST(CatalogFile, AFormThatNobodyCouldFillInIsRefused) {
  const auto told = [](const std::string& field, const std::string& other = "") {
    const auto catalog = read_catalog(one_product(good + R"(,"target":[)" + field + other + "]"));
    return catalog ? std::string("nothing") : catalog.error();
  };
  const auto account = [](const std::string& more) {
    return R"({"name":"a","kind":"account","title":{"zh-CN":"甲","en":"A"})" + more + "}";
  };
  EXPECT_EQ(told(account("")), "nothing");
  EXPECT_NE(told(account(""), "," + account("")).find("twice"), std::string::npos);
  for (const char* lengths : {R"(,"length_min":-1)", R"(,"length_min":9,"length_max":8)",
                              R"(,"length_max":257)", R"(,"length_max":4294967300)"})
    EXPECT_NE(told(account(lengths)).find("length_max"), std::string::npos) << lengths;
  EXPECT_NE(told(account(R"(,"pattern":"[")")).find("pattern"), std::string::npos);
  EXPECT_NE(told(account(R"(,"pattern":")" + std::string(300, 'a') + "\"")).find("longer"),
            std::string::npos);
  EXPECT_NE(told(account(R"(,"depends_on":"b")")).find("depends on"), std::string::npos);
  EXPECT_NE(told(R"({"name":"","kind":"account","title":{"zh-CN":"甲","en":"A"}})").find("name"),
            std::string::npos);
  EXPECT_NE(told(R"({"name":"a","kind":"choice","title":{"zh-CN":"甲","en":"A"}})").find("options"),
            std::string::npos);
}

}  // namespace
}  // namespace daozhang::api
