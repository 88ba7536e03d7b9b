#include "net/http_server.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <future>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "net/connection.h"

namespace daozhang::net {
namespace {

using Tcp = boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr base::Duration accept_pause = base::milliseconds(100);

std::string random_prefix() {
  constexpr char digits[] = "0123456789abcdef";
  std::random_device device;
  std::string prefix;
  for (int i = 0; i < 8; ++i) prefix.push_back(digits[device() & 15]);
  return prefix;
}

// Runs `task` on the loop and waits for its end.
template <class F>
void run_on(IoLoop& loop, F task) {
  std::promise<void> done;
  loop.post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace

std::optional<ListenAddress> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (has_brackets) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (end.ec != std::errc() || end.ptr != digits.data() + digits.size()) return std::nullopt;
  ErrorCode error;
  const auto address = boost::asio::ip::make_address(std::string(host), error);
  if (error || address.is_v6() != has_brackets) return std::nullopt;
  return ListenAddress{std::string(host), port};
}

class HttpServer::Impl {
 public:
  Impl(ServerOptions options, Router router) {
    shared_->options = std::move(options);
    shared_->router = std::move(router);
    const unsigned count = std::max(1U, shared_->options.io_thread_count);
    for (unsigned i = 0; i < count; ++i) {
      shards_.push_back(std::make_shared<ServerShard>(shared_, random_prefix()));
    }
  }

  base::Result<void, std::string> start();
  void stop(base::Duration grace);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Executor& executor() { return *shards_.front()->loop; }
  [[nodiscard]] const ServerShared& shared() const { return *shared_; }

 private:
  base::Result<void, std::string> bind(Tcp::acceptor& acceptor);
  void accept_next();
  void take(const std::shared_ptr<ServerShard>& shard, Tcp::socket socket);
  void sweep_later(const std::shared_ptr<ServerShard>& shard);
  void wait_for_no_connections(base::Duration at_most);

  const std::shared_ptr<ServerShared> shared_ = std::make_shared<ServerShared>();
  std::vector<std::shared_ptr<ServerShard>> shards_;
  std::unique_ptr<Tcp::acceptor> acceptor_;
  std::size_t next_shard_ = 0;
  std::uint16_t port_ = 0;
  bool is_running_ = false;
};

base::Result<void, std::string> HttpServer::Impl::bind(Tcp::acceptor& acceptor) {
  const ListenAddress& listen = shared_->options.listen;
  ErrorCode error;
  const auto address = boost::asio::ip::make_address(listen.host, error);
  const Tcp::endpoint endpoint(address, listen.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(4096, error);
  if (!error) port_ = acceptor.local_endpoint(error).port();
  if (!error) return {};
  return base::refuse("can not listen on " + listen.host + ":" + std::to_string(listen.port) +
                      ": " + error.message());
}

base::Result<void, std::string> HttpServer::Impl::start() {
  CHECK(!is_running_ && acceptor_ == nullptr);
  auto acceptor = std::make_unique<Tcp::acceptor>(shards_.front()->loop->box().context);
  if (auto bound = bind(*acceptor); !bound) return bound;
  acceptor_ = std::move(acceptor);
  is_running_ = true;
  accept_next();
  for (const auto& shard : shards_) {
    shard->loop->post([this, shard] { sweep_later(shard); });
    shard->loop->start();
  }
  return {};
}

void HttpServer::Impl::sweep_later(const std::shared_ptr<ServerShard>& shard) {
  const ServerOptions& options = shared_->options;
  const base::Duration shortest =
      std::min({options.header_time_max, options.body_time_max, options.idle_time_max,
                options.answer_time_max, options.write_time_max, options.heartbeat});
  const base::Duration period =
      std::clamp(shortest / 4, base::milliseconds(5), base::milliseconds(500));
  shard->loop->after(period, [this, weak = std::weak_ptr(shard)] {
    const auto again = weak.lock();
    if (again == nullptr) return;
    again->sweep();
    sweep_later(again);
  });
}

void HttpServer::Impl::accept_next() {
  const auto shard = shards_[next_shard_++ % shards_.size()];
  acceptor_->async_accept(shard->loop->box().context,
                          [this, shard](const ErrorCode& error, Tcp::socket socket) {
                            if (error == boost::asio::error::operation_aborted) return;
                            if (error) {
                              // Out of descriptors: without a pause this would spin.
                              executor().after(accept_pause, [this] {
                                if (acceptor_->is_open()) accept_next();
                              });
                              return;
                            }
                            take(shard, std::move(socket));
                            accept_next();
                          });
}

void HttpServer::Impl::take(const std::shared_ptr<ServerShard>& shard, Tcp::socket socket) {
  if (shared_->connection_count >= shared_->options.connection_count_max) {
    ErrorCode ignored;
    socket.non_blocking(true, ignored);
    constexpr std::string_view busy =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
        "Connection: close\r\n\r\n";
    socket.write_some(boost::asio::buffer(busy), ignored);
    ++shared_->refused_count;
    return;
  }
  ++shared_->connection_count;
  auto connection = std::make_shared<Connection>(shard, std::move(socket));
  if (shard->loop->is_current()) return connection->start();
  shard->loop->post([connection = std::move(connection)] { connection->start(); });
}

void HttpServer::Impl::wait_for_no_connections(base::Duration at_most) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(at_most.micros);
  while (shared_->connection_count > 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void HttpServer::Impl::stop(base::Duration grace) {
  if (!is_running_) return;
  is_running_ = false;
  run_on(*shards_.front()->loop, [this] {
    ErrorCode ignored;
    acceptor_->close(ignored);
  });
  const auto each_connection = [this](auto action) {
    for (const auto& shard : shards_) {
      run_on(*shard->loop, [&] {
        shard->is_draining = true;
        const std::vector all(shard->connections.begin(), shard->connections.end());
        for (const auto& connection : all) action(*connection);
      });
    }
  };
  each_connection([](Connection& connection) { connection.drain(); });
  wait_for_no_connections(grace);
  each_connection([](Connection& connection) { connection.close(); });
  // Aborted waits hold their connection until their handlers have run.
  for (const auto& shard : shards_) run_on(*shard->loop, [] {});
  for (const auto& shard : shards_) shard->loop->stop();
}

HttpServer::HttpServer(ServerOptions options, Router router)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router))) {}
HttpServer::~HttpServer() { impl_->stop(base::Duration{}); }
base::Result<void, std::string> HttpServer::start() { return impl_->start(); }
void HttpServer::stop(base::Duration grace) { impl_->stop(grace); }
std::uint16_t HttpServer::port() const { return impl_->port(); }
Executor& HttpServer::executor() { return impl_->executor(); }

ServerCounts HttpServer::counts() const {
  const ServerShared& shared = impl_->shared();
  return {shared.connection_count, shared.stream_count, shared.request_count, shared.refused_count};
}

}  // namespace daozhang::net
