#include "connectors/payment/wechatpay/wechatpay_gateway_keys.h"

#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/hex.h"
#include "connectors/payment/wechatpay/platform_certificates.h"
#include "crypto/random.h"
#include "ports/notice_message.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::size_t reply_bytes_max = 256 * 1024;
constexpr std::size_t nonce_bytes = 16;

}  // namespace

net::OutgoingRequest outgoing_of(SignedCall call, const GatewayOptions& options) {
  net::OutgoingRequest request;
  const bool get = call.method == "GET";
  request.method = get ? net::Method::get : net::Method::post;
  request.url = std::move(call.url);
  request.body = std::move(call.body);
  for (auto& [name, value] : call.headers) {
    request.headers.push_back({std::move(name), std::move(value)});
  }
  request.connect_time_max = options.connect_time_max;
  request.total_time_max = options.call_time_max;
  request.reply_bytes_max = reply_bytes_max;
  // A nonce that comes twice may be refused, and that would look like a definite no to what the
  // first one did.
  request.may_be_sent_twice = get;
  return request;
}

Reply reply_of(net::OutgoingResult&& result) {
  Reply reply;
  reply.status = result.status;
  for (std::size_t i = 0; i < result.headers.size(); ++i) {
    const net::Headers::Field field = result.headers.at(i);
    if (ports::is_signature_header(field.name) ||
        base::equal_without_case(field.name, "Request-ID")) {
      reply.headers.emplace_back(field.name, field.value);
    }
  }
  reply.body = std::move(result.body);
  return reply;
}

Stamp fresh_stamp(const GatewayOptions& options) {
  return {.now = options.now(), .nonce = base::to_hex(crypto::random_bytes(nonce_bytes))};
}

FreshKeys::FreshKeys(std::shared_ptr<const Account> account, net::HttpClient& client,
                     GatewayOptions options)
    : account_(std::move(account)),
      client_(client),
      options_(std::move(options)),
      keys_(std::make_shared<const PlatformKeys>(account_->platform_keys)) {}

std::shared_ptr<const PlatformKeys> FreshKeys::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

void FreshKeys::refresh_if_old() {
  if (!account_->keeps_certificates) return;
  {
    const std::lock_guard lock(mutex_);
    const bool fresh =
        fetched_at_.is_set() && options_.now() - fetched_at_ < options_.certificates_age_max;
    if (fresh || under_way_) return;
  }
  refresh({});
}

bool FreshKeys::may_learn(std::string_view serial) const {
  return account_->keeps_certificates && !serial.empty() &&
         !serial.starts_with(public_key_id_prefix) &&
         keys()->find(serial, options_.now()) == nullptr;
}

void FreshKeys::refresh(std::function<void()> then) {
  switch (enter(then)) {
    case Turn::mine:
      return fetch();
    case Turn::under_way:
      return;
    case Turn::too_soon:
      if (then) then();
  }
}

FreshKeys::Turn FreshKeys::enter(std::function<void()>& then) {
  if (!account_->keeps_certificates) return Turn::too_soon;
  const std::lock_guard lock(mutex_);
  const base::Instant now = options_.now();
  const bool recent = asked_at_.is_set() && now - asked_at_ < options_.certificates_gap_min;
  if (!under_way_ && recent) return Turn::too_soon;
  if (then) waiting_.push_back(std::exchange(then, {}));
  if (under_way_) return Turn::under_way;
  under_way_ = true;
  asked_at_ = now;
  return Turn::mine;
}

void FreshKeys::fetch() {
  SignedCall call = certificates_call(*account_, fresh_stamp(options_));
  net::OutgoingRequest request = outgoing_of(std::move(call), options_);
  client_.call(std::move(request), [self = shared_from_this()](net::OutgoingResult&& result) {
    self->take(std::move(result));
  });
}

void FreshKeys::take(net::OutgoingResult&& result) {
  std::shared_ptr<const PlatformKeys> next;
  if (result.outcome == net::OutgoingOutcome::replied) {
    auto read = read_certificates(*account_, *keys(), reply_of(std::move(result)), options_.now());
    if (read) next = std::make_shared<const PlatformKeys>(std::move(*read));
  }
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (next) {
      keys_ = std::move(next);
      fetched_at_ = options_.now();
    }
    under_way_ = false;
    waiting.swap(waiting_);
  }
  for (const auto& then : waiting) then();
}

}  // namespace daozhang::connectors::payment::wechatpay
