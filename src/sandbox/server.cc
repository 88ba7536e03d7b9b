#include "sandbox/server.h"

#include <utility>

#include <fmt/format.h>

#include "net/executor.h"
#include "net/http_client.h"
#include "sandbox/postman.h"
#include "sandbox/service.h"

namespace daozhang::sandbox {
namespace {

net::ClientOptions client_options() {
  net::ClientOptions options;
  // A developer's shop stands on this machine or in the same network.
  options.address_rule = net::public_addresses(true, true);
  options.connections_per_host_max = 64;
  options.user_agent = "daozhang-sandbox";
  return options;
}

net::Router routes(Service& service) {
  net::Router router;
  add_gateway_routes(router, service);
  add_bill_routes(router, service);
  if (service.wechatpay != nullptr) add_wechat_routes(router, service);
  if (service.login != nullptr) add_wechat_login_routes(router, service);
  if (service.epay != nullptr) add_epay_routes(router, service);
  add_cashier_routes(router, service);
  add_supplier_routes(router, service);
  add_control_routes(router, service);
  add_board_routes(router, service);
  return router;
}

net::ServerOptions server_options(const net::ListenAddress& listen) {
  net::ServerOptions options;
  options.listen = listen;
  // The longest hold of a fault is ten minutes.
  options.answer_time_max = base::minutes(11);
  return options;
}

}  // namespace

class Server::Impl {
 public:
  explicit Impl(ServerOptions options)
      : listen_(options.listen),
        public_url_(options.world.identity.public_url),
        world_(options.world),
        wire_(options.world.identity.app_id, std::move(options.app_key),
              std::move(options.alipay_key)),
        wechatpay_(options.wechatpay ? std::make_unique<WechatWire>(*std::move(options.wechatpay))
                                     : nullptr),
        epay_(options.epay ? std::make_unique<EpayWire>(*std::move(options.epay)) : nullptr),
        login_(wechatpay_ != nullptr && !options.wechat_app_secret.empty()
                   ? std::make_unique<WechatLogin>(options.world.wechatpay.appid,
                                                   std::move(options.wechat_app_secret))
                   : nullptr),
        credentials_(std::move(options.supplier_credentials)),
        client_(client_options()),
        service_{world_,           wire_, credentials_, loop_,       client_, {},
                 wechatpay_.get(), {},    epay_.get(),  login_.get()},
        postman_(world_, {wire_, wechatpay_.get(), epay_.get()}, credentials_, loop_, client_),
        http_(server_options(listen_), routes(service_)) {}
  ~Impl() { stop(); }

  base::Result<void, std::string> start() {
    if (auto opened = world_.open(); !opened) return opened;
    world_.on_change([this] { postman_.wake(); });
    loop_.start();
    if (auto started = http_.start(); !started) return started;
    if (public_url_.empty()) {
      const bool v6 = listen_.host.find(':') != std::string::npos;
      public_url_ = fmt::format(fmt::runtime(v6 ? "http://[{}]:{}" : "http://{}:{}"), listen_.host,
                                http_.port());
    }
    world_.with([this](World::Books& books) {
      for (TradeBook* const book : books.channels()) book->set_public_url(public_url_);
      return 0;
    });
    return {};
  }

  void stop() {
    if (std::exchange(is_stopped_, true)) return;
    http_.stop(base::seconds(2));
    client_.stop();
    loop_.stop();
  }

  [[nodiscard]] const std::string& public_url() const { return public_url_; }
  World& world() { return world_; }

 private:
  net::ListenAddress listen_;
  std::string public_url_;
  World world_;
  AlipayWire wire_;
  std::unique_ptr<WechatWire> wechatpay_;
  std::unique_ptr<EpayWire> epay_;
  std::unique_ptr<WechatLogin> login_;
  connectors::supplier::http::Credentials credentials_;
  net::IoLoop loop_;
  net::HttpClient client_;
  Service service_;
  Postman postman_;
  net::HttpServer http_;
  bool is_stopped_ = false;
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() = default;
base::Result<void, std::string> Server::start() { return impl_->start(); }
void Server::stop() { impl_->stop(); }
std::string Server::public_url() const { return impl_->public_url(); }
World& Server::world() { return impl_->world(); }

}  // namespace daozhang::sandbox
