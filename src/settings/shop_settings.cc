#include "settings/shop_settings.h"

#include <utility>

namespace daozhang::settings {
namespace {

std::string without_last_slash(std::string text) {
  while (!text.empty() && text.back() == '/') text.pop_back();
  return text;
}

ServerSettings server_of(const SettingsValues& values) {
  ServerSettings out;
  out.listen = values.text("server", "listen");
  out.public_url = without_last_slash(values.text("server", "public_url"));
  out.web_root = values.text("server", "web_root");
  out.io_threads = static_cast<unsigned>(values.integer("server", "io_threads"));
  out.max_connections = static_cast<std::size_t>(values.integer("server", "max_connections"));
  out.stop_grace = base::seconds(values.integer("server", "stop_grace_seconds"));
  out.trusted_proxies = values.list("server", "trusted_proxies");
  return out;
}

SupplierSettings supplier_of(const SettingsValues& values, const std::string& section) {
  SupplierSettings out;
  out.kind = values.text(section, "kind");
  out.base_url = without_last_slash(values.text(section, "base_url"));
  out.key_id = values.text(section, "key_id");
  out.secret_file = values.text(section, "secret_file");
  out.is_idempotent = values.boolean(section, "idempotent");
  out.inflight_horizon = base::seconds(values.integer(section, "inflight_horizon_seconds"));
  return out;
}

PolicySettings policy_of(const SettingsValues& values) {
  const auto time = [&values](std::string_view key) {
    return base::seconds(values.integer("policy", key));
  };
  PolicySettings out;
  out.payment_window = time("payment_window_seconds");
  out.payment_ask = time("payment_ask_seconds");
  out.payment_ask_max = time("payment_ask_max_seconds");
  out.refund_accept = time("refund_accept_seconds");
  out.second_person_from_minor = values.integer("policy", "second_person_from_minor");
  out.confirm_from_minor = values.integer("policy", "confirm_from_minor");
  return out;
}

LimitSettings limits_of(const SettingsValues& values) {
  const auto size = [&values](std::string_view key) {
    return static_cast<std::size_t>(values.integer("limits", key));
  };
  LimitSettings out;
  out.order_body_bytes = size("order_body_bytes");
  out.notify_body_bytes = size("notify_body_bytes");
  out.orders_per_minute = size("orders_per_minute");
  out.unpaid_units_per_client = size("unpaid_units_per_client");
  out.lookups_per_minute = size("lookups_per_minute");
  out.live_pages = size("live_pages");
  out.refused_messages_days = size("refused_messages_days");
  out.waiting_commands = size("waiting_commands");
  return out;
}

OutgoingSettings outgoing_of(const SettingsValues& values) {
  OutgoingSettings out;
  out.allows_loopback = values.boolean("outgoing", "allow_loopback");
  out.allows_private = values.boolean("outgoing", "allow_private");
  out.connections_per_host =
      static_cast<std::size_t>(values.integer("outgoing", "connections_per_host"));
  out.connect_timeout = base::seconds(values.integer("outgoing", "connect_timeout_seconds"));
  out.total_timeout = base::seconds(values.integer("outgoing", "total_timeout_seconds"));
  return out;
}

}  // namespace

Settings to_shop_settings(const SettingsValues& values) {
  Settings out;
  out.server = server_of(values);
  out.admin_listen = values.text("admin", "listen");
  out.store_path = values.text("store", "path");
  out.allows_missing_peers = values.boolean("store", "allow_missing_peers");
  out.keys_file = values.text("keys", "file");
  out.catalog_file = values.text("catalog", "file");
  out.log_level = values.text("log", "level");
  out.log_file = values.text("log", "file");
  for (const std::string& name : values.names("channel")) {
    out.channels[name] = channel_settings(values, "channel." + name);
  }
  for (const std::string& name : values.names("supplier")) {
    out.suppliers[name] = supplier_of(values, "supplier." + name);
  }
  out.policy = policy_of(values);
  out.limits = limits_of(values);
  out.outgoing = outgoing_of(values);
  return out;
}

base::Result<Settings, std::vector<SettingsProblem>> load_shop_settings(
    const SettingsSources& sources) {
  auto values = load_settings(shop_settings_table(), sources);
  if (!values) return base::refuse(std::move(values.error()));
  return to_shop_settings(*values);
}

}  // namespace daozhang::settings
