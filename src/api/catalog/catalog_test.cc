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
  const std::string product = one_product(good);
  const std::string twice = product.substr(0, product.size() - 2) + "," +
                            product.substr(std::string(R"({"products":[)").size());
  EXPECT_NE(told(twice).find("stands twice"), std::string::npos);
}

}  // namespace
}  // namespace daozhang::api
