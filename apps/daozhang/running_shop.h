// The parts of a running shop, in the order in which they depend on each other.
#pragma once

#include <memory>
#include <string>

#include "api/admin/admin_pages.h"
#include "api/admin/operator_routes.h"
#include "api/live_orders.h"
#include "api/storefront/storefront.h"
#include "bill_keeper.h"
#include "channels.h"
#include "engine/engine.h"
#include "inbox_keeper.h"
#include "lane/lane_upkeep.h"
#include "net/http_server.h"
#include "net/job_thread.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "settings/shop_settings.h"
#include "storage/sqlite/sqlite_reader.h"
#include "storage/sqlite/sqlite_store.h"

namespace daozhang::app {

class RunningShop {
 public:
  // Gives nothing after telling the operator what is wrong.
  static std::unique_ptr<RunningShop> start(const settings::Settings& settings);
  ~RunningShop();

  // Takes no more requests, answers what was taken, closes live pages, ends the lane. Idempotent.
  void stop();
  observe::Log& log() { return *log_; }

 private:
  explicit RunningShop(const settings::Settings& settings) : settings_(settings) {}
  bool open_store();
  bool make_engine();
  // False when open orders need a peer that is not configured and the settings do not allow it.
  bool check_peers();
  bool listen();
  void keep_bills();
  void keep_inbox();
  void report_money(net::Responder responder);
  api::StorefrontParts storefront_parts();
  void make_shop_server();
  void make_admin_server();
  // What an operator may ask of the running shop, one `add` a verb.
  void add_operator_verbs(api::OperatorRoutes& routes);
  void log_operator(const api::OperatorRecord& record);
  void log_request(const net::RequestRecord& record);
  void log_order(const domain::Order& order);
  void log_payer_unknown(std::string_view channel, ports::PayerRefusal reason,
                         std::string_view request_id);
  void log_trust(domain::TimeTrust trust);
  std::string render_metrics();

  settings::Settings settings_;
  std::unique_ptr<observe::Log> log_;
  observe::Metrics metrics_;
  std::unique_ptr<crypto::MasterKeys> keys_;
  std::unique_ptr<api::Catalog> catalog_;
  std::unique_ptr<domain::OrderNumbers> numbers_;
  std::unique_ptr<storage::sqlite::SqliteStore> store_;
  std::unique_ptr<storage::sqlite::SqliteReader> reader_;
  std::unique_ptr<lane::Clock> clock_;
  std::unique_ptr<net::HttpClient> client_;
  Connections connections_;
  std::vector<ports::OpenPeer> missing_peers_;
  std::unique_ptr<ports::Entropy> entropy_;
  api::OrderView view_;
  std::unique_ptr<api::LiveOrders> live_;
  std::unique_ptr<api::UnpaidUnits> unpaid_units_;
  std::unique_ptr<lane::Lane> lane_;
  std::unique_ptr<lane::LaneUpkeep> upkeep_;
  std::unique_ptr<InboxKeeper> inbox_keeper_;
  std::unique_ptr<BillKeeper> bill_keeper_;
  net::JobThread report_job_;
  std::unique_ptr<api::Vault> vault_;
  std::unique_ptr<api::Storefront> storefront_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<net::HttpServer> admin_server_;
  bool stopped_ = false;
};

}  // namespace daozhang::app
