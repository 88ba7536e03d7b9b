// One [channel.NAME] of the settings: a merchant account and one way to pay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "settings/settings_table.h"
#include "settings/settings_values.h"

namespace daozhang::settings {

struct AlipayChannel {
  std::string gateway_url;
  std::string app_id;
  std::string seller_id;
  std::string app_private_key_file;
  std::string alipay_public_key_file;
};

struct WechatpayChannel {
  std::string api_url;
  std::string mchid;
  std::string appid;
  std::string merchant_private_key_file;
  std::string merchant_serial;
  std::string api_v3_key_file;
  std::string public_key_id;
  std::string public_key_file;
  std::string platform_certificates_file;
  bool download_certificates = false;
  std::string app_secret_file;  // jsapi; empty: the shop can not ask WeChat who pays.
  std::string authorize_url;
  std::string token_url;
  bool fund_flow_bill = true;
};

struct EpayChannel {
  bool accepts_weak_channel = false;
  std::string base_url;
  std::string pid;
  std::string version;  // `v1` or `v2`
  std::string type;
  std::string merchant_key_file;
  std::string merchant_private_key_file;
  std::string platform_public_key_file;
  std::string key_prefix;
  std::string notice_method;  // `get`, `post` or `both`
  std::string api_method;     // `post` or `get`
  bool refund = false;
  std::string refund_again;  // `by_hand` or `by_number`
  bool close = false;
  std::string status_unpaid;
  std::string status_paid;
  std::string status_refunded;
  std::vector<std::string> not_found_words;
  bool unsigned_failures = false;
};

struct ChannelSettings {
  std::string kind;     // `alipay`, `wechatpay` or `epay`
  std::string product;  // The kind's word for the way to pay; empty: its first.
  std::vector<std::string> aliases;
  std::string name_zh;  // At the checkout; empty: the kind's.
  std::string name_en;
  std::int64_t order_minor_max = 0;  // Dearer orders do not see it; 0 is no limit.
  AlipayChannel alipay;              // Of the kind's one, the others are empty.
  WechatpayChannel wechatpay;
  EpayChannel epay;
};

// `section`: `channel.NAME`.
ChannelSettings channel_settings(const SettingsValues& values, const std::string& section);

std::vector<SettingRow> channel_rows();

}  // namespace daozhang::settings
