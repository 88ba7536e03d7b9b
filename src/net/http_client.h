// Outgoing HTTP on libcurl multi, in a thread of its own. What a call ended in is told exactly,
// because money hangs on it: `not_sent` is proof that no byte of the request left, `no_reply` means
// that the other side may have acted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "net/http_message.h"
#include "net/task.h"

namespace daozhang::net {

struct OutgoingRequest {
  Method method = Method::get;
  std::string url;                 // http or https only; no user and password in it.
  std::vector<FormField> headers;  // Host and Content-Length are added.
  std::string body;
  base::Duration connect_time_max = base::seconds(5);
  base::Duration total_time_max = base::seconds(15);  // Waiting for a free connection included.
  std::size_t reply_bytes_max = 1024 * 1024;
  // Set for a body that is too large to be held: takes the body of a reply with status 200 piece by
  // piece on the client's thread, and `OutgoingResult::body` stays empty. Bodies of other statuses
  // are held as ever. False ends the call with `reply_not_taken`. Pieces may have come of a call
  // that then ends in another outcome than `replied`. `reply_bytes_max` limits it all the same.
  std::function<bool(std::string_view)> take_body;
  // libcurl sends a request again by itself when a kept connection turns out dead. True allows it,
  // and with it kept connections; false opens a new connection for each call. Set it only where
  // the other side acts once on the same bytes sent twice (a query; a submit that is idempotent).
  bool may_be_sent_twice = false;
};

enum class OutgoingOutcome {
  not_sent,  // Provably nothing was sent.
  no_reply,  // Something may have been sent, and no complete reply came: unknown.
  replied,   // A complete reply of any status.
};

enum class OutgoingFault {
  none,
  bad_url,          // not_sent; also a header with a line break
  refused_address,  // not_sent: the address rule says no
  resolve_failed,   // not_sent
  connect_failed,   // not_sent
  tls_failed,       // not_sent: handshake or certificate
  timed_out,        // not_sent or no_reply
  broken,           // no_reply: the connection ended or the reply was no HTTP
  reply_too_large,  // no_reply
  reply_not_taken,  // no_reply: `take_body` said no
  stopped,          // not_sent or no_reply: the client was stopped
  too_many_calls,   // not_sent: `ClientOptions::call_count_max` are waiting
};
std::string_view to_string(OutgoingOutcome outcome);
std::string_view to_string(OutgoingFault fault);

struct OutgoingResult {
  OutgoingOutcome outcome = OutgoingOutcome::not_sent;
  OutgoingFault fault = OutgoingFault::none;
  std::string detail;  // For the log; empty when replied.
  int status = 0;
  Headers headers;
  std::string body;
};

// What it ended in, for people: `http_502`, or `no_reply: timed_out`. Never the detail, which may
// name the address and what stands in it.
std::string words_of(const OutgoingResult& result);

// Which addresses may be called. Asked with the address that the socket is about to be connected
// to, after name resolution, so that a name can not be rebound between check and use.
// `address` is a literal IPv4 or IPv6 address.
using AddressRule = std::function<bool(std::string_view address, std::uint16_t port)>;

// Global unicast addresses only. Loopback if `allow_loopback`; private (RFC 1918, fc00::/7) if
// `allow_private`; link-local, multicast, unspecified, documentation and mapped forms never.
AddressRule public_addresses(bool allow_loopback, bool allow_private = false);

struct ClientOptions {
  AddressRule address_rule = public_addresses(false);
  std::size_t connections_per_host_max = 32;
  std::size_t connections_max = 512;
  std::size_t call_count_max = 20'000;  // Running and waiting.
  std::string ca_file;                  // Empty: the system's.
  std::string user_agent = "daozhang";
};

// `call` from any thread. `done` runs exactly once, on the client's thread (for `too_many_calls`
// and after `stop` on the caller's); it must neither block nor throw, and may `call` again.
// No redirect is followed, no proxy of the environment is used, certificates are always verified.
class HttpClient {
 public:
  using Done = UniqueFunction<void(OutgoingResult&&)>;

  explicit HttpClient(ClientOptions options);
  ~HttpClient();  // stop()
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void call(OutgoingRequest request, Done done);
  // Ends all calls with the fault `stopped`. Idempotent. Not from `done`.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace daozhang::net
