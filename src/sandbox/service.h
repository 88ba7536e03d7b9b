// What the sandbox's HTTP handlers share, and how an answer leaves when a fault delays or loses it.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "connectors/supplier/http/signature.h"
#include "net/executor.h"
#include "net/http_client.h"
#include "net/http_message.h"
#include "net/responder.h"
#include "net/router.h"
#include "sandbox/alipay_wire.h"
#include "sandbox/bill_shelf.h"
#include "sandbox/epay_wire.h"
#include "sandbox/trade.h"
#include "sandbox/wechat_login.h"
#include "sandbox/wechat_wire.h"
#include "sandbox/world.h"

namespace daozhang::sandbox {

// Nonces seen within the window of the supplier protocol. Any thread. Bounded: over `nonces_max`
// the oldest is forgotten early.
class NonceWindow {
 public:
  static constexpr std::size_t nonces_max = 200'000;
  // False if the nonce was used within the window before `now`.
  bool take(std::string_view nonce, base::Instant now);

 private:
  std::mutex mutex_;
  std::set<std::string, std::less<>> seen_;
  std::deque<std::pair<base::Instant, std::string>> by_time_;
};

// Outlives the router's handlers. Everything in it may be used from any thread.
struct Service {
  World& world;
  const AlipayWire& wire;
  const connectors::supplier::http::Credentials& supplier_credentials;
  net::Executor& loop;
  net::HttpClient& client;
  NonceWindow nonces;
  WechatWire* wechatpay = nullptr;  // Null: not played.
  BillShelf bills = {};
  const EpayWire* epay = nullptr;  // Null: not played.
  WechatLogin* login = nullptr;    // Null: nobody is named and no sheet opens.
};

// Sends `response` as `manner` wants it: late, or not at all. An answer that is lost ends as 502
// from a proxy that got none, after the delay.
void answer(Service& service, net::Responder responder, net::Response response,
            const Manner& manner);

// Of a route that changes something: a page of another site must not operate the sandbox through
// the browser of a developer.
std::optional<net::Response> refuse_foreign_pages(const net::Request& request);

void add_gateway_routes(net::Router& router, Service& service);       // /gateway.do
void add_bill_routes(net::Router& router, Service& service);          // /bills/DAY.zip
void add_wechat_routes(net::Router& router, Service& service);        // /v3/…
void add_wechat_login_routes(net::Router& router, Service& service);  // /connect/…, /sns/…
void add_epay_routes(net::Router& router, Service& service);          // /epay/…
void add_cashier_routes(net::Router& router, Service& service);       // /pay/…, /qr/…
void add_supplier_routes(net::Router& router, Service& service);      // /supplier/v1/…
void add_control_routes(net::Router& router, Service& service);       // /sandbox/v1/…
void add_board_routes(net::Router& router, Service& service);         // /, /assets/…

inline constexpr std::string_view bill_method = "alipay.data.dataservice.bill.downloadurl.query";
// The answer to a call of that method, within the world's lock.
GatewayAnswer bill_address(World::Books& books, const GatewayRequest& request);

// Pays as the payer would and says where the payer's browser goes next: the shop's return_url, with
// signed fields where the channel adds some, or empty.
struct Payment {
  PayOutcome outcome = PayOutcome::no_such_trade;
  Trade trade;
  std::string return_url;
};
Payment pay(Service& service, Channel channel, std::string_view out_trade_no,
            std::optional<std::int64_t> amount_minor);
// The address that the payer's browser goes back to after paying; empty if the shop gave none.
std::string return_url_of(const Service& service, const Trade& trade);

}  // namespace daozhang::sandbox
