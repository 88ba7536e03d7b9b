#include "sandbox/settings.h"

#include <utility>

#include <fmt/format.h>

#include "crypto/random.h"
#include "settings/secret_file.h"

namespace daozhang::sandbox {
namespace {

using settings::SettingRow;
using settings::SettingType;

constexpr std::size_t secret_length_min = 16;
constexpr std::int64_t day_ms = 86'400'000;

SettingRow text(std::string section, std::string key, std::string fallback, std::string en,
                std::string zh) {
  SettingRow row;
  row.section = std::move(section);
  row.key = std::move(key);
  row.fallback = std::move(fallback);
  row.en = std::move(en);
  row.zh = std::move(zh);
  return row;
}

SettingRow required(SettingRow row) {
  row.is_required = true;
  return row;
}

SettingRow integer(SettingRow row, std::int64_t least, std::int64_t most, std::string unit) {
  row.type = SettingType::integer;
  row.least = least;
  row.most = most;
  row.unit = std::move(unit);
  return row;
}

SettingRow list(SettingRow row) {
  row.type = SettingType::text_list;
  return row;
}

std::vector<SettingRow> server_rows() {
  return {
      text("server", "listen", "127.0.0.1:8090", "Address and port to listen on.",
           "监听的地址和端口。"),
      text("server", "public_url", "",
           "The sandbox's address as browsers see it; empty: http:// and `listen`.",
           "浏览器访问沙箱所用的地址；留空则为 http:// 加 listen。"),
      text("server", "journal", "",
           "File that keeps the truth over a restart; empty: it is forgotten.",
           "重启后保留真相的文件；留空则不保留。"),
  };
}

std::vector<SettingRow> alipay_rows() {
  return {
      text("alipay", "app_id", "2021000000000001", "The shop's app_id.", "商户应用的 app_id。"),
      text("alipay", "seller_id", "2088000000000001", "The shop's seller_id.",
           "商户的 seller_id。"),
      required(text("alipay", "app_public_key_file", "",
                    "The shop's public key, which verifies its requests.",
                    "商户应用公钥文件，用于验证请求签名。")),
      required(text("alipay", "private_key_file", "",
                    "The gateway's private key, which signs replies and notifications.",
                    "网关私钥文件，用于签名应答和通知。")),
      integer(
          text("alipay", "notify_speed", "60",
               "Divides the waits of the retry table (4 min, 10 min, … 15 h); 1 is true to life.",
               "通知重试间隔（4 分钟、10 分钟……15 小时）除以该数；1 为真实间隔。"),
          1, 100'000, ""),
  };
}

std::vector<SettingRow> supplier_rows() {
  return {
      text("supplier", "key_id", "sandbox", "The name of the shared key (Daozhang-Key).",
           "共享密钥的名称（Daozhang-Key）。"),
      required(
          text("supplier", "secret_file", "", "File with the shared secret.", "共享密钥文件。")),
      integer(text("supplier", "done_after_ms", "1500", "How long goods take to arrive.",
                   "正常到账所需的时间。"),
              0, day_ms, "milliseconds"),
      integer(text("supplier", "balance_minor", "100000000", "The shop's prepaid balance.",
                   "商户在供货商处的预存余额。"),
              0, 1'000'000'000'000, "minor units"),
      integer(text("supplier", "cost_percent", "98", "What goods cost, of their face value.",
                   "成本占面值的百分比。"),
              1, 200, "percent"),
      list(text("supplier", "skus", "", "The goods that it knows; empty: all.",
                "已知商品编号；留空则全部接受。")),
  };
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  for (const char c : crypto::random_bytes(sizeof seed))
    seed = seed << 8 | static_cast<unsigned char>(c);
  return seed;
}

WorldOptions world_options(const settings::SettingsValues& values) {
  WorldOptions world;
  world.identity = {values.text("alipay", "app_id"), values.text("alipay", "seller_id"),
                    values.text("server", "public_url")};
  world.notify_speed = values.integer("alipay", "notify_speed");
  world.journal_path = values.text("server", "journal");
  world.seed = random_seed();
  world.terms.done_after = base::milliseconds(values.integer("supplier", "done_after_ms"));
  world.terms.opening_balance_minor = values.integer("supplier", "balance_minor");
  world.terms.cost_percent = values.integer("supplier", "cost_percent");
  world.terms.skus = values.list("supplier", "skus");
  return world;
}

}  // namespace

const settings::SettingsTable& sandbox_settings_table() {
  static const settings::SettingsTable table = [] {
    settings::SettingsTable made{"daozhang-sandbox", "DAOZHANG_SANDBOX_", server_rows()};
    for (auto& row : alipay_rows()) made.rows.push_back(std::move(row));
    for (auto& row : supplier_rows()) made.rows.push_back(std::move(row));
    return made;
  }();
  return table;
}

base::Result<ServerOptions, std::string> to_server_options(const settings::SettingsValues& values) {
  const auto file = [&](const char* section, const char* key) {
    return settings::read_secret_file(values.text(section, key),
                                      fmt::format("{}.{}", section, key));
  };
  const auto listen = net::parse_listen(values.text("server", "listen"));
  if (!listen) return base::refuse(std::string("server.listen is no address and port"));
  const auto app_text = file("alipay", "app_public_key_file");
  if (!app_text) return base::refuse(app_text.error());
  const auto alipay_text = file("alipay", "private_key_file");
  if (!alipay_text) return base::refuse(alipay_text.error());
  auto secret = file("supplier", "secret_file");
  if (!secret) return base::refuse(secret.error());
  if (secret->size() < secret_length_min)
    return base::refuse(std::string("supplier.secret_file holds fewer than 16 bytes"));
  auto app_key = crypto::RsaPublicKey::from_text(*app_text);
  if (!app_key)
    return base::refuse(
        fmt::format("alipay.app_public_key_file: {}", crypto::name(app_key.error())));
  auto alipay_key = crypto::RsaPrivateKey::from_text(*alipay_text);
  if (!alipay_key)
    return base::refuse(
        fmt::format("alipay.private_key_file: {}", crypto::name(alipay_key.error())));
  return ServerOptions{*listen,
                       world_options(values),
                       *std::move(app_key),
                       *std::move(alipay_key),
                       {values.text("supplier", "key_id"), *std::move(secret)}};
}

}  // namespace daozhang::sandbox
