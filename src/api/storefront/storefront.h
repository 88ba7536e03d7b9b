// The buyer's side of the API: products, quotes, orders, payments, reveal, live pages, and the
// callbacks of channels and suppliers. Handlers run on io threads; whatever changes something goes
// to the lane and is answered after its commit.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/catalog/catalog.h"
#include "api/live_orders.h"
#include "api/order_json.h"
#include "api/rate_limit.h"
#include "api/storefront/channel_entry.h"
#include "api/storefront/order_cookie.h"
#include "api/storefront/payer_state.h"
#include "api/storefront/waiting_browsers.h"
#include "api/unpaid_units.h"
#include "api/vault.h"
#include "domain/order/order_number.h"
#include "lane/clock.h"
#include "lane/lane.h"
#include "net/executor.h"
#include "net/router.h"
#include "ports/order_store.h"
#include "ports/payment_channel.h"
#include "ports/supplier.h"

namespace daozhang::api {

// Bounds that protect the shop; 0 is no limit where it says so.
struct StorefrontLimits {
  std::size_t order_body_bytes = 64 * 1024;
  std::size_t notify_body_bytes = 64 * 1024;
  std::size_t orders_per_minute = 0;    // Per client address; 0: no limit.
  std::size_t lookups_per_minute = 60;  // Wrong numbers or codes per client address; 0: no limit.
  std::size_t live_pages = 10'000;
};

// Everything that the storefront works with; all of it outlives the storefront.
struct StorefrontParts {
  lane::Lane& lane;
  ports::OrderReader& reader;
  const lane::Clock& clock;
  const Catalog& catalog;
  const domain::OrderNumbers& numbers;
  const Vault& vault;
  const crypto::MasterKeys& keys;
  LiveOrders& live;
  UnpaidUnits& unpaid_units;
  std::vector<ChannelEntry> channels;
  std::map<std::string, ports::Supplier*> suppliers;
  OrderView view;
  base::Duration payment_window;
  StorefrontLimits limits;
  bool secure_cookies = false;
  // For the log; all on any thread, and may be empty.
  std::function<void(const domain::Order&, std::string_view request_id)> on_placed;
  std::function<void(std::string_view channel, std::string_view reason,
                     std::string_view request_id)>
      on_notice_refused;
  // Money came for an order that the shop has lost; it is asked about and goes back.
  std::function<void(std::string_view channel, std::string_view order_no,
                     std::string_view request_id)>
      on_order_adopted;
  // A channel did not say who pays.
  std::function<void(std::string_view channel, ports::PayerRefusal reason,
                     std::string_view request_id)>
      on_payer_unknown;
};

class Storefront {
 public:
  explicit Storefront(StorefrontParts parts);
  // Adds its routes. The storefront must outlive the server that gets the router.
  void add_routes(net::Router& router);

 private:
  using Request = net::Request;
  using Responder = net::Responder;

  // storefront/catalog_pages.cc
  void list_products(Request&& request, Responder responder);
  void list_channels(Request&& request, Responder responder);
  void quote(Request&& request, Responder responder);
  // storefront/place_order.cc
  void place_order(Request&& request, Responder responder);
  // storefront/find_order.cc
  void find_order(Request&& request, Responder responder);
  // storefront/order_pages.cc
  void get_order(Request&& request, Responder responder);
  void stream_order(Request&& request, Responder responder);
  void open_payment(Request&& request, Responder responder);
  void ask_payments(Request&& request, Responder responder);
  void pay(Request&& request, Responder responder);
  // storefront/payer_pages.cc
  void ask_payer(Request&& request, Responder responder);
  void take_payer(Request&& request, Responder responder);
  // storefront/reveal.cc
  void reveal(Request&& request, Responder responder);
  // storefront/callbacks.cc
  void take_notice(Request&& request, Responder responder);
  void take_supplier_callback(Request&& request, Responder responder);

  [[nodiscard]] const ChannelEntry* find_channel(std::string_view code) const;
  [[nodiscard]] bool is_answering(const ChannelEntry& entry) const {
    return parts_.lane.channel_health().is_answering(entry.code, parts_.clock.now());
  }
  // Whether somebody is configured who can execute it; else it is not sold.
  [[nodiscard]] bool has_supplier(const domain::Product& product) const {
    return product.kind == domain::ProductKind::secret ||
           parts_.suppliers.contains(product.supplier);
  }
  // The order, if the request opens at least `needed` of it; else an answer has been sent: the one
  // 404, or access_code_needed to whoever may see the order but not more.
  std::optional<domain::Order> authorize(const Request& request, Responder& responder,
                                         Scope needed);
  [[nodiscard]] bool opens_by_code(std::string_view code, const domain::Order& order) const;
  [[nodiscard]] std::optional<Scope> opens(const Request& request,
                                           const domain::Order& order) const;
  net::Response reveal_response(const domain::Order& order, Language language);

  // A visit of the browser that learns who pays, see payer_pages.cc.
  struct PayerVisit;
  std::optional<PayerVisit> payer_visit(const Request& request, Responder& responder);
  void find_payer(PayerVisit visit, std::string code, Responder responder);
  void name_payer(const PayerVisit& visit, std::string_view payer_id);

  std::optional<std::string> wait_for_unpaid(std::string_view client, std::string_view key,
                                             const engine::PlaceOrder& command);

  StorefrontParts parts_;
  OrderCookies cookies_;
  PayerStates payer_states_;
  WaitingBrowsers waiting_payers_;
  RateLimit wrong_codes_;
  RateLimit asked_payments_;
  RateLimit asked_payers_;
  RateLimit orders_;
  // Kept are so many of one client, and so many of one channel whoever sends them; more are
  // counted.
  RateLimit refused_notices_{30, base::minutes(1)};
  RateLimit refused_by_channel_{60, base::minutes(1)};
};

}  // namespace daozhang::api
