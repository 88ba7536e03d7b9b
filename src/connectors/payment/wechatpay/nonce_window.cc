#include "connectors/payment/wechatpay/nonce_window.h"

#include <string>

#include "base/check.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr base::Duration kept_for = clock_difference_max * 2;

base::Digest digest_of(const Proof& proof) {
  std::string text;
  for (const std::string_view part :
       {proof.serial, proof.nonce, proof.timestamp, proof.signature}) {
    text.append(std::to_string(part.size())).append(":").append(part);
  }
  return base::sha256(text);
}

}  // namespace

NonceWindow::NonceWindow(std::size_t message_count_max) : message_count_max_(message_count_max) {
  CHECK(message_count_max > 0);
}

bool NonceWindow::is_new(const Proof& proof, base::Instant now) {
  const base::Digest digest = digest_of(proof);
  const std::lock_guard lock(mutex_);
  forget_old(now);
  if (!digests_.insert(digest).second) return false;
  in_order_.push_back({digest, now});
  if (in_order_.size() > message_count_max_) {
    digests_.erase(in_order_.front().digest);
    in_order_.pop_front();
  }
  return true;
}

std::size_t NonceWindow::size() const {
  const std::lock_guard lock(mutex_);
  return in_order_.size();
}

void NonceWindow::forget_old(base::Instant now) {
  while (!in_order_.empty() && now - in_order_.front().at > kept_for) {
    digests_.erase(in_order_.front().digest);
    in_order_.pop_front();
  }
}

}  // namespace daozhang::connectors::payment::wechatpay
