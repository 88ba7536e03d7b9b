#include "sandbox/settings.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "crypto/certificate.h"
#include "crypto/random.h"
#include "settings/secret_file.h"

namespace daozhang::sandbox {
namespace {

using settings::SettingRow;
using settings::SettingType;

constexpr std::size_t secret_length_min = 16;
constexpr std::size_t api_v3_key_length = 32;
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

SettingRow one_of(SettingRow row, std::vector<std::string> words) {
  row.choices = std::move(words);
  return row;
}

std::vector<SettingRow> wechatpay_rows() {
  return {
      text("wechatpay", "mchid", "1900000001", "The shop's merchant number.", "商户号。"),
      text("wechatpay", "appid", "wx0123456789abcdef", "The shop's appid.", "商户的 appid。"),
      text("wechatpay", "merchant_serial", "5D3A7C1E9B2F4860A1C3E5079B8D6F42137A9C5E",
           "Serial number of the shop's certificate.", "商户证书序列号。"),
      text("wechatpay", "merchant_public_key_file", "",
           "The shop's public key, which verifies its requests; empty: WeChat Pay is not played.",
           "商户公钥文件，用于验证请求签名；留空则不扮演微信支付。"),
      text("wechatpay", "api_v3_key_file", "",
           "File with the 32 characters that seal notifications and certificates.",
           "APIv3 密钥文件（32 个字符），用于加密通知和证书。"),
      text("wechatpay", "app_secret_file", "",
           "File with the official account's AppSecret; empty: WeChat names no payer and opens no "
           "pay sheet.",
           "公众号 AppSecret 文件；留空则不扮演网页授权和微信内支付。"),
      text("wechatpay", "platform_private_key_file", "",
           "The platform's private key, which signs replies and notifications.",
           "平台私钥文件，用于签名应答和通知。"),
      text("wechatpay", "platform_certificate_file", "", "The platform's certificate of that key.",
           "该私钥对应的平台证书文件。"),
      text("wechatpay", "public_key_id", "PUB_KEY_ID_0119000000012026000000000001",
           "The name of the platform's public key.", "平台公钥 ID。"),
      one_of(text("wechatpay", "style", "public_key",
                  "By which name the platform signs at first: its public key's or its "
                  "certificate's.",
                  "平台最初以哪种身份签名：微信支付公钥或平台证书。"),
             {"public_key", "certificate"}),
      integer(text("wechatpay", "refund_after_ms", "500",
                   "How long a refund is PROCESSING; 0: SUCCESS at once.",
                   "退款处理中的时长；0 表示立即成功。"),
              0, day_ms, "milliseconds"),
  };
}

std::vector<SettingRow> epay_rows() {
  return {
      text("epay", "pid", "1001", "The shop's merchant number.", "商户号。"),
      text("epay", "key_file", "",
           "File with the merchant key of V1 (MD5); empty: V1 is not played.",
           "V1（MD5）商户密钥文件；留空则不扮演 V1。"),
      one_of(text("epay", "key_prefix", "", "What stands between text and key in V1.",
                  "V1 中待签名文本与密钥之间的内容。"),
             {"", "&key="}),
      text("epay", "merchant_public_key_file", "",
           "The shop's public key of V2 (RSA); empty: V2 is not played.",
           "V2（RSA）商户公钥文件；留空则不扮演 V2。"),
      text("epay", "platform_private_key_file", "",
           "The gateway's private key of V2, which signs replies and notifications.",
           "V2 平台私钥文件，用于签名应答和通知。"),
      one_of(
          text("epay", "notify_method", "get", "How notifications are sent.", "通知的请求方法。"),
          {"get", "post"}),
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
  world.wechatpay = {values.text("wechatpay", "mchid"), values.text("wechatpay", "appid"),
                     values.text("server", "public_url"),
                     base::milliseconds(values.integer("wechatpay", "refund_after_ms"))};
  world.epay = {values.text("epay", "pid"), values.text("server", "public_url"),
                values.text("epay", "notify_method") == "post"};
  return world;
}

// Reads the files that settings name. The first thing wrong is kept.
class KeyFiles {
 public:
  explicit KeyFiles(const settings::SettingsValues& values) : values_(values) {}

  std::string text(const char* section, const char* key) {
    auto read = settings::read_secret_file(values_.text(section, key), name_of(section, key));
    if (read) return *std::move(read);
    fail(read.error());
    return {};
  }
  std::optional<crypto::RsaPublicKey> public_key(const char* section, const char* key) {
    return rsa<crypto::RsaPublicKey>(section, key);
  }
  std::optional<crypto::RsaPrivateKey> private_key(const char* section, const char* key) {
    return rsa<crypto::RsaPrivateKey>(section, key);
  }
  void fail(std::string sentence) {
    if (problem_.empty()) problem_ = std::move(sentence);
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  static std::string name_of(const char* section, const char* key) {
    return fmt::format("{}.{}", section, key);
  }
  template <class Key>
  std::optional<Key> rsa(const char* section, const char* key) {
    const std::string given = text(section, key);
    if (!problem_.empty()) return std::nullopt;
    auto read = Key::from_text(given);
    if (read) return *std::move(read);
    fail(fmt::format("{}: {}", name_of(section, key), crypto::name(read.error())));
    return std::nullopt;
  }

  const settings::SettingsValues& values_;
  std::string problem_;
};

std::optional<WechatKeys> wechat_keys(const settings::SettingsValues& values, KeyFiles& files) {
  constexpr const char* section = "wechatpay";
  if (values.text(section, "merchant_public_key_file").empty()) return std::nullopt;
  const auto merchant = files.public_key(section, "merchant_public_key_file");
  const auto platform = files.private_key(section, "platform_private_key_file");
  std::string api_v3_key = files.text(section, "api_v3_key_file");
  std::string certificate = files.text(section, "platform_certificate_file");
  const auto facts = crypto::certificate_facts(certificate);
  if (api_v3_key.size() != api_v3_key_length)
    files.fail("wechatpay.api_v3_key_file does not hold 32 characters");
  if (!facts || facts->size() != 1)
    files.fail("wechatpay.platform_certificate_file does not hold one certificate");
  const auto style = base::enum_named<WechatStyle>(values.text(section, "style"));
  if (!merchant || !platform || !style || !files.problem().empty()) return std::nullopt;
  return WechatKeys{
      {values.text(section, "mchid"), values.text(section, "merchant_serial"), *merchant},
      std::move(api_v3_key),
      *platform,
      std::move(certificate),
      values.text(section, "public_key_id"),
      *style};
}

std::optional<EpayKeys> epay_keys(const settings::SettingsValues& values, KeyFiles& files) {
  constexpr const char* section = "epay";
  EpayKeys keys;
  keys.pid = values.text(section, "pid");
  keys.key_prefix = values.text(section, "key_prefix");
  const bool v1 = !values.text(section, "key_file").empty();
  const bool v2 = !values.text(section, "merchant_public_key_file").empty();
  if (v1) {
    keys.key = files.text(section, "key_file");
    if (keys.key.size() < secret_length_min) files.fail("epay.key_file holds fewer than 16 bytes");
  }
  if (v2) {
    keys.merchant_key = files.public_key(section, "merchant_public_key_file");
    keys.platform_key = files.private_key(section, "platform_private_key_file");
  }
  return v1 || v2 ? std::optional(std::move(keys)) : std::nullopt;
}

}  // namespace

const settings::SettingsTable& sandbox_settings_table() {
  static const settings::SettingsTable table = [] {
    settings::SettingsTable made{"daozhang-sandbox", "DAOZHANG_SANDBOX_", server_rows()};
    for (auto& row : alipay_rows()) made.rows.push_back(std::move(row));
    for (auto& row : wechatpay_rows()) made.rows.push_back(std::move(row));
    for (auto& row : epay_rows()) made.rows.push_back(std::move(row));
    for (auto& row : supplier_rows()) made.rows.push_back(std::move(row));
    return made;
  }();
  return table;
}

base::Result<ServerOptions, std::string> to_server_options(const settings::SettingsValues& values) {
  const auto listen = net::parse_listen(values.text("server", "listen"));
  if (!listen) return base::refuse(std::string("server.listen is no address and port"));
  KeyFiles files(values);
  const auto app_key = files.public_key("alipay", "app_public_key_file");
  const auto alipay_key = files.private_key("alipay", "private_key_file");
  std::string secret = files.text("supplier", "secret_file");
  if (secret.size() < secret_length_min)
    files.fail("supplier.secret_file holds fewer than 16 bytes");
  auto wechatpay = wechat_keys(values, files);
  auto epay = epay_keys(values, files);
  std::string app_secret = values.text("wechatpay", "app_secret_file").empty()
                               ? std::string()
                               : files.text("wechatpay", "app_secret_file");
  if (!files.problem().empty()) return base::refuse(files.problem());
  return ServerOptions{*listen,
                       world_options(values),
                       *app_key,
                       *alipay_key,
                       {values.text("supplier", "key_id"), std::move(secret)},
                       std::move(wechatpay),
                       std::move(epay),
                       std::move(app_secret)};
}

}  // namespace daozhang::sandbox
