// The settings of `daozhang`, typed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "settings/channel_settings.h"
#include "settings/settings_table.h"
#include "settings/settings_values.h"

namespace daozhang::settings {

struct ServerSettings {
  std::string listen;      // `127.0.0.1:8080`
  std::string public_url;  // Without a slash at the end.
  std::string web_root;    // Empty: no pages are served.
  unsigned io_threads = 1;
  std::size_t max_connections = 0;
  base::Duration stop_grace;
  std::vector<std::string> trusted_proxies;
};

struct SupplierSettings {
  std::string kind;  // `http`
  std::string base_url;
  std::string key_id;
  std::string secret_file;
  bool is_idempotent = false;
  base::Duration inflight_horizon;
};

struct PolicySettings {
  base::Duration payment_window;
  base::Duration payment_ask;
  base::Duration payment_ask_max;
  base::Duration refund_accept;
  std::int64_t confirm_from_minor = 0;
  std::int64_t second_person_from_minor = 0;
};

struct LimitSettings {
  std::size_t order_body_bytes = 0;
  std::size_t notify_body_bytes = 0;
  std::size_t orders_per_minute = 0;        // Per client address; 0 is no limit.
  std::size_t unpaid_units_per_client = 0;  // 0 is no limit.
  std::size_t lookups_per_minute = 0;       // Failed ones, per client address; 0 is no limit.
  std::size_t live_pages = 0;
  std::size_t refused_messages_days = 0;  // Then they are deleted; 0: never.
  std::size_t waiting_commands = 0;
};

struct OutgoingSettings {
  bool allows_loopback = false;
  bool allows_private = false;
  std::size_t connections_per_host = 0;
  base::Duration connect_timeout;
  base::Duration total_timeout;
};

struct Settings {
  ServerSettings server;
  std::string admin_listen;
  std::string store_path;
  bool allows_missing_peers = false;
  std::string keys_file;
  std::string catalog_file;
  std::string log_level;
  std::string log_file;
  std::map<std::string, ChannelSettings> channels;
  std::map<std::string, SupplierSettings> suppliers;
  PolicySettings policy;
  LimitSettings limits;
  OutgoingSettings outgoing;
};

// The table of `daozhang`; its page is docs/operating/settings.md.
const SettingsTable& shop_settings_table();

// `values` were loaded with the table above.
Settings to_shop_settings(const SettingsValues& values);

// load_settings and to_shop_settings in one.
base::Result<Settings, std::vector<SettingsProblem>> load_shop_settings(
    const SettingsSources& sources);

}  // namespace daozhang::settings
