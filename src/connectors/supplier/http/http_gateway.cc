#include "connectors/supplier/http/http_gateway.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/hex.h"
#include "connectors/supplier/http/mapping.h"
#include "connectors/supplier/http/supplier_protocol.h"
#include "crypto/random.h"

namespace daozhang::connectors::supplier::http {
namespace {

constexpr std::size_t nonce_random_bytes = 16;

struct Address {
  std::string origin;  // Scheme, host and port.
  std::string path;    // Without a slash at the end.
};

bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

std::optional<Address> parse_address(std::string_view url) {
  const std::size_t scheme = url.starts_with("https://")  ? std::string_view("https://").size()
                             : url.starts_with("http://") ? std::string_view("http://").size()
                                                          : 0;
  if (scheme == 0 || !is_visible_ascii(url)) return std::nullopt;
  if (url.find_first_of("@?#\\\"<>") != std::string_view::npos) return std::nullopt;
  const std::size_t slash = std::min(url.find('/', scheme), url.size());
  if (slash == scheme) return std::nullopt;
  std::string_view path = url.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  return Address{std::string(url.substr(0, slash)), std::string(path)};
}

std::string random_nonce() { return base::to_hex(crypto::random_bytes(nonce_random_bytes)); }

ports::SupplierAnswer answer_of(const ports::SupplierCall& call,
                                const net::OutgoingResult& result) {
  switch (result.outcome) {
    case net::OutgoingOutcome::not_sent:
      return unanswered(false, net::to_string(result.fault));
    case net::OutgoingOutcome::no_reply:
      return unanswered(true, net::to_string(result.fault));
    case net::OutgoingOutcome::replied:
      return read_reply(call, result.status, result.body);
  }
  UNREACHABLE();
}

class HttpGateway final : public ports::Supplier {
 public:
  HttpGateway(const GatewaySettings& settings, Address address, net::HttpClient& client,
              GatewaySources sources)
      : settings_(settings),
        origin_(std::move(address.origin)),
        client_(client),
        sources_(std::move(sources)) {
    account_.base_path = std::move(address.path);
    account_.credentials = {settings.key, settings.secret};
    account_.callback_url = settings.callback_url;
  }

  [[nodiscard]] const ports::SupplierCapabilities& capabilities() const override {
    return settings_.capabilities;
  }

  void call(ports::SupplierCall call, std::function<void(ports::SupplierAnswer)> answer) override {
    auto request = outgoing(prepare(account_, call, sources_.now(), sources_.nonce()));
    request.may_be_sent_twice =
        call.kind != ports::SupplierCallKind::submit || settings_.capabilities.idempotent;
    client_.call(std::move(request),
                 [call = std::move(call), answer = std::move(answer)](
                     net::OutgoingResult&& result) { answer(answer_of(call, result)); });
  }

  base::Result<ports::SupplierHint, ports::HintRefusal> read_callback(
      const ports::CallbackRequest& request, base::Instant now) override {
    return read_hint(account_, request, now);
  }

 private:
  [[nodiscard]] net::OutgoingRequest outgoing(PreparedRequest prepared) const {
    net::OutgoingRequest request;
    request.method = prepared.method == "GET" ? net::Method::get : net::Method::post;
    request.url = origin_ + prepared.path;
    request.headers = {{std::string(key_header), std::move(prepared.headers.key)},
                       {std::string(timestamp_header), std::move(prepared.headers.timestamp)},
                       {std::string(nonce_header), std::move(prepared.headers.nonce)},
                       {std::string(signature_header), std::move(prepared.headers.signature)},
                       {"Accept", "application/json"}};
    if (!prepared.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::move(prepared.body);
    request.connect_time_max = settings_.connect_time_max;
    request.total_time_max = settings_.call_time_max;
    request.reply_bytes_max = body_bytes_max;
    return request;
  }

  GatewaySettings settings_;
  std::string origin_;
  Account account_;
  net::HttpClient& client_;
  GatewaySources sources_;
};

}  // namespace

base::Result<std::unique_ptr<ports::Supplier>, SettingsRefusal> make_gateway(
    const GatewaySettings& settings, net::HttpClient& client, GatewaySources sources) {
  CHECK(sources.now != nullptr);
  auto address = parse_address(settings.base_url);
  if (!address) return base::refuse(SettingsRefusal::bad_base_url);
  if (settings.key.empty() || !is_visible_ascii(settings.key)) {
    return base::refuse(SettingsRefusal::bad_key);
  }
  if (!are_usable({settings.key, settings.secret})) {
    return base::refuse(SettingsRefusal::weak_secret);
  }
  if (!settings.callback_url.empty() && !parse_address(settings.callback_url)) {
    return base::refuse(SettingsRefusal::bad_callback_url);
  }
  if (sources.nonce == nullptr) sources.nonce = random_nonce;
  return std::make_unique<HttpGateway>(settings, std::move(*address), client, std::move(sources));
}

}  // namespace daozhang::connectors::supplier::http
