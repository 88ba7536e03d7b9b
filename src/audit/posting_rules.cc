// The ledger of an order against the order: each transfer is of a fact, and each fact has its
// transfers. Written from the reasons' own prose (domain/ledger/transfer.h).
#include <algorithm>
#include <optional>
#include <string>

#include "audit/rules.h"

namespace daozhang::audit {
namespace {

using domain::Attempt;
using domain::AttemptState;
using domain::Order;
using domain::Transfer;
using domain::TransferReason;
namespace account = domain::account;

struct Posting {
  std::string debit;
  std::string credit;
  std::int64_t amount_minor = 0;
};

// The one of that number, or nothing: rows count from 1.
template <class Row>
const Row* row_of(const std::vector<Row>& rows, std::int32_t number) {
  if (number < 1 || number > std::ssize(rows)) return nullptr;
  return &rows[static_cast<std::size_t>(number - 1)];
}

bool has(const Story& story, TransferReason reason, std::int32_t subject_no) {
  return std::ranges::any_of(story.rows.transfers, [&](const Transfer& each) {
    return each.reason == reason && each.subject_no == subject_no;
  });
}

bool was_done(const Attempt& attempt) {
  return attempt.state == AttemptState::done || attempt.state == AttemptState::reversed;
}

// A loss whose cost nobody told is booked at the most that it may have cost (FAULTS D4).
std::int64_t booked_cost(const Order& order, const Attempt& attempt) {
  const auto& header = order.header;
  if (!was_done(attempt)) return 0;
  if (attempt.cost_minor > 0 || !attempt.loss_booked) return attempt.cost_minor;
  return header.cost_minor_max > 0 ? header.cost_minor_max : header.unit_price_minor;
}

std::optional<Posting> told_of_attempt(const Order& order, const Transfer& transfer) {
  const auto* attempt = row_of(order.attempts, transfer.subject_no);
  if (!attempt) return std::nullopt;
  const std::int64_t cost = booked_cost(order, *attempt);
  const auto payable = account::supplier_payable(attempt->supplier);
  const auto& target = attempt->loss_booked ? account::late_supplier_loss : account::cost_of_sales;
  if (transfer.reason != TransferReason::supplier_reversal) {
    const bool is_loss = transfer.reason == TransferReason::late_supplier_success;
    if (is_loss != attempt->loss_booked) return std::nullopt;
    return Posting{target, payable, cost};
  }
  if (attempt->state != AttemptState::reversed) return std::nullopt;
  return Posting{payable, target, cost};
}

std::int64_t decided_minor(const Story& story, const domain::Refund& refund) {
  std::int64_t sum = 0;
  for (const auto& each : story.rows.transfers)
    if (each.reason == TransferReason::refund_decided && each.subject_no == refund.refund_no)
      sum += each.amount_minor;
  return sum;
}

std::optional<Posting> told_of_refund(const Story& story, const Transfer& transfer) {
  const auto* refund = row_of(story.order().refunds, transfer.subject_no);
  if (!refund) return std::nullopt;
  const auto payable = account::refund_payable(refund->channel);
  const auto clearing = account::channel_clearing(refund->channel);
  if (transfer.reason == TransferReason::refund_decided) {
    // Each unit that goes back with it has one.
    const bool is_reversal = refund->purpose == domain::RefundPurpose::reversal;
    const auto others = decided_minor(story, *refund) - transfer.amount_minor;
    return Posting{is_reversal ? account::revenue : account::escrow, payable,
                   refund->amount_minor - others};
  }
  if (!refund->money_is_on_its_way()) return std::nullopt;
  if (transfer.reason == TransferReason::refund_accepted)
    return Posting{payable, clearing, refund->amount_minor};
  if (!refund->went_by_hand()) return std::nullopt;
  const bool came_back = has(story, TransferReason::refund_accepted, refund->refund_no);
  return Posting{came_back ? clearing : payable, account::given_back_by_hand, refund->amount_minor};
}

std::optional<Posting> told_of_chargeback(const Order& order, const Transfer& transfer) {
  const auto* charged = row_of(order.chargebacks, transfer.subject_no);
  const auto* payment = charged ? row_of(order.payments, charged->payment_no) : nullptr;
  if (!payment) return std::nullopt;
  const auto clearing = account::channel_clearing(payment->channel);
  if (transfer.reason == TransferReason::chargeback_taken)
    return Posting{account::chargeback_loss, clearing, charged->amount_minor};
  if (charged->state != domain::ChargebackState::returned) return std::nullopt;
  return Posting{clearing, account::chargeback_loss, charged->amount_minor};
}

// What the transfer must be by what the order knows of its subject. Nothing: there is no such fact.
std::optional<Posting> told_of(const Story& story, const Transfer& transfer) {
  const auto& order = story.order();
  switch (transfer.reason) {
    case TransferReason::payment_received: {
      const auto* payment = row_of(order.payments, transfer.subject_no);
      if (!payment) return std::nullopt;
      return Posting{account::channel_clearing(payment->channel), account::escrow,
                     payment->amount_minor};
    }
    case TransferReason::unit_delivered: {
      const auto* unit = row_of(order.units, transfer.subject_no);
      if (!unit || unit->state != domain::UnitState::delivered) return std::nullopt;
      return Posting{account::escrow, account::revenue, order.header.unit_price_minor};
    }
    case TransferReason::supplier_cost:
    case TransferReason::late_supplier_success:
    case TransferReason::supplier_reversal:
      return told_of_attempt(order, transfer);
    case TransferReason::refund_decided:
    case TransferReason::refund_accepted:
    case TransferReason::given_back_by_hand:
      return told_of_refund(story, transfer);
    case TransferReason::chargeback_taken:
    case TransferReason::chargeback_returned:
      return told_of_chargeback(order, transfer);
  }
  return std::nullopt;
}

// Transfers that the order's facts must have: one each, and a refund one for each of its units.
std::int64_t postings_told(const Story& story) {
  const auto& order = story.order();
  std::int64_t count =
      std::ssize(order.payments) + std::ssize(order.chargebacks) +
      std::ranges::count(order.units, domain::UnitState::delivered, &domain::Unit::state);
  for (const auto& attempt : order.attempts) {
    if (booked_cost(order, attempt) == 0) continue;
    count += attempt.state == AttemptState::reversed ? 2 : 1;
  }
  for (const auto& refund : order.refunds) {
    count += std::max<std::int64_t>(1, std::ssize(refund.units()));
    if (!refund.money_is_on_its_way()) continue;
    const bool both =
        refund.went_by_hand() && has(story, TransferReason::refund_accepted, refund.refund_no);
    count += both ? 2 : 1;
  }
  for (const auto& charged : order.chargebacks)
    if (charged.state == domain::ChargebackState::returned) ++count;
  return count;
}

std::string name_of(const Transfer& transfer) {
  return "Transfer " + std::to_string(transfer.transfer_no) + ", " +
         std::string(base::name_of(transfer.reason)) + " of " +
         std::to_string(transfer.subject_no) + ",";
}

void check_once(const Story& story, Findings& findings) {
  std::vector<const Transfer*> sorted;
  for (const auto& transfer : story.rows.transfers) sorted.push_back(&transfer);
  const auto subject_of = [](const Transfer* each) {
    return std::pair{each->reason, each->subject_no};
  };
  std::ranges::stable_sort(sorted, {}, subject_of);
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (subject_of(sorted[i - 1]) == subject_of(sorted[i]) &&
        sorted[i]->reason != TransferReason::refund_decided)
      findings.violated(story.name(), name_of(*sorted[i]) + " is there a second time.");
}

void check_postings_told(const Story& story, Findings& findings) {
  const auto& transfers = story.rows.transfers;
  for (const auto& transfer : transfers) {
    findings.checked();
    const auto told = told_of(story, transfer);
    if (!told)
      findings.violated(story.name(), name_of(transfer) + " is of nothing that the order tells.");
    else if (transfer.debit != told->debit || transfer.credit != told->credit ||
             transfer.amount_minor != told->amount_minor)
      findings.violated(story.name(), name_of(transfer) + " moves " +
                                          std::to_string(transfer.amount_minor) + " from " +
                                          transfer.credit + " to " + transfer.debit +
                                          "; it must be " + std::to_string(told->amount_minor) +
                                          " from " + told->credit + " to " + told->debit + ".");
  }
  check_once(story, findings);
  const std::int64_t expected = postings_told(story);
  if (expected != std::ssize(transfers))
    findings.violated(story.name(), "The order tells of " + std::to_string(expected) +
                                        " transfers and has " + std::to_string(transfers.size()) +
                                        ".");
}

constexpr auto table = std::to_array<StoryRule>({
    {"S13", "", check_postings_told},
});

}  // namespace

std::span<const StoryRule> posting_rules() { return table; }

}  // namespace daozhang::audit
