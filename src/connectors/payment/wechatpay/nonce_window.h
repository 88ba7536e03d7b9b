// Remembers signed messages for as long as their time stamps count, so that none counts twice.
// WeChat Pay signs each of its own repeats anew, so nothing true is lost. Any thread.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <set>

#include "base/instant.h"
#include "base/sha256.h"
#include "connectors/payment/wechatpay/signed_message.h"

namespace daozhang::connectors::payment::wechatpay {

class NonceWindow {
 public:
  // A message is kept for twice `clock_difference_max` from its receipt, which is as long as it
  // could be read again. Of more than `message_count_max` the oldest is forgotten; the inbox still
  // knows its notice_id.
  explicit NonceWindow(std::size_t message_count_max = 100'000);

  // False if the very same proof (serial, nonce, time stamp, signature) came before. Call it for
  // messages that proved themselves only, so that forged ones can not push out true ones.
  bool is_new(const Proof& proof, base::Instant now);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Seen {
    base::Digest digest;
    base::Instant at;
  };
  void forget_old(base::Instant now);

  const std::size_t message_count_max_;
  mutable std::mutex mutex_;
  std::deque<Seen> in_order_;
  std::set<base::Digest> digests_;
};

}  // namespace daozhang::connectors::payment::wechatpay
