// How a channel's messages look on the wire: a cheap kind with a test signature for most runs, and
// the connectors' real mappings for a share of them (SETTLED 29).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/payment_channel.h"

namespace daozhang::sim {

// Of a refund: itself, and all that went back of its payment.
struct WentBack {
  std::int64_t minor = 0;
  std::int64_t total_minor = 0;
};

// One thread. What a message means depends on nothing that came before.
class PaymentWire {
 public:
  virtual ~PaymentWire() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;

  // What a channel that speaks so can do. Nothing: whatever the run draws.
  [[nodiscard]] virtual std::optional<domain::ChannelTerms> terms() const { return std::nullopt; }

  // Whether the buyer may be sent to a pay page by a link that we sign. Else all pay by code.
  [[nodiscard]] virtual bool has_links() const { return true; }
  // Whether a trade exists once its code was made; else once the payer has scanned it.
  [[nodiscard]] virtual bool code_begins_trade() const { return false; }

  // When a notification is told again, each time after the last, until it is answered with yes; the
  // first is when it is told at all. Alipay's times unless a wire says others.
  [[nodiscard]] virtual std::span<const base::Duration> notice_delays() const;

  // The channel's side: a genuine notification, and one about another merchant's account.
  virtual std::string write_notice(const ports::PaymentNotice& notice) = 0;
  // About a refund; not of a channel that does not tell of any.
  [[nodiscard]] virtual bool tells_of_refunds() const { return true; }
  virtual std::string write_refund_notice(const ports::PaymentNotice& notice,
                                          const WentBack& back) = 0;
  virtual std::string write_notice_of_other_account(const ports::PaymentNotice& notice) = 0;
  // Bodies that the channel did not sign: somebody else did, or nobody.
  virtual std::string write_forged_notice(const ports::PaymentNotice& notice) = 0;
  virtual std::string write_unsigned_notice(const ports::PaymentNotice& notice) = 0;

  // Our side.
  virtual base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const std::string& body) = 0;

  // A call's request as the channel reads it, and its answer as we read it. An unknown answer with
  // the problem `system_error` is the channel's own word for having failed, done or not.
  virtual ports::PaymentCall carry_call(const ports::PaymentCall& call, base::Instant now) = 0;
  virtual ports::PaymentAnswer carry_answer(const ports::PaymentCall& call,
                                            const ports::PaymentAnswer& answer) = 0;
  // The order as the channel reads it from the link to its pay page.
  virtual ports::ChannelOrder carry_link(const ports::ChannelOrder& order, base::Instant now) = 0;
};

// Fields joined by line ends under a keyed hash.
class CheapWire final : public PaymentWire {
 public:
  [[nodiscard]] std::string_view name() const override { return "cheap"; }
  std::string write_notice(const ports::PaymentNotice& notice) override;
  std::string write_refund_notice(const ports::PaymentNotice& notice, const WentBack&) override {
    return write_notice(notice);
  }
  std::string write_notice_of_other_account(const ports::PaymentNotice& notice) override;
  std::string write_forged_notice(const ports::PaymentNotice& notice) override;
  std::string write_unsigned_notice(const ports::PaymentNotice& notice) override;
  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const std::string& body) override;
  ports::PaymentCall carry_call(const ports::PaymentCall& call, base::Instant) override {
    return call;
  }
  ports::PaymentAnswer carry_answer(const ports::PaymentCall&,
                                    const ports::PaymentAnswer& answer) override {
    return answer;
  }
  ports::ChannelOrder carry_link(const ports::ChannelOrder& order, base::Instant) override {
    return order;
  }
};

}  // namespace daozhang::sim
