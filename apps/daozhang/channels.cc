#include "channels.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "connectors/payment/alipay/alipay_gateway.h"
#include "connectors/supplier/http/http_gateway.h"
#include "load.h"
#include "settings/secret_file.h"

namespace daozhang::app {
namespace {

namespace alipay = connectors::payment::alipay;
namespace http_supplier = connectors::supplier::http;

ports::Way way_named(const std::string& product) {
  if (product == "wap") return ports::Way::wap;
  return product == "precreate" ? ports::Way::qr : ports::Way::page;
}

api::ChannelEntry entry_for(const std::string& name, const settings::ChannelSettings& channel,
                            ports::PaymentChannel* made) {
  api::ChannelEntry entry;
  entry.code = name;
  entry.aliases = channel.aliases;
  entry.channel = made;
  switch (made->capabilities().way) {
    case ports::Way::page:
      entry.name_zh = "支付宝", entry.name_en = "Alipay";
      break;
    case ports::Way::wap:
      entry.name_zh = "支付宝手机支付", entry.name_en = "Alipay on this phone";
      break;
    case ports::Way::qr:
      entry.name_zh = "支付宝扫码", entry.name_en = "Alipay QR code";
      break;
    case ports::Way::h5:
    case ports::Way::jsapi:
      UNREACHABLE();  // Alipay has no such way.
  }
  return entry;
}

bool make_channel(const std::string& name, const settings::ChannelSettings& channel,
                  const settings::Settings& settings, net::HttpClient& client,
                  const lane::Clock& clock, Connections& connections) {
  const std::string where = "channel." + name;
  const auto app_key =
      settings::read_secret_file(channel.app_private_key_file, where + ".app_private_key_file");
  const auto alipay_key =
      settings::read_secret_file(channel.alipay_public_key_file, where + ".alipay_public_key_file");
  if (!app_key || !alipay_key) {
    tell(!app_key ? app_key.error() : alipay_key.error());
    return false;
  }
  alipay::AccountSettings account_settings;
  account_settings.app_id = channel.app_id;
  account_settings.seller_id = channel.seller_id;
  account_settings.gateway_url = channel.gateway_url;
  account_settings.notify_url = settings.server.public_url + "/v1/notify/" + name;
  account_settings.app_private_key = *app_key;
  account_settings.alipay_public_key = *alipay_key;
  account_settings.way = way_named(channel.product);
  auto account = alipay::read_account(account_settings);
  if (!account) {
    tell(fmt::format("{} does not start: {}", where, base::name_of(account.error())));
    return false;
  }
  alipay::GatewayOptions options;
  options.connect_time_max = settings.outgoing.connect_timeout;
  options.call_time_max = settings.outgoing.total_timeout;
  options.now = [&clock] { return clock.outside_now(); };
  auto made = alipay::make_gateway(std::move(*account), client, std::move(options));
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
  std::stable_sort(connections.entries.begin(), connections.entries.end(),
                   [](const api::ChannelEntry& a, const api::ChannelEntry& b) {
                     return a.channel->capabilities().way < b.channel->capabilities().way;
                   });
  return true;
}

}  // namespace daozhang::app
