#include "settings/shop_settings.h"

#include <gtest/gtest.h>

#include <set>

namespace daozhang::settings {
namespace {

constexpr const char* shop_file = R"(
[server]
listen = "0.0.0.0:9000"
public_url = "https://shop.example/"
[channel.alipay]
kind = "alipay"
gateway_url = "https://openapi.alipay.com/gateway.do"
app_id = "2021000000000001"
seller_id = "2088000000000001"
app_private_key_file = "var/app.pem"
alipay_public_key_file = "var/alipay.pem"
aliases = ["alipay_page"]
[supplier.topup]
kind = "http"
base_url = "https://supplier.example/api/"
key_id = "k1"
secret_file = "var/topup.key"
idempotent = true
)";

TEST(ShopSettings, FileBecomesTypes) {
  const auto settings = load_shop_settings({.file_name = "shop.toml", .file_text = shop_file});
  ASSERT_TRUE(settings) << to_string(settings.error().front());
  EXPECT_EQ(settings->server.listen, "0.0.0.0:9000");
  EXPECT_EQ(settings->server.public_url, "https://shop.example");
  EXPECT_EQ(settings->admin_listen, "127.0.0.1:8081");
  const ChannelSettings& channel = settings->channels.at("alipay");
  EXPECT_EQ(channel.product, "");
  EXPECT_EQ(channel.alipay.seller_id, "2088000000000001");
  EXPECT_EQ(channel.aliases, std::vector<std::string>{"alipay_page"});
  const SupplierSettings& supplier = settings->suppliers.at("topup");
  EXPECT_EQ(supplier.base_url, "https://supplier.example/api");
  EXPECT_TRUE(supplier.is_idempotent);
  EXPECT_EQ(supplier.inflight_horizon, base::hours(1));
  EXPECT_FALSE(settings->outgoing.allows_loopback);
}

TEST(ShopSettings, AChannelWithoutItsIdentityDoesNotStart) {
  for (const char* key : {"kind", "gateway_url", "app_id", "seller_id", "app_private_key_file",
                          "alipay_public_key_file"}) {
    const auto settings = load_shop_settings(
        {.file_text = shop_file, .flags = {std::string("channel.alipay.") + key + "="}});
    ASSERT_FALSE(settings) << key;
    EXPECT_EQ(settings.error().front().en, std::string(key) + " is missing");
  }
}

TEST(ShopSettings, AKindHasItsOwnSettingsAndNoOther) {
  const std::string epay = R"(
[channel.gate]
kind = "epay"
accept_weak_channel = true
base_url = "https://gate.example/"
pid = "1001"
merchant_key_file = "var/gate.key"
)";
  const auto settings = load_shop_settings({.file_text = epay});
  ASSERT_TRUE(settings) << to_string(settings.error().front());
  EXPECT_EQ(settings->channels.at("gate").epay.pid, "1001");
  EXPECT_EQ(settings->channels.at("gate").order_minor_max, 50'000) << "weak, so capped";
  const auto mixed = load_shop_settings({.file_text = epay + "seller_id = \"2088\"\n"});
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().front().en, "seller_id is no setting of the kind epay");
  const auto bare = load_shop_settings({.file_text = "[channel.w]\nkind = \"wechatpay\"\n"});
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().front().en, "mchid is missing");
}

TEST(ShopSettings, EveryRowIsDescribedInBothLanguagesOnce) {
  std::set<std::string> seen;
  for (const SettingRow& row : shop_settings_table().rows) {
    EXPECT_FALSE(row.en.empty()) << row.section << row.key;
    EXPECT_FALSE(row.zh.empty()) << row.section << row.key;
    EXPECT_TRUE(seen.insert(row.section + "." + row.key).second) << row.section << row.key;
    if (row.is_required) continue;
    const auto value = parse_setting(row, row.fallback);
    ASSERT_TRUE(value) << row.section << row.key;
    EXPECT_TRUE(check_setting(row, *value)) << row.section << row.key;
  }
}

}  // namespace
}  // namespace daozhang::settings
