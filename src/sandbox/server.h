// The sandbox as a running program part: HTTP server, books, and the postman that notifies.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "connectors/supplier/http/signature.h"
#include "crypto/rsa.h"
#include "net/http_server.h"
#include "sandbox/epay_wire.h"
#include "sandbox/wechat_wire.h"
#include "sandbox/world.h"

namespace daozhang::sandbox {

struct ServerOptions {
  net::ListenAddress listen{"127.0.0.1", 0};  // Port 0 takes a free one.
  WorldOptions world;  // An empty public_url becomes http://host:port of `listen`.
  crypto::RsaPublicKey app_key;
  crypto::RsaPrivateKey alipay_key;
  connectors::supplier::http::Credentials supplier_credentials;
  std::optional<WechatKeys> wechatpay = {};  // Unset: WeChat Pay is not played.
  std::optional<EpayKeys> epay = {};         // Unset: epay is not played.
  std::string wechat_app_secret = {};        // Empty: no payer is named.
};

// Owner's thread: start, stop, destructor.
class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();  // stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Refuses with a sentence for the operator.
  base::Result<void, std::string> start();
  // What has been begun is answered; notifications that wait stay in the journal. Idempotent.
  void stop();

  [[nodiscard]] std::string public_url() const;
  // For tests that look at the truth directly.
  World& world();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace daozhang::sandbox
