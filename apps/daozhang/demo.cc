#include "demo.h"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "base/hex.h"
#include "crypto/certificate.h"
#include "crypto/random.h"
#include "crypto/rsa.h"

namespace daozhang::app {
namespace {

constexpr std::string_view demo_app_id = "2021000000000001";
constexpr std::string_view demo_seller_id = "2088000000000001";
// What the sandbox says of itself unless it is told otherwise (docs/reference/sandbox_settings.md).
constexpr std::string_view demo_mchid = "1900000001";
constexpr std::string_view demo_appid = "wx0123456789abcdef";
constexpr std::string_view demo_merchant_serial = "5D3A7C1E9B2F4860A1C3E5079B8D6F42137A9C5E";
constexpr std::string_view demo_public_key_id = "PUB_KEY_ID_0119000000012026000000000001";
constexpr std::string_view demo_epay_pid = "1001";

std::string in(const std::filesystem::path& directory, const char* name) {
  return (directory / name).string();
}

}  // namespace

void write_new_file(const std::filesystem::path& file, const std::string& text, bool is_secret) {
  namespace fs = std::filesystem;
  {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    if (is_secret) fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    stream << text;
    if (!stream.flush())
      throw std::runtime_error(fmt::format("{} can not be written", file.string()));
  }
}

namespace {

crypto::RsaPrivateKey write_key_pair(const std::filesystem::path& directory,
                                     const std::string& name) {
  auto key = crypto::RsaPrivateKey::generate(2048);
  write_new_file(directory / (name + "_private.pem"), key.to_pem(), true);
  write_new_file(directory / (name + "_public.pem"), key.public_key_pem(), false);
  return key;
}

// Of the sandbox's WeChat Pay: nobody but the demo's shop relies on it.
void write_platform_certificate(const std::filesystem::path& file,
                                const crypto::RsaPrivateKey& key) {
  constexpr base::Instant valid_from{1'735'689'600'000'000};   // 2025
  constexpr base::Instant valid_until{2'366'841'600'000'000};  // 2045
  const std::string serial = "5" + base::to_hex(crypto::random_bytes(20)).substr(1);
  write_new_file(file, crypto::make_certificate(key, serial, valid_from, valid_until), true);
}

void write_secret(const std::filesystem::path& file, std::size_t byte_count) {
  write_new_file(file, base::to_hex(crypto::random_bytes(byte_count)) + "\n", true);
}

}  // namespace

void write_sandbox_files(const InitOptions& options, const std::filesystem::path& directory) {
  for (const auto* name : {"app", "alipay", "wechatpay_merchant"}) write_key_pair(directory, name);
  write_platform_certificate(directory / "wechatpay_platform_certificate.pem",
                             write_key_pair(directory, "wechatpay_platform"));
  write_secret(directory / "supplier_secret", 32);
  write_secret(directory / "wechatpay_api_v3_key", 16);
  write_secret(directory / "wechatpay_app_secret", 16);
  write_secret(directory / "epay_key", 16);
  write_new_file(
      directory / "sandbox.toml",
      fmt::format(R"([server]
listen = "127.0.0.1:{}"
public_url = "http://127.0.0.1:{}"
journal = "{}"

[alipay]
app_id = "{}"
seller_id = "{}"
app_public_key_file = "{}"
private_key_file = "{}"

[supplier]
key_id = "demo"
secret_file = "{}"

[wechatpay]
merchant_public_key_file = "{}"
platform_private_key_file = "{}"
platform_certificate_file = "{}"
api_v3_key_file = "{}"
app_secret_file = "{}"

[epay]
key_file = "{}"
)",
                  options.sandbox_port, options.sandbox_port, in(directory, "sandbox.journal"),
                  demo_app_id, demo_seller_id, in(directory, "app_public.pem"),
                  in(directory, "alipay_private.pem"), in(directory, "supplier_secret"),
                  in(directory, "wechatpay_merchant_public.pem"),
                  in(directory, "wechatpay_platform_private.pem"),
                  in(directory, "wechatpay_platform_certificate.pem"),
                  in(directory, "wechatpay_api_v3_key"), in(directory, "wechatpay_app_secret"),
                  in(directory, "epay_key")),
      false);
}

namespace {

std::string wechatpay_channel(const InitOptions& options, const std::filesystem::path& directory,
                              std::string_view name, std::string_view product) {
  return fmt::format(R"(
[channel.{}]
kind = "wechatpay"
product = "{}"
api_url = "http://127.0.0.1:{}"
mchid = "{}"
appid = "{}"
merchant_private_key_file = "{}"
merchant_serial = "{}"
api_v3_key_file = "{}"
public_key_id = "{}"
public_key_file = "{}"
)",
                     name, product, options.sandbox_port, demo_mchid, demo_appid,
                     in(directory, "wechatpay_merchant_private.pem"), demo_merchant_serial,
                     in(directory, "wechatpay_api_v3_key"), demo_public_key_id,
                     in(directory, "wechatpay_platform_public.pem"));
}

std::string epay_channel(const InitOptions& options, const std::filesystem::path& directory) {
  return fmt::format(R"(
[channel.epay]
kind = "epay"
accept_weak_channel = true
base_url = "http://127.0.0.1:{}/epay/"
pid = "{}"
type = "alipay"
merchant_key_file = "{}"
refund = true
name_zh = "易支付"
name_en = "epay"
)",
                     options.sandbox_port, demo_epay_pid, in(directory, "epay_key"));
}

}  // namespace

std::string demo_connections(const InitOptions& options, const std::filesystem::path& directory) {
  const auto channel = [&](std::string_view name, std::string_view product,
                           std::string_view alias) {
    return fmt::format(R"(
[channel.{}]
kind = "alipay"
product = "{}"
gateway_url = "http://127.0.0.1:{}/gateway.do"
app_id = "{}"
seller_id = "{}"
app_private_key_file = "{}"
alipay_public_key_file = "{}"
aliases = ["{}"]
)",
                       name, product, options.sandbox_port, demo_app_id, demo_seller_id,
                       in(directory, "app_private.pem"), in(directory, "alipay_public.pem"), alias);
  };
  return channel("alipay", "page", "alipay_page") + channel("alipay_wap", "wap", "alipay_phone") +
         channel("alipay_qr", "precreate", "alipay_precreate") +
         wechatpay_channel(options, directory, "wechatpay", "native") +
         wechatpay_channel(options, directory, "wechatpay_h5", "h5") +
         wechatpay_channel(options, directory, "wechatpay_jsapi", "jsapi") +
         fmt::format(R"(app_secret_file = "{}"
authorize_url = "http://127.0.0.1:{}/connect/oauth2/authorize"
token_url = "http://127.0.0.1:{}/sns/oauth2/access_token"
)",
                     in(directory, "wechatpay_app_secret"), options.sandbox_port,
                     options.sandbox_port) +
         epay_channel(options, directory) +
         fmt::format(R"(
[supplier.demo]
kind = "http"
base_url = "http://127.0.0.1:{}/supplier"
key_id = "demo"
secret_file = "{}"
idempotent = true
inflight_horizon_seconds = 120

[outgoing]
allow_loopback = true

[limits]
# Here one person plays all buyers, and programs that load the shop use one address. In a real shop
# leave this line out: the default keeps one buyer from holding the stock without paying.
unpaid_units_per_client = 0
)",
                     options.sandbox_port, in(directory, "supplier_secret"));
}

void write_demo_secrets(const std::filesystem::path& file, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const std::string hex = base::to_hex(crypto::random_bytes(8));
    text += fmt::format("DEMO-{}-{}-{}-{}\n", hex.substr(0, 4), hex.substr(4, 4), hex.substr(8, 4),
                        hex.substr(12, 4));
  }
  write_new_file(file, text, true);
}

}  // namespace daozhang::app
