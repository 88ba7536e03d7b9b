// HTTP/1.1 server (RFC 9112, strict where the RFC lets a server be lenient). TLS is the reverse
// proxy's. Refused with 400 and close: Content-Length beside Transfer-Encoding, two lengths,
// a transfer coding that is not exactly `chunked`, obs-fold, bare LF or CR, no or two Host fields,
// absolute-form targets, bad escapes in path or query. 431: header too large. 413: body over the
// route's limit, refused before it is read. 405: TRACE, CONNECT or a method the path has not. 501:
// any other method. 408: header or body too slow. 503: too many connections, or no answer in time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "net/executor.h"
#include "net/router.h"

namespace daozhang::net {

struct ListenAddress {
  std::string host;  // A literal IPv4 or IPv6 address.
  std::uint16_t port = 0;
};
// `127.0.0.1:8080`, `[::1]:8080`; nothing for anything else.
std::optional<ListenAddress> parse_listen(std::string_view text);

// One answered request, for the access log and the metrics. Views live during the call.
struct RequestRecord {
  Method method;
  std::string_view path;
  std::string_view route;  // The pattern, or empty.
  std::string_view peer_address;
  std::string_view client_address;  // See Request; empty when refused before it was known.
  std::string_view request_id;
  int status;
  base::Duration took;
};

struct ServerOptions {
  ListenAddress listen{"127.0.0.1", 0};  // Port 0 takes a free one; see `port()`.
  unsigned io_thread_count = 1;
  std::size_t connection_count_max = 16'000;
  std::size_t header_bytes_max = 16 * 1024;
  base::Duration header_time_max = base::seconds(10);  // From a request's first byte.
  base::Duration body_time_max = base::seconds(30);
  base::Duration idle_time_max = base::seconds(75);    // Between requests, and before the first.
  base::Duration answer_time_max = base::seconds(60);  // From handler to answer.
  base::Duration write_time_max = base::seconds(30);   // Without the peer taking a byte.
  base::Duration heartbeat = base::seconds(15);
  // Addresses whose X-Forwarded-For is believed.
  std::vector<std::string> trusted_proxies;
  std::function<void(const RequestRecord&)> on_answered;  // On the io thread; may be empty.
};

struct ServerCounts {
  std::size_t connections = 0;  // Open now, streams included.
  std::size_t streams = 0;      // Open now.
  std::uint64_t requests = 0;   // Answered since the start.
  std::uint64_t refused = 0;    // Of these, refused before a handler was called.
};

// Owner: whoever starts it. `start`, `stop` and the destructor on one thread that is no io thread;
// the rest on any.
class HttpServer {
 public:
  HttpServer(ServerOptions options, Router router);
  ~HttpServer();  // stop(0)
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Binds and begins to answer. Refuses with a sentence for the operator (address in use, …).
  base::Result<void, std::string> start();
  // Accepts no more, lets requests in flight be answered and streams be told, then closes what is
  // left after `grace`. Idempotent. Handlers are not called any more when it returns.
  void stop(base::Duration grace);

  [[nodiscard]] std::uint16_t port() const;
  // The first io thread; tasks run there until `stop` returns.
  [[nodiscard]] Executor& executor();
  [[nodiscard]] ServerCounts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace daozhang::net
