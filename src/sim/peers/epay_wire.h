// The wire of an epay gateway, V1: MD5 with a merchant key. Every call, reply, link and
// notification goes through the connector's mapping.
#pragma once

#include <string>

#include "base/check.h"
#include "sim/peers/payment_wire.h"

namespace daozhang::sim {

// What the protocol can not say is not said: no call closes, a pay page has no expiry, a refund no
// number and no definite no, and a question about a refund is one about its order.
class EpayWire final : public PaymentWire {
 public:
  [[nodiscard]] std::string_view name() const override { return "epay"; }
  [[nodiscard]] std::optional<domain::ChannelTerms> terms() const override;
  // The protocol names none; this one gives up soon.
  [[nodiscard]] std::span<const base::Duration> notice_delays() const override;
  std::string write_notice(const ports::PaymentNotice& notice) override;
  [[nodiscard]] bool tells_of_refunds() const override { return false; }
  std::string write_refund_notice(const ports::PaymentNotice&, const WentBack&) override {
    UNREACHABLE();
  }
  std::string write_notice_of_other_account(const ports::PaymentNotice& notice) override;
  std::string write_forged_notice(const ports::PaymentNotice& notice) override;
  std::string write_unsigned_notice(const ports::PaymentNotice& notice) override;
  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const std::string& body) override;
  ports::PaymentCall carry_call(const ports::PaymentCall& call, base::Instant now) override;
  ports::PaymentAnswer carry_answer(const ports::PaymentCall& call,
                                    const ports::PaymentAnswer& answer) override;
  ports::ChannelOrder carry_link(const ports::ChannelOrder& order, base::Instant now) override;
};

}  // namespace daozhang::sim
