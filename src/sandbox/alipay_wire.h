// Alipay's wire protocol at the gateway's side: from the bytes of a request to GatewayRequest, from
// a GatewayReply and notification fields to signed bytes. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "crypto/rsa.h"
#include "sandbox/alipay_words.h"
#include "sandbox/foreign_key.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

class AlipayWire {
 public:
  // `app_key` verifies the shop's requests, `alipay_key` signs what we say.
  AlipayWire(std::string app_id, crypto::RsaPublicKey app_key, crypto::RsaPrivateKey alipay_key);

  // `query` and `body` are still encoded; their fields count alike. Refuses as Alipay does: 40001
  // isv.missing-*, 40002 isv.invalid-app-id, isv.invalid-signature, isv.invalid-timestamp and more.
  base::Result<GatewayRequest, GatewayReply> read(std::string_view query,
                                                  std::string_view body) const;

  // The method that a refused request names, if it names one in a usable way; else empty.
  static std::string method_named(std::string_view query, std::string_view body);

  // The JSON text of a synchronous answer.
  [[nodiscard]] std::string render(std::string_view method, const GatewayReply& reply,
                                   bool spoil_signature) const;
  // The form body of a notification.
  [[nodiscard]] std::string render_notice(const Fields& fields, bool spoil_signature) const;
  // `return_url` with the signed fields added to its query.
  [[nodiscard]] std::string render_return(const std::string& return_url,
                                          const Fields& fields) const;

 private:
  // The right key, or one that nobody trusts.
  [[nodiscard]] const crypto::RsaPrivateKey& signing_key(bool spoil_signature) const;

  std::string app_id_;
  crypto::RsaPublicKey app_key_;
  crypto::RsaPrivateKey alipay_key_;
  ForeignKey foreign_key_;
};

}  // namespace daozhang::sandbox
