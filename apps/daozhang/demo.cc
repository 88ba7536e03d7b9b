#include "demo.h"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "base/hex.h"
#include "crypto/random.h"
#include "crypto/rsa.h"

namespace daozhang::app {
namespace {

constexpr std::string_view demo_app_id = "2021000000000001";
constexpr std::string_view demo_seller_id = "2088000000000001";

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

void write_sandbox_files(const InitOptions& options, const std::filesystem::path& directory) {
  const auto app = crypto::RsaPrivateKey::generate(2048);
  const auto alipay = crypto::RsaPrivateKey::generate(2048);
  write_new_file(directory / "app_private.pem", app.to_pem(), true);
  write_new_file(directory / "app_public.pem", app.public_key_pem(), false);
  write_new_file(directory / "alipay_private.pem", alipay.to_pem(), true);
  write_new_file(directory / "alipay_public.pem", alipay.public_key_pem(), false);
  write_new_file(directory / "supplier_secret", base::to_hex(crypto::random_bytes(32)) + "\n",
                 true);
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
)",
                  options.sandbox_port, options.sandbox_port, in(directory, "sandbox.journal"),
                  demo_app_id, demo_seller_id, in(directory, "app_public.pem"),
                  in(directory, "alipay_private.pem"), in(directory, "supplier_secret")),
      false);
}

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
