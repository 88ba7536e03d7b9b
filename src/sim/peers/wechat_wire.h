// WeChat Pay's wire, API v3: calls, replies and notifications go through the connector's mapping,
// signed by RSA both ways, notifications sealed by AES-GCM.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "connectors/payment/wechatpay/request.h"
#include "sim/peers/payment_wire.h"

namespace daozhang::sim {

// Keys are the same in every run, nonces count from one. A notification is kept as one text, with
// its headers. Each payer has a coupon of one fen: what he pays is less than what the trade is of.
class WechatWire final : public PaymentWire {
 public:
  [[nodiscard]] std::string_view name() const override { return "wechatpay"; }
  // `now`: the moment in the run; messages name theirs and go stale.
  explicit WechatWire(std::function<base::Instant()> now) : now_(std::move(now)) {}

  [[nodiscard]] std::optional<domain::ChannelTerms> terms() const override;
  [[nodiscard]] bool has_links() const override { return false; }
  [[nodiscard]] bool code_begins_trade() const override { return true; }
  [[nodiscard]] std::span<const base::Duration> notice_delays() const override;
  std::string write_notice(const ports::PaymentNotice& notice) override;
  std::string write_refund_notice(const ports::PaymentNotice& notice,
                                  const WentBack& back) override;
  std::string write_notice_of_other_account(const ports::PaymentNotice& notice) override;
  std::string write_forged_notice(const ports::PaymentNotice& notice) override;
  std::string write_unsigned_notice(const ports::PaymentNotice& notice) override;
  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const std::string& body) override;
  ports::PaymentCall carry_call(const ports::PaymentCall& call, base::Instant now) override;
  ports::PaymentAnswer carry_answer(const ports::PaymentCall& call,
                                    const ports::PaymentAnswer& answer) override;
  ports::ChannelOrder carry_link(const ports::ChannelOrder& order, base::Instant now) override;

 private:
  struct SignedAt {
    base::Instant at;
    connectors::payment::wechatpay::HeaderList headers;
  };
  connectors::payment::wechatpay::Stamp stamp();
  const connectors::payment::wechatpay::HeaderList& headers_of(const std::string& body);

  std::function<base::Instant()> now_;
  std::uint64_t nonces_ = 0;
  std::map<std::string, SignedAt> written_;  // Replies, signed once while they are fresh.
};

}  // namespace daozhang::sim
