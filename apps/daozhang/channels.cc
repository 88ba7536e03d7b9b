#include "channels.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/check.h"
#include "connectors/payment/alipay/alipay_gateway.h"
#include "connectors/payment/epay/epay_gateway.h"
#include "connectors/payment/wechatpay/wechatpay_gateway.h"
#include "connectors/supplier/http/http_gateway.h"
#include "load.h"
#include "settings/secret_file.h"

namespace daozhang::app {
namespace {

namespace alipay = connectors::payment::alipay;
namespace epay = connectors::payment::epay;
namespace wechatpay = connectors::payment::wechatpay;
namespace http_supplier = connectors::supplier::http;

struct Name {
  std::string_view zh;
  std::string_view en;
};

// At the checkout, unless the settings say otherwise.
Name name_of(std::string_view kind, ports::Way way) {
  const bool is_alipay = kind == "alipay";
  if (kind == "epay") return {"在线支付", "Online payment"};
  switch (way) {
    case ports::Way::page:
      return {"支付宝", "Alipay"};
    case ports::Way::wap:
      return {"支付宝手机支付", "Alipay on this phone"};
    case ports::Way::qr:
      return is_alipay ? Name{"支付宝扫码", "Alipay QR code"}
                       : Name{"微信支付扫码", "WeChat Pay QR code"};
    case ports::Way::h5:
      return {"微信支付手机支付", "WeChat Pay on this phone"};
    case ports::Way::jsapi:
      return {"微信支付", "WeChat Pay"};
  }
  UNREACHABLE();
}

api::ChannelEntry entry_for(const std::string& name, const settings::ChannelSettings& channel,
                            ports::PaymentChannel* made) {
  const auto usual = name_of(channel.kind, made->capabilities().way);
  api::ChannelEntry entry;
  entry.code = name;
  entry.kind = channel.kind;
  entry.aliases = channel.aliases;
  entry.channel = made;
  entry.name_zh = channel.name_zh.empty() ? usual.zh : channel.name_zh;
  entry.name_en = channel.name_en.empty() ? usual.en : channel.name_en;
  entry.order_minor_max = channel.order_minor_max;
  return entry;
}

// What the operator meant by `product`; nothing if the kind has no such way.
std::optional<ports::Way> way_named(const settings::ChannelSettings& channel) {
  struct Row {
    std::string_view kind, product;
    ports::Way way;
  };
  static constexpr auto rows = std::to_array<Row>({
      {"alipay", "page", ports::Way::page},
      {"alipay", "wap", ports::Way::wap},
      {"alipay", "precreate", ports::Way::qr},
      {"wechatpay", "native", ports::Way::qr},
      {"wechatpay", "h5", ports::Way::h5},
      {"wechatpay", "jsapi", ports::Way::jsapi},
      {"epay", "page", ports::Way::page},
      {"epay", "qr", ports::Way::qr},
  });
  for (const auto& row : rows)
    if (row.kind == channel.kind && (channel.product.empty() || row.product == channel.product))
      return row.way;
  return std::nullopt;
}

// What all channels are made with.
struct Making {
  std::string where;  // `channel.NAME`
  std::string notify_url;
  ports::Way way;
  const settings::Settings& settings;
  net::HttpClient& client;
  const lane::Clock& clock;

  template <class Options>
  [[nodiscard]] Options options() const {
    Options options;
    options.connect_time_max = settings.outgoing.connect_timeout;
    options.call_time_max = settings.outgoing.total_timeout;
    options.now = [clock = &clock] { return clock->outside_now(); };
    return options;
  }
  // The file's text; empty if none is named. False after telling the operator.
  bool read(std::string& text, const std::string& file, const std::string& key) const {
    if (file.empty()) return true;
    auto found = settings::read_secret_file(file, where + "." + key);
    if (!found) {
      tell(found.error());
      return false;
    }
    text = std::move(*found);
    return true;
  }
};

using Made = std::unique_ptr<ports::PaymentChannel>;

template <class Refusal>
Made does_not_start(const Making& making, Refusal refusal) {
  tell(fmt::format("{} does not start: {}", making.where, base::name_of(refusal)));
  return nullptr;
}

Made make_alipay(const Making& making, const settings::AlipayChannel& channel) {
  alipay::AccountSettings wanted;
  wanted.app_id = channel.app_id;
  wanted.seller_id = channel.seller_id;
  wanted.gateway_url = channel.gateway_url;
  wanted.notify_url = making.notify_url;
  wanted.way = making.way;
  if (!making.read(wanted.app_private_key, channel.app_private_key_file, "app_private_key_file") ||
      !making.read(wanted.alipay_public_key, channel.alipay_public_key_file,
                   "alipay_public_key_file"))
    return nullptr;
  auto account = alipay::read_account(wanted);
  if (!account) return does_not_start(making, account.error());
  return alipay::make_gateway(std::move(*account), making.client,
                              making.options<alipay::GatewayOptions>());
}

Made make_wechatpay(const Making& making, const settings::WechatpayChannel& channel) {
  wechatpay::AccountSettings wanted;
  wanted.mchid = channel.mchid;
  wanted.appid = channel.appid;
  wanted.merchant_serial = channel.merchant_serial;
  wanted.public_key_id = channel.public_key_id;
  wanted.download_certificates = channel.download_certificates;
  wanted.has_fund_flow = channel.fund_flow_bill;
  wanted.api_url = channel.api_url;
  wanted.authorize_url = channel.authorize_url;
  wanted.token_url = channel.token_url;
  wanted.notify_url = making.notify_url;
  wanted.way = making.way;
  if (!making.read(wanted.merchant_private_key, channel.merchant_private_key_file,
                   "merchant_private_key_file") ||
      !making.read(wanted.api_v3_key, channel.api_v3_key_file, "api_v3_key_file") ||
      !making.read(wanted.public_key, channel.public_key_file, "public_key_file") ||
      !making.read(wanted.platform_certificates, channel.platform_certificates_file,
                   "platform_certificates_file") ||
      !making.read(wanted.app_secret, channel.app_secret_file, "app_secret_file"))
    return nullptr;
  auto account = wechatpay::read_account(wanted);
  if (!account) return does_not_start(making, account.error());
  return wechatpay::make_gateway(std::move(*account), making.client,
                                 making.options<wechatpay::GatewayOptions>());
}

Made make_epay(const Making& making, const settings::EpayChannel& channel) {
  if (!channel.accepts_weak_channel) {
    tell(making.where +
         " does not start: epay is a weak protocol; say accept_weak_channel = true to use it, with "
         "each payment confirmed by a query and orders capped in value");
    return nullptr;
  }
  epay::AccountSettings wanted;
  wanted.base_url = channel.base_url;
  wanted.pid = channel.pid;
  wanted.version = base::enum_named<epay::Version>(channel.version).value();
  wanted.type = channel.type;
  wanted.notify_url = making.notify_url;
  wanted.way = making.way;
  auto& dialect = wanted.dialect;
  dialect.key_prefix = channel.key_prefix;
  dialect.notice_method = base::enum_named<epay::NoticeMethod>(channel.notice_method).value();
  dialect.api_method = base::enum_named<epay::ApiMethod>(channel.api_method).value();
  dialect.refund = channel.refund;
  dialect.refund_again = base::enum_named<epay::RefundAgain>(channel.refund_again).value();
  dialect.close = channel.close;
  dialect.status_unpaid = channel.status_unpaid;
  dialect.status_paid = channel.status_paid;
  dialect.status_refunded = channel.status_refunded;
  dialect.not_found_words = channel.not_found_words;
  dialect.unsigned_failures = channel.unsigned_failures;
  if (!making.read(wanted.merchant_key, channel.merchant_key_file, "merchant_key_file") ||
      !making.read(wanted.merchant_private_key, channel.merchant_private_key_file,
                   "rsa_private_key_file") ||
      !making.read(wanted.platform_public_key, channel.platform_public_key_file,
                   "platform_public_key_file"))
    return nullptr;
  auto account = epay::read_account(wanted);
  if (!account) return does_not_start(making, account.error());
  return epay::make_gateway(std::move(*account), making.client,
                            making.options<epay::GatewayOptions>());
}

bool make_channel(const std::string& name, const settings::ChannelSettings& channel,
                  const settings::Settings& settings, net::HttpClient& client,
                  const lane::Clock& clock, Connections& connections) {
  const auto way = way_named(channel);
  if (!way) {
    tell(fmt::format("channel.{} does not start: {} has no product {}", name, channel.kind,
                     channel.product));
    return false;
  }
  const Making making{"channel." + name,
                      settings.server.public_url + "/v1/notify/" + name,
                      *way,
                      settings,
                      client,
                      clock};
  Made made = channel.kind == "alipay"      ? make_alipay(making, channel.alipay)
              : channel.kind == "wechatpay" ? make_wechatpay(making, channel.wechatpay)
                                            : make_epay(making, channel.epay);
  if (made == nullptr) return false;
  connections.entries.push_back(entry_for(name, channel, made.get()));
  connections.channels[name] = std::move(made);
  return true;
}

bool make_supplier(const std::string& name, const settings::SupplierSettings& supplier,
                   const settings::Settings& settings, net::HttpClient& client,
                   const lane::Clock& clock, Connections& connections) {
  const std::string where = "supplier." + name;
  const auto secret = settings::read_secret_file(supplier.secret_file, where + ".secret_file");
  if (!secret) {
    tell(secret.error());
    return false;
  }
  http_supplier::GatewaySettings gateway;
  gateway.base_url = supplier.base_url;
  gateway.key = supplier.key_id;
  gateway.secret = *secret;
  gateway.callback_url = settings.server.public_url + "/v1/supplier-callbacks/" + name;
  gateway.connect_time_max = settings.outgoing.connect_timeout;
  gateway.call_time_max = settings.outgoing.total_timeout;
  gateway.capabilities.idempotent = supplier.is_idempotent;
  gateway.capabilities.cancel = true;
  gateway.capabilities.in_flight_horizon = supplier.inflight_horizon;
  http_supplier::GatewaySources sources;
  sources.now = [&clock] { return clock.outside_now(); };
  auto made = http_supplier::make_gateway(gateway, client, std::move(sources));
  if (!made) {
    tell(fmt::format("{} does not start: {}", where, base::name_of(made.error())));
    return false;
  }
  connections.suppliers[name] = std::move(*made);
  return true;
}

}  // namespace

bool make_connections(const settings::Settings& settings, net::HttpClient& client,
                      const lane::Clock& clock, Connections& connections) {
  for (const auto& [name, channel] : settings.channels)
    if (!make_channel(name, channel, settings, client, clock, connections)) return false;
  for (const auto& [name, supplier] : settings.suppliers)
    if (!make_supplier(name, supplier, settings, client, clock, connections)) return false;
  std::ranges::stable_sort(connections.entries, {}, api::place_at_checkout);
  return true;
}

}  // namespace daozhang::app
