#include "running_shop.h"

#include <filesystem>

#include <fmt/format.h>

#include "api/admin/inbox_verb.h"
#include "api/admin/money_verbs.h"
#include "api/admin/stock_verb.h"
#include "api/admin/time_verb.h"
#include "crypto/random.h"
#include "domain/order/order_state.h"
#include "load.h"
#include "missing_peers.h"
#include "net/static_files.h"
#include "reconciliation/money_report.h"

namespace daozhang::app {
namespace {

class SystemEntropy final : public ports::Entropy {
 public:
  std::string bytes(std::size_t count) override { return crypto::random_bytes(count); }
};

net::ServerOptions server_options(const std::string& listen) {
  net::ServerOptions options;
  if (const auto address = net::parse_listen(listen)) options.listen = *address;
  return options;
}

domain::Policy policy_of(const settings::PolicySettings& settings) {
  domain::Policy policy;
  policy.payment_window = settings.payment_window;
  policy.payment_ask_first = settings.payment_ask;
  policy.payment_ask_max = settings.payment_ask_max;
  policy.refund_accept_within = settings.refund_accept;
  policy.confirm_from_minor = settings.confirm_from_minor;
  return policy;
}

}  // namespace

std::unique_ptr<RunningShop> RunningShop::start(const settings::Settings& settings) {
  std::unique_ptr<RunningShop> shop(new RunningShop(settings));
  observe::LogOptions log_options;
  log_options.level = observe::log_level_from(settings.log_level).value_or(observe::LogLevel::info);
  log_options.file = settings.log_file;
  shop->log_ = std::make_unique<observe::Log>(log_options);
  shop->keys_ = load_keys_or_tell(settings.keys_file);
  shop->catalog_ = load_catalog_or_tell(settings.catalog_file);
  if (!shop->keys_ || !shop->catalog_) return nullptr;
  if (!shop->open_store() || !shop->make_engine() || !shop->listen()) return nullptr;
  shop->keep_bills();
  shop->keep_inbox();
  return shop;
}

RunningShop::~RunningShop() { stop(); }

bool RunningShop::open_store() {
  auto store = storage::sqlite::SqliteStore::open({.path = settings_.store_path});
  if (!store) {
    tell(store.error().words);
    return false;
  }
  store_ = std::move(*store);
  auto reader = storage::sqlite::SqliteReader::open(settings_.store_path);
  if (!reader) {
    tell(reader.error().words);
    return false;
  }
  reader_ = std::move(*reader);
  clock_ = std::make_unique<lane::Clock>(store_->time_high_water(), store_->time_anchor());
  if (store_->keep_time_anchor(clock_->anchor())) return true;
  tell("no space is left beside the store; free some and start again");
  return false;
}

bool RunningShop::make_engine() {
  net::ClientOptions client_options;
  client_options.address_rule =
      net::public_addresses(settings_.outgoing.allows_loopback, settings_.outgoing.allows_private);
  client_options.connections_per_host_max = settings_.outgoing.connections_per_host;
  client_ = std::make_unique<net::HttpClient>(std::move(client_options));
  if (!make_connections(settings_, *client_, *clock_, connections_) || !check_peers()) return false;
  numbers_ = std::make_unique<domain::OrderNumbers>(keys_->order_number.view());
  entropy_ = std::make_unique<SystemEntropy>();
  engine::EngineSettings engine_settings;
  engine_settings.queue_max = settings_.limits.waiting_commands;
  engine_settings.policy = policy_of(settings_.policy);
  lane::Peers peers;
  engine_settings.order_pages = settings_.server.public_url + "/order/";
  for (const auto& [name, channel] : connections_.channels) {
    peers.channels[name] = channel.get();
    engine_settings.policy.channels[name] = channel->capabilities();
  }
  for (const auto& [name, supplier] : connections_.suppliers) {
    peers.suppliers[name] = supplier.get();
    const auto& agreed = supplier->capabilities();
    engine_settings.suppliers[name] = {agreed.idempotent, agreed.cancel, agreed.in_flight_horizon};
  }
  view_.public_url = settings_.server.public_url;
  view_.way_of = [this](std::string_view channel) {
    const auto it = connections_.channels.find(std::string(channel));
    return it == connections_.channels.end() ? ports::Way::page : it->second->capabilities().way;
  };
  view_.pay_sheet_of = [this](std::string_view channel, std::string_view pay_content) {
    const auto it = connections_.channels.find(std::string(channel));
    return it == connections_.channels.end() ? std::nullopt : it->second->pay_sheet(pay_content);
  };
  view_.names_payer = [this](std::string_view channel) {
    const auto it = connections_.channels.find(std::string(channel));
    return it != connections_.channels.end() && it->second->capabilities().names_payer;
  };
  live_ = std::make_unique<api::LiveOrders>(
      [this](const domain::Order& order) { return api::order_json(order, view_); });
  unpaid_units_ = std::make_unique<api::UnpaidUnits>(settings_.limits.unpaid_units_per_client);
  auto made = std::make_unique<engine::Engine>(*store_, *entropy_, *numbers_, engine_settings);
  lane_ = std::make_unique<lane::Lane>(std::move(made), *clock_, std::move(peers),
                                       [this](const std::shared_ptr<const domain::Order>& order) {
                                         live_->changed(*order);
                                         unpaid_units_->changed(*order);
                                         log_order(*order);
                                       });
  lane_->on_trust_changed([this](domain::TimeTrust trust) { log_trust(trust); });
  upkeep_ = std::make_unique<lane::LaneUpkeep>(*lane_, *store_, *store_);
  lane_->start();
  return true;
}

bool RunningShop::check_peers() {
  missing_peers_ = missing_peers(store_->open_peers(), connections_);
  for (const auto& peer : missing_peers_) {
    if (!settings_.allows_missing_peers) {
      tell(sentence_of(peer));
      continue;
    }
    log_->warn("peer_missing", {{"peer", section_of(peer)}, {"orders", peer.order_count}});
    metrics_
        .gauge("daozhang_missing_peer_orders",
               "Open orders at the start that need a peer which is not configured",
               {{"peer", section_of(peer)}})
        .set(static_cast<double>(peer.order_count));
  }
  return missing_peers_.empty() || settings_.allows_missing_peers;
}

api::StorefrontParts RunningShop::storefront_parts() {
  std::map<std::string, ports::Supplier*> suppliers;
  for (const auto& [name, supplier] : connections_.suppliers) suppliers[name] = supplier.get();
  api::StorefrontParts parts{*lane_,
                             *reader_,
                             *clock_,
                             *catalog_,
                             *numbers_,
                             *vault_,
                             *keys_,
                             *live_,
                             *unpaid_units_,
                             connections_.entries,
                             suppliers,
                             view_,
                             {},
                             {},
                             false};
  parts.payment_window = settings_.policy.payment_window;
  parts.on_placed = [this](const domain::Order& order, std::string_view request_id) {
    log_->info("order_placed", {{"order_no", order.header.order_no},
                                {"request_id", request_id},
                                {"sku", order.header.sku},
                                {"quantity", order.header.quantity}});
  };
  parts.on_notice_refused = [this](std::string_view channel, std::string_view reason,
                                   std::string_view request_id) {
    metrics_
        .counter("daozhang_notices_refused_total", "Notifications that did not count",
                 {{"channel", std::string(channel)}, {"reason", std::string(reason)}})
        .add();
    // Money that no payment of an order waits for, or that another channel's waits for.
    if (reason == "order_lost" || reason == "payment_unknown" || reason == "channel_differs")
      return log_->error("orphan_payment",
                         {{"channel", channel},
                          {"reason", reason},
                          {"request_id", request_id},
                          {"next",
                           "the channel tells of money that the shop can not place; see daozhang "
                           "inbox and docs/operating/money_by_hand.md"}});
    log_->warn("notice_refused",
               {{"channel", channel}, {"reason", reason}, {"request_id", request_id}});
  };
  parts.on_order_adopted = [this](std::string_view channel, std::string_view order_no,
                                  std::string_view request_id) {
    log_->error(
        "orphan_payment",
        {{"channel", channel},
         {"order_no", order_no},
         {"reason", "order_lost"},
         {"request_id", request_id},
         {"next",
          "the channel says that it took money for an order that the shop has lost; the "
          "shop asks the channel and gives back what it finds. See daozhang inbox --order"}});
  };
  parts.on_payer_unknown = [this](std::string_view channel, ports::PayerRefusal reason,
                                  std::string_view request_id) {
    log_payer_unknown(channel, reason, request_id);
  };
  parts.limits.order_body_bytes = settings_.limits.order_body_bytes;
  parts.limits.notify_body_bytes = settings_.limits.notify_body_bytes;
  parts.limits.orders_per_minute = settings_.limits.orders_per_minute;
  parts.limits.lookups_per_minute = settings_.limits.lookups_per_minute;
  parts.limits.live_pages = settings_.limits.live_pages;
  parts.secure_cookies = settings_.server.public_url.starts_with("https://");
  return parts;
}

void RunningShop::make_shop_server() {
  storefront_ = std::make_unique<api::Storefront>(storefront_parts());
  net::Router router;
  storefront_->add_routes(router);
  if (!settings_.server.web_root.empty() &&
      !std::filesystem::exists(settings_.server.web_root + "/index.html"))
    log_->warn("web_pages_missing",
               {{"web_root", settings_.server.web_root},
                {"next", "build them with ./dev web, or set server.web_root"}});
  if (!settings_.server.web_root.empty())
    router.set_fallback(net::static_files({.root = settings_.server.web_root}));
  auto options = server_options(settings_.server.listen);
  options.io_thread_count = settings_.server.io_threads;
  options.connection_count_max = settings_.server.max_connections;
  options.trusted_proxies = settings_.server.trusted_proxies;
  options.on_answered = [this](const net::RequestRecord& record) { log_request(record); };
  server_ = std::make_unique<net::HttpServer>(std::move(options), std::move(router));
}

void RunningShop::make_admin_server() {
  net::Router admin_router;
  const std::filesystem::path store_folder =
      std::filesystem::absolute(settings_.store_path).parent_path();
  api::add_admin_routes(admin_router,
                        {*lane_, *clock_, *live_, [this] { return render_metrics(); },
                         [store_folder] {
                           const auto space = std::filesystem::space(store_folder);
                           return static_cast<std::int64_t>(space.available * 100 / space.capacity);
                         },
                         !missing_peers_.empty()});
  api::OperatorRoutes operator_routes(
      admin_router, *keys_, [this](const api::OperatorRecord& record) { log_operator(record); });
  add_operator_verbs(operator_routes);
  admin_server_ = std::make_unique<net::HttpServer>(server_options(settings_.admin_listen),
                                                    std::move(admin_router));
}

bool RunningShop::listen() {
  vault_ = std::make_unique<api::Vault>(*keys_);
  make_shop_server();
  make_admin_server();
  for (auto* each : {server_.get(), admin_server_.get()})
    if (const auto started = each->start(); !started) {
      tell(started.error());
      return false;
    }
  log_->info("started", {{"listen", settings_.server.listen},
                         {"admin", settings_.admin_listen},
                         {"store", settings_.store_path}});
  return true;
}

void RunningShop::keep_bills() {
  BillKeeperParts parts{settings_.store_path, {}, *numbers_, *clock_, *upkeep_, *log_, metrics_};
  for (const auto& [name, channel] : connections_.channels) parts.channels[name] = channel.get();
  bill_keeper_ = BillKeeper::start(std::move(parts));
}

void RunningShop::keep_inbox() {
  const auto days = settings_.limits.refused_messages_days;
  if (days == 0) return;
  inbox_keeper_ = std::make_unique<InboxKeeper>(InboxKeeperParts{
      *upkeep_, *clock_, *log_, base::hours(24) * static_cast<std::int64_t>(days)});
}

void RunningShop::log_request(const net::RequestRecord& record) {
  metrics_
      .counter("daozhang_http_requests_total", "Answered requests",
               {{"route", std::string(record.route)}, {"status", std::to_string(record.status)}})
      .add();
  if (record.status < 500 && !log_->is_enabled(observe::LogLevel::debug)) return;
  log_->write(record.status >= 500 ? observe::LogLevel::error : observe::LogLevel::debug,
              "request_answered",
              {{"request_id", record.request_id},
               {"method", net::to_string(record.method)},
               {"route", record.route},
               {"path", record.path},
               {"status", record.status},
               {"took_ms", record.took.micros / 1000}});
}

void RunningShop::add_operator_verbs(api::OperatorRoutes& routes) {
  api::add_stock_verb(routes, {*lane_, *vault_, *catalog_});
  api::add_time_verb(routes, {*lane_, *clock_, *store_});
  routes.add("money", [this](const api::OperatorRequest&, net::Responder responder) {
    report_money(std::move(responder));
  });
  api::add_inbox_verb(routes, {*lane_, *clock_, *reader_, *numbers_, connections_.entries});
  std::vector<std::string> channels;
  for (const auto& entry : connections_.entries) channels.push_back(entry.code);
  api::add_money_verbs(routes, {*lane_, *reader_, *numbers_,
                                settings_.policy.second_person_from_minor, std::move(channels)});
}

// The report of `daozhang report money` for the console. It reads every open order, so not on the
// threads that answer; one at a time.
void RunningShop::report_money(net::Responder responder) {
  auto waiting = std::make_shared<net::Responder>(std::move(responder));
  const auto report = [this, waiting] {
    const auto ledger = storage::sqlite::SqliteLedgerReader::open(settings_.store_path);
    if (!ledger) return waiting->send(net::problem_response(503, "store_unavailable"));
    waiting->send(net::json_response(
        200,
        reconciliation::money_report_json(reconciliation::money_report(**ledger, clock_->now()))));
  };
  if (!report_job_.run(report, [] {}))
    waiting->send(
        std::move(net::problem_response(503, "report_under_way").with("Retry-After", "5")));
}

void RunningShop::log_operator(const api::OperatorRecord& record) {
  log_->write(record.is_admitted ? observe::LogLevel::info : observe::LogLevel::warn,
              record.is_admitted ? "operator_asked" : "operator_refused",
              {{"verb", record.verb},
               {"as", record.acting.as},
               {"reason", record.acting.reason},
               {"peer", record.peer_address},
               {"request_id", record.request_id}});
}

// The steps between are for whoever looks closely; how an order ended, and money on its way back,
// is for everyone.
void RunningShop::log_order(const domain::Order& order) {
  using domain::OrderState;
  const auto state = order.header.state;
  const bool has_ended = state == OrderState::delivered || state == OrderState::given_back ||
                         state == OrderState::partially_delivered || state == OrderState::expired;
  const auto level = order.header.quarantined              ? observe::LogLevel::warn
                     : order.refunds.empty() && !has_ended ? observe::LogLevel::debug
                                                           : observe::LogLevel::info;
  if (!log_->is_enabled(level)) return;
  log_->write(level, "order_changed",
              {{"order_no", order.header.order_no},
               {"version", order.header.version},
               {"state", base::name_of(domain::derive_state(order))},
               {"refunds", order.refunds.size()},
               {"quarantine", order.header.quarantine_reason}});
}

void RunningShop::log_payer_unknown(std::string_view channel, ports::PayerRefusal reason,
                                    std::string_view request_id) {
  const std::string_view next =
      reason == ports::PayerRefusal::account_refused
          ? "WeChat does not take appid and app_secret_file of this channel; compare them with the "
            "official account's console"
          : "the buyer was told and offered the other ways to pay";
  log_->warn("payer_unknown", {{"channel", channel},
                               {"reason", base::name_of(reason)},
                               {"request_id", request_id},
                               {"next", next}});
}

void RunningShop::log_trust(domain::TimeTrust trust) {
  if (trust == domain::TimeTrust::trusted) return log_->info("time_trusted_again");
  const auto doubts = clock_->doubts();
  log_->error("time_doubtful",
              {{"why", doubts.empty() ? std::string_view("passing") : doubts.front()},
               {"wall_offset_s", clock_->wall_offset().micros / 1'000'000},
               {"next", "no deadline takes effect; see docs/operating/time.md"}});
}

std::string RunningShop::render_metrics() {
  const auto counts = lane_->counts();
  const auto set = [this](const char* name, const char* help, double value) {
    metrics_.gauge(name, help).set(value);
  };
  set("daozhang_lane_steps", "Commits tried since the start", static_cast<double>(counts.steps));
  set("daozhang_lane_commands", "Commands decided since the start",
      static_cast<double>(counts.commands));
  set("daozhang_lane_calls", "Outside calls made since the start",
      static_cast<double>(counts.calls));
  set("daozhang_lane_waiting", "Commands that wait for the lane",
      static_cast<double>(counts.waiting));
  set("daozhang_open_calls", "Outside calls without result yet, open questions among them",
      static_cast<double>(counts.open_calls));
  set("daozhang_store_unavailable", "Commits that the store refused since the start",
      static_cast<double>(counts.store_unavailable));
  set("daozhang_live_pages", "Live pages open", static_cast<double>(live_->count()));
  set("daozhang_wall_clock_offset_seconds",
      "Wall clock minus the shop's time, less what was explained",
      static_cast<double>(clock_->wall_offset().micros) / 1e6);
  set("daozhang_time_trusted", "1 if deadlines take effect, 0 while time is doubtful",
      clock_->doubts().empty() ? 1 : 0);
  for (const auto& [name, channel] : connections_.channels) {
    const auto seen = lane_->channel_health().record(name, clock_->now());
    const auto gauge = [&](const char* metric, const char* help, double value) {
      metrics_.gauge(metric, help, {{"channel", name}}).set(value);
    };
    gauge("daozhang_channel_answered", "Calls answered in the last five minutes",
          static_cast<double>(seen.answered));
    gauge("daozhang_channel_unanswered", "Calls without a usable answer in the last five minutes",
          static_cast<double>(seen.unanswered));
    gauge("daozhang_channel_delay_seconds", "Mean time of the answered calls",
          static_cast<double>(seen.delay_mean.micros) / 1e6);
    gauge("daozhang_channel_answering", "0 while the channel is kept from the checkout",
          lane_->channel_health().is_answering(name, clock_->now()) ? 1 : 0);
  }
  return metrics_.render();
}

void RunningShop::stop() {
  if (stopped_) return;
  stopped_ = true;
  if (live_) live_->close_all();
  if (server_) server_->stop(settings_.server.stop_grace);
  bill_keeper_.reset();
  inbox_keeper_.reset();
  if (lane_) lane_->stop();
  if (client_) client_->stop();
  if (admin_server_) admin_server_->stop({});
  if (log_) log_->info("stopped");
}

}  // namespace daozhang::app
