#include "settings/channel_settings.h"
#include "settings/shop_settings.h"

namespace daozhang::settings {
namespace {

using enum SettingType;

constexpr std::int64_t day_seconds = 86'400;

std::vector<SettingRow> server_rows() {
  return {
      {.section = "server",
       .key = "listen",
       .fallback = "127.0.0.1:8080",
       .en = "Address and port of the shop. Put a TLS reverse proxy before it.",
       .zh = "商店监听的地址和端口。前面应放置负责 TLS 的反向代理。"},
      {.section = "server",
       .key = "public_url",
       .fallback = "http://127.0.0.1:8080",
       .en = "Address under which buyers and channels reach the shop, without a slash at the end.",
       .zh = "买家和支付渠道访问商店所用的地址，末尾不带斜杠。"},
      {.section = "server",
       .key = "web_root",
       .fallback = "",
       .en = "Folder of the built web pages. Empty: only the API is served.",
       .zh = "已构建网页所在的目录。留空则只提供 API。"},
      {.section = "server",
       .key = "io_threads",
       .type = integer,
       .fallback = "1",
       .en = "Threads that speak HTTP.",
       .zh = "处理 HTTP 的线程数。",
       .least = 1,
       .most = 64},
      {.section = "server",
       .key = "max_connections",
       .type = integer,
       .fallback = "16000",
       .en = "Open connections, live pages included; one more is answered 503.",
       .zh = "同时打开的连接数（含实时页面），超出者得到 503。",
       .least = 1,
       .most = 1'000'000},
      {.section = "server",
       .key = "stop_grace_seconds",
       .type = integer,
       .fallback = "10",
       .unit = "seconds",
       .en = "Time that a stop leaves to requests in flight.",
       .zh = "停止时留给处理中请求的时间。",
       .least = 0,
       .most = 600},
      {.section = "server",
       .key = "trusted_proxies",
       .type = text_list,
       .en = "Addresses of the reverse proxies whose X-Forwarded-For is believed.",
       .zh = "反向代理的地址，只采信它们给出的 X-Forwarded-For。"},
  };
}

std::vector<SettingRow> place_rows() {
  return {
      {.section = "admin",
       .key = "listen",
       .fallback = "127.0.0.1:8081",
       .en = "Address and port of health checks, metrics and operators' commands. Never open it to "
             "the world.",
       .zh = "健康检查、指标和运维命令的监听地址和端口，切勿对公网开放。"},
      {.section = "store",
       .key = "path",
       .fallback = "var/daozhang.db",
       .en = "The SQLite database.",
       .zh = "SQLite 数据库文件。"},
      {.section = "store",
       .key = "allow_missing_peers",
       .type = boolean,
       .fallback = "false",
       .en =
           "Starts although open orders of the store need a channel or supplier that is no longer "
           "configured; they wait until it is back.",
       .zh = "未完成订单仍需要的渠道或供应商已不在设置中时也照常启动；这些订单会一直等到它恢复。"},
      {.section = "keys",
       .key = "file",
       .fallback = "var/keys.txt",
       .en = "The shop's own keys. Back it up apart from the database.",
       .zh = "商店自己的密钥文件，须与数据库分开备份。"},
      {.section = "catalog",
       .key = "file",
       .fallback = "var/catalog.json",
       .en = "What is on sale, read at start.",
       .zh = "在售商品的文件，启动时读取。"},
      {.section = "log",
       .key = "level",
       .fallback = "info",
       .en = "The least important lines that are written.",
       .zh = "写入日志的最低级别。",
       .choices = {"debug", "info", "warn", "error"}},
      {.section = "log",
       .key = "file",
       .fallback = "",
       .en = "File for the log; rotate it by copy and truncate. Empty: standard error.",
       .zh = "日志文件，按“复制后截断”方式轮转。留空则写到标准错误输出。"},
  };
}

std::vector<SettingRow> policy_rows() {
  return {
      {.section = "policy",
       .key = "payment_window_seconds",
       .type = integer,
       .fallback = "900",
       .unit = "seconds",
       .en = "Time to pay. Every order at a channel carries its end; then the channel is asked and "
             "told to "
             "close, and stock goes back.",
       .zh = "付款时限。渠道订单都带有该截止时间；到时向渠道查询并关单，库存随之释放。",
       .least = 60,
       .most = day_seconds},
      {.section = "policy",
       .key = "payment_ask_seconds",
       .type = integer,
       .fallback = "60",
       .unit = "seconds",
       .en = "First question to the channel about an unpaid payment; later ones come after twice "
             "the time.",
       .zh = "未付款时首次向渠道查询的间隔，之后每次加倍。",
       .least = 1,
       .most = 240},
      {.section = "policy",
       .key = "payment_ask_max_seconds",
       .type = integer,
       .fallback = "240",
       .unit = "seconds",
       .en = "Longest time between two such questions.",
       .zh = "两次查询之间的最长间隔。",
       .least = 1,
       .most = 240},
      {.section = "policy",
       .key = "refund_accept_seconds",
       .type = integer,
       .fallback = "1800",
       .unit = "seconds",
       .en = "Time within which the channel must have accepted a refund, as promised to the buyer.",
       .zh = "向买家承诺的退款被渠道受理的时限。",
       .least = 60,
       .most = day_seconds},
      {.section = "policy",
       .key = "second_person_from_minor",
       .type = integer,
       .fallback = "100000",
       .unit = "fen",
       .en = "Acts by hand about so much or more need a second person's name; 0 is never.",
       .zh = "人工处理的金额达到此数时须有第二人批准，0 为不需要。",
       .least = 0,
       .most = 1'000'000'000'000},
      {.section = "policy",
       .key = "confirm_from_minor",
       .type = integer,
       .fallback = "100000",
       .unit = "fen",
       .en =
           "A notification about so much or more counts only once the channel, asked, has said the "
           "same: a leaked key then delivers nothing.",
       .zh = "通知金额达到此数时，须向渠道查询确认后才算付款：密钥泄露也骗不走货。",
       .least = 1,
       .most = 1'000'000'000'000},
  };
}

std::vector<SettingRow> supplier_rows() {
  return {
      {.section = "supplier.*",
       .key = "kind",
       .en = "Protocol of the supplier.",
       .zh = "供应商的协议。",
       .is_required = true,
       .choices = {"http"}},
      {.section = "supplier.*",
       .key = "base_url",
       .en = "Address of the supplier's interface.",
       .zh = "供应商接口的地址。",
       .is_required = true},
      {.section = "supplier.*",
       .key = "key_id",
       .en = "Name of our key at the supplier.",
       .zh = "我方密钥在供应商处的编号。",
       .is_required = true},
      {.section = "supplier.*",
       .key = "secret_file",
       .en = "File with the shared secret.",
       .zh = "共享密钥文件。",
       .is_required = true},
      {.section = "supplier.*",
       .key = "idempotent",
       .type = boolean,
       .fallback = "false",
       .en =
           "The supplier promises that one reference is executed once. Set it only with a contract "
           "that says so.",
       .zh = "供应商承诺同一参考号只执行一次。仅在合同写明时开启。"},
      {.section = "supplier.*",
       .key = "inflight_horizon_seconds",
       .type = integer,
       .fallback = "3600",
       .unit = "seconds",
       .en = "After this time a request that the supplier does not know was never executed.",
       .zh = "超过此时间而供应商仍查无记录的请求，可认定从未执行。",
       .least = 1,
       .most = 30 * day_seconds},
  };
}

std::vector<SettingRow> limit_rows() {
  return {
      {.section = "limits",
       .key = "order_body_bytes",
       .type = integer,
       .fallback = "65536",
       .unit = "bytes",
       .en = "Largest body of a request; a larger one is refused unread.",
       .zh = "请求正文的上限，超出者不读取即拒绝。",
       .least = 1024,
       .most = 16 * 1024 * 1024},
      {.section = "limits",
       .key = "notify_body_bytes",
       .type = integer,
       .fallback = "65536",
       .unit = "bytes",
       .en = "The same for notifications of channels and suppliers.",
       .zh = "渠道和供应商通知正文的上限。",
       .least = 1024,
       .most = 1024 * 1024},
      {.section = "limits",
       .key = "orders_per_minute",
       .type = integer,
       .fallback = "0",
       .en = "Orders that one client address may place in a minute. 0: no limit.",
       .zh = "同一客户端地址每分钟可下单数。0 表示不限。",
       .most = 1'000'000'000},
      {.section = "limits",
       .key = "unpaid_units_per_client",
       .type = integer,
       .fallback = "20",
       .unit = "units",
       .en = "Units of stock that the unpaid orders of one client address may hold; an order with "
             "more is answered 429 until one of them is paid or expired. One order alone is never "
             "refused by this. 0: no limit.",
       .zh =
           "同一客户端地址的未付款订单最多可占用的库存件数；超出的下单得到 429，直到其中一单付款或"
           "过期。单独一张订单不受此限。0 表示不限。",
       .most = 1'000'000},
      {.section = "limits",
       .key = "lookups_per_minute",
       .type = integer,
       .fallback = "60",
       .en =
           "Wrong order numbers or access codes that one client address may try in a minute. 0: no "
           "limit.",
       .zh = "同一客户端地址每分钟可尝试的错误订单号或查询码次数。0 表示不限。",
       .most = 1'000'000'000},
      {.section = "limits",
       .key = "live_pages",
       .type = integer,
       .fallback = "10000",
       .en = "Open live pages; one more falls back to polling.",
       .zh = "同时打开的实时页面数，超出者改用轮询。",
       .least = 0,
       .most = 1'000'000},
      {.section = "limits",
       .key = "waiting_commands",
       .type = integer,
       .fallback = "20000",
       .en = "Commands that may wait for the engine; one more is answered 503.",
       .zh = "等待引擎处理的命令数，超出者得到 503。",
       .least = 1,
       .most = 10'000'000},
  };
}

std::vector<SettingRow> keeping_rows() {
  return {
      {.section = "limits",
       .key = "refused_messages_days",
       .type = integer,
       .fallback = "90",
       .en =
           "Days for which messages that were refused stay in the inbox; then they are deleted. 0: "
           "for ever.",
       .zh = "被拒绝的通知在收件箱中保留的天数，过后删除。0 表示永久保留。",
       .most = 36'500},
  };
}

std::vector<SettingRow> outgoing_rows() {
  return {
      {.section = "outgoing",
       .key = "allow_loopback",
       .type = boolean,
       .fallback = "false",
       .en = "Calls may go to this machine. For the sandbox only.",
       .zh = "允许向本机发起调用。仅用于沙箱。"},
      {.section = "outgoing",
       .key = "allow_private",
       .type = boolean,
       .fallback = "false",
       .en = "Calls may go to private networks (10/8, 172.16/12, 192.168/16, fc00::/7).",
       .zh = "允许向内网地址（10/8、172.16/12、192.168/16、fc00::/7）发起调用。"},
      {.section = "outgoing",
       .key = "connections_per_host",
       .type = integer,
       .fallback = "32",
       .en = "Calls to one host at a time.",
       .zh = "对同一主机同时进行的调用数。",
       .least = 1,
       .most = 10'000},
      {.section = "outgoing",
       .key = "connect_timeout_seconds",
       .type = integer,
       .fallback = "5",
       .unit = "seconds",
       .en = "Time to connect.",
       .zh = "建立连接的时限。",
       .least = 1,
       .most = 300},
      {.section = "outgoing",
       .key = "total_timeout_seconds",
       .type = integer,
       .fallback = "15",
       .unit = "seconds",
       .en = "Time for a whole call; after it the outcome is unknown.",
       .zh = "整个调用的时限，超过后结果视为未知。",
       .least = 1,
       .most = 300},
  };
}

}  // namespace

const SettingsTable& shop_settings_table() {
  static const SettingsTable table = [] {
    SettingsTable all{"daozhang", "DAOZHANG_", server_rows()};
    for (auto rows : {place_rows(), channel_rows(), supplier_rows(), policy_rows(), limit_rows(),
                      keeping_rows(), outgoing_rows()}) {
      all.rows.insert(all.rows.end(), rows.begin(), rows.end());
    }
    return all;
  }();
  return table;
}

}  // namespace daozhang::settings
