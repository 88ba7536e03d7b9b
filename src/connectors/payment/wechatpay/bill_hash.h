// Whether a bill is the one that the channel promised, told while it comes in. One thread.
#pragma once

#include <string>
#include <string_view>

#include "crypto/digest.h"

namespace daozhang::connectors::payment::wechatpay {

class BillHash {
 public:
  // The promised SHA-1 in hexadecimal, any case; empty: nothing is checked.
  explicit BillHash(std::string promised_sha1_hex) : promised_(std::move(promised_sha1_hex)) {}

  // Of the uncompressed file.
  void update(std::string_view piece) { sha1_.update(piece); }
  // Once, after the last piece.
  bool fits();

 private:
  const std::string promised_;
  crypto::Sha1 sha1_;
};

}  // namespace daozhang::connectors::payment::wechatpay
