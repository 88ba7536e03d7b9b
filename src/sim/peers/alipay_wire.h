// Alipay's own wire: every call, reply, link and notification goes through the connector's mapping
// with RSA signatures, and the channel reads and writes as Alipay does.
#pragma once

#include <map>
#include <string>

#include "sim/peers/payment_wire.h"

namespace daozhang::sim {

// The keys are the same in every run, and no decision depends on a signature's bytes. What the
// channel writes twice (the answer about a trade that still waits, a notification that was not
// heard) it signs once: the signature of one text is always the same, and we verify it each time.
class AlipayWire final : public PaymentWire {
 public:
  [[nodiscard]] std::string_view name() const override { return "alipay"; }
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
  std::map<std::string, std::string> written_;  // Signed, by kind and content.
};

}  // namespace daozhang::sim
