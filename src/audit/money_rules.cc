// Rules over an order's payments, refunds and transfers.
#include <algorithm>
#include <string>

#include "audit/rules.h"
#include "domain/order/references.h"

namespace daozhang::audit {
namespace {

using domain::Order;
using domain::RefundPurpose;
using domain::Transfer;
using domain::TransferReason;

template <class List, class Amount>
std::int64_t sum_of(const List& list, Amount amount) {
  std::int64_t sum = 0;
  for (const auto& each : list) sum += amount(each);
  return sum;
}

std::int64_t paid_minor(const Order& order) {
  return sum_of(order.payments, [](const auto& payment) { return payment.amount_minor; });
}

std::int64_t delivered_count(const Order& order) {
  return std::ranges::count(order.units, domain::UnitState::delivered, &domain::Unit::state);
}

std::string minor(std::int64_t amount) { return std::to_string(amount) + " minor units"; }

// What a list of transfers adds to an account, debit less credit.
std::int64_t balance_of(const std::vector<Transfer>& transfers, const std::string& account) {
  return sum_of(transfers, [&](const Transfer& transfer) {
    if (transfer.debit == account) return transfer.amount_minor;
    return transfer.credit == account ? -transfer.amount_minor : std::int64_t{0};
  });
}

void check_postings(const Story& story, Findings& findings) {
  const auto& order = story.order();
  for (const auto& payment : order.payments) {
    findings.checked();
    const auto postings =
        std::ranges::count_if(story.rows.transfers, [&](const Transfer& transfer) {
          return transfer.reason == TransferReason::payment_received &&
                 transfer.subject_no == payment.payment_no &&
                 transfer.amount_minor == payment.amount_minor &&
                 transfer.debit == domain::account::channel_clearing(payment.channel);
        });
    if (postings != 1)
      findings.violated(story.name(), "Payment " + std::to_string(payment.payment_no) +
                                          " is posted " + std::to_string(postings) + " times.");
  }
  const auto received =
      std::ranges::count(story.rows.transfers, TransferReason::payment_received, &Transfer::reason);
  if (received > std::ssize(order.payments))
    findings.violated(story.name(), "There is a posting of a payment that does not exist.");
}

void check_paid_for(const Story& story, Findings& findings) {
  const auto& order = story.order();
  findings.checked();
  if (delivered_count(order) > 0) {
    const std::int64_t applied =
        sum_of(order.payments, [](const auto& payment) { return payment.applied_minor; }) -
        sum_of(order.refunds, [](const auto& refund) {
          return refund.purpose == RefundPurpose::shortfall ? refund.amount_minor : 0;
        });
    if (applied < order.price_minor())
      findings.violated(story.name(), "A unit was delivered for " + minor(applied) + " of " +
                                          minor(order.price_minor()) + ".");
  }
  for (const auto& payment : order.payments) {
    const std::int64_t surplus = payment.amount_minor - payment.applied_minor;
    const std::int64_t refunded = sum_of(order.refunds, [&](const auto& refund) {
      const bool is_its =
          refund.payment_no == payment.payment_no && refund.purpose == RefundPurpose::surplus;
      return is_its ? refund.amount_minor : 0;
    });
    if (surplus != refunded)
      findings.violated(story.name(), "Payment " + std::to_string(payment.payment_no) + " has " +
                                          minor(surplus) + " too much and refunds of " +
                                          minor(refunded) + " for it.");
  }
}

// What went back through the channel or was taken back by it; what went by hand is the owner's.
std::int64_t left_of(const Order& order, const domain::Payment& payment) {
  return sum_of(order.refunds,
                [&](const auto& refund) {
                  const bool is_its =
                      refund.payment_no == payment.payment_no && !refund.went_by_hand();
                  return is_its ? refund.amount_minor : 0;
                }) +
         sum_of(order.chargebacks, [&](const auto& charged) {
           const bool is_its = charged.payment_no == payment.payment_no &&
                               charged.state == domain::ChargebackState::taken;
           return is_its ? charged.amount_minor : 0;
         });
}

// A case is a loss once, and comes back once when the dispute was won.
void check_chargebacks(const Story& story, Findings& findings) {
  const auto& order = story.order();
  const auto posted = [&](TransferReason reason, std::int32_t subject_no) {
    return std::ranges::count_if(story.rows.transfers, [&](const Transfer& transfer) {
      return transfer.reason == reason && transfer.subject_no == subject_no;
    });
  };
  for (const auto& charged : order.chargebacks) {
    findings.checked();
    const std::string name = "Chargeback " + std::to_string(charged.chargeback_no);
    if (charged.payment_no < 1 || charged.payment_no > std::ssize(order.payments))
      findings.violated(story.name(), name + " names a payment that does not exist.");
    const bool is_won = charged.state == domain::ChargebackState::returned;
    if (posted(TransferReason::chargeback_taken, charged.chargeback_no) != 1 ||
        posted(TransferReason::chargeback_returned, charged.chargeback_no) != (is_won ? 1 : 0))
      findings.violated(story.name(), name + " and its postings differ.");
  }
  const std::int64_t open = sum_of(order.chargebacks, [](const auto& charged) {
    return charged.state == domain::ChargebackState::taken ? charged.amount_minor : 0;
  });
  if (balance_of(story.rows.transfers, domain::account::chargeback_loss) != open)
    findings.violated(story.name(), "What was lost to chargebacks is not the sum of its cases.");
}

void check_refund_limit(const Story& story, Findings& findings) {
  const auto& order = story.order();
  for (const auto& payment : order.payments) {
    findings.checked();
    const std::int64_t left = left_of(order, payment);
    if (left > payment.amount_minor)
      findings.violated(story.name(), "Refunds and chargebacks of " + minor(left) +
                                          " stand against payment " +
                                          std::to_string(payment.payment_no) + " of " +
                                          minor(payment.amount_minor) + ".");
  }
  check_chargebacks(story, findings);
  for (const auto& refund : order.refunds)
    if (refund.payment_no < 1 || refund.payment_no > std::ssize(order.payments))
      findings.violated(story.name(), "Refund " + std::to_string(refund.refund_no) +
                                          " names a payment that does not exist.");
}

// Whether nothing about the order's money is open any more.
bool is_settled(const Order& order) {
  if (order.is_paid()) {
    if (!std::ranges::all_of(order.units, &domain::Unit::is_final)) return false;
  } else if (!order.header.expired_at.is_set()) {
    return false;
  }
  return std::ranges::all_of(order.refunds, &domain::Refund::money_is_on_its_way);
}

void check_final_sum(const Story& story, Findings& findings) {
  const auto& order = story.order();
  if (!is_settled(order)) return;
  findings.checked();
  const auto sum_refunds = [&](bool reversals) {
    return sum_of(order.refunds, [&](const auto& refund) {
      return (refund.purpose == RefundPurpose::reversal) == reversals ? refund.amount_minor : 0;
    });
  };
  const std::int64_t kept = paid_minor(order) - sum_refunds(false);
  const std::int64_t earned = order.header.unit_price_minor * delivered_count(order);
  if (kept != earned)
    findings.violated(story.name(), "The shop keeps " + minor(kept) + " and delivered units of " +
                                        minor(earned) + ".");
  if (sum_refunds(true) > earned)
    findings.violated(story.name(), "More was given back for reversed units than they cost.");
}

void check_ledger(const Story& story, Findings& findings) {
  const auto& transfers = story.rows.transfers;
  std::vector<std::string> channels;
  for (std::size_t i = 0; i < transfers.size(); ++i) {
    const auto& transfer = transfers[i];
    findings.checked();
    if (transfer.transfer_no != static_cast<std::int32_t>(i + 1))
      findings.violated(story.name(), "Transfer " + std::to_string(i + 1) + " is missing.");
    if (transfer.amount_minor <= 0 || transfer.debit == transfer.credit)
      findings.violated(story.name(),
                        "Transfer " + std::to_string(transfer.transfer_no) + " moves nothing.");
    if (transfer.reason == TransferReason::payment_received) channels.push_back(transfer.debit);
  }
  if (story.order().header.transfer_count != std::ssize(transfers))
    findings.violated(story.name(),
                      "The order counts " + std::to_string(story.order().header.transfer_count) +
                          " transfers and has " + std::to_string(transfers.size()) + ".");
  if (balance_of(transfers, domain::account::escrow) > 0)
    findings.violated(story.name(), "More was taken out of its escrow than was put in.");
  for (const auto& channel : channels)
    if (balance_of(transfers, channel) < 0)
      findings.violated(story.name(), "More left " + channel + " than came in.");
  for (const auto& refund : story.order().refunds)
    if (balance_of(transfers, domain::account::refund_payable(refund.channel)) > 0)
      findings.violated(story.name(), "A refund left " + refund.channel + " without a decision.");
}

void check_refund_numbers(const Story& story, Findings& findings) {
  const auto& order = story.order();
  for (const auto& refund : order.refunds) {
    findings.checked();
    const std::string expected =
        domain::refund_ref(story.name(), refund.payment_no, refund.purpose, refund.unit_no);
    if (refund.refund_ref != expected)
      findings.violated(story.name(), "Refund " + std::to_string(refund.refund_no) + " is called " +
                                          refund.refund_ref + " and not " + expected + ".");
    if (std::ranges::count(order.refunds, refund.refund_ref, &domain::Refund::refund_ref) > 1)
      findings.violated(story.name(), "Two refunds are called " + refund.refund_ref + ".");
  }
  each_step(story, [&](const Order& before, const Order& after) {
    for (std::size_t i = 0; i < before.refunds.size() && i < after.refunds.size(); ++i)
      if (before.refunds[i].amount_minor != after.refunds[i].amount_minor &&
          !before.refunds[i].was_never_sent())
        findings.violated(story.name(),
                          "The amount of refund " + std::to_string(i + 1) + " changed.");
  });
}

constexpr auto table = std::to_array<StoryRule>({
    {"S7", "each payment is posted once, and its trade number is claimed and unique",
     check_postings},
    {"S8", "nothing is delivered that was not paid for, and each surplus has its refund",
     check_paid_for},
    {"S9",
     "no payment has more refunds and chargebacks than it brought, and each case is a loss once",
     check_refund_limit},
    {"S10", "an order at rest kept the price of its delivered units, no more and no less",
     check_final_sum},
    {"S13",
     "transfers add up to balances and are those that the order tells; no account is overdrawn",
     check_ledger},
    {"S16",
     "a refund's number follows from its payment and purpose, and what was sent never changes",
     check_refund_numbers},
});

}  // namespace

std::span<const StoryRule> money_rules() { return table; }

}  // namespace daozhang::audit
