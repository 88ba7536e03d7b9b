// Every decision about one order. Pure: the order, the rules and the time go in; the changed order
// and a Decision come out.
//
// Use: construct over a working copy, tell it one thing that happened (a verb below), call
// `progress()`, take the decision. Verbs record what is now known; `progress()` draws all
// consequences that follow from what is known and the time: it starts fulfillment, asks, cancels,
// disowns, gives back, expires, and sets when to look again. Calling it when nothing is due changes
// nothing. One thread; no ownership of the order.
#pragma once

#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "domain/order/decision.h"
#include "domain/order/order.h"
#include "domain/policy/policy.h"

namespace daozhang::domain {

enum class PlaceRefusal { out_of_stock };
constexpr auto names_of(std::type_identity<PlaceRefusal>) { return base::words("out_of_stock"); }

enum class OpenRefusal { already_paid, payment_window_over, too_many_payments };
constexpr auto names_of(std::type_identity<OpenRefusal>) {
  return base::words("already_paid", "payment_window_over", "too_many_payments");
}

enum class RevealRefusal { nothing_to_reveal };
constexpr auto names_of(std::type_identity<RevealRefusal>) {
  return base::words("nothing_to_reveal");
}

enum class ChargebackRefusal {
  payment_unknown,
  payment_unclear,  // Two channels gave the number to a payment each.
  case_differs,
  case_returned,  // The channel gave it back: a second one needs a number of its own.
  order_open,
  more_than_kept
};
constexpr auto names_of(std::type_identity<ChargebackRefusal>) {
  return base::words("payment_unknown", "payment_unclear", "case_differs", "case_returned",
                     "order_open", "more_than_kept");
}

// A payment as a person names it.
struct PaymentName {
  std::string trade_no;
  std::string channel;  // May be left empty where the number says it alone.

  [[nodiscard]] bool fits(const Payment& payment) const {
    return payment.trade_no == trade_no && (channel.empty() || payment.channel == channel);
  }
  friend bool operator==(const PaymentName&, const PaymentName&) = default;
};

// What a channel took back, as it told the shop.
struct ChargebackFact {
  PaymentName payment;
  std::string case_no;
  std::int64_t amount_minor = 0;
};

// Money that a channel says it took. Already bound: the channel is the intent's, the signature
// held.
struct PaymentFact {
  std::int32_t intent_no = 0;
  std::string trade_no;
  std::int64_t amount_minor = 0;
  base::Instant paid_at;
  FactSource source = FactSource::notification;
};

enum class FactVerdict { applied, repeated };

class Decider {
 public:
  // `order` must outlive the decider. `actor` is who caused it, see Cause.
  Decider(Order& order, const Policy& policy, const SupplierTerms& terms, Shelf& shelf,
          base::Instant now, std::string actor, TimeTrust trust = TimeTrust::trusted);

  // The order's frozen fields are set by the caller; adds units, holds stock for secrets. Refuses:
  // out_of_stock.
  base::Result<void, PlaceRefusal> place();

  // Opens a way to pay what is still owed, or gives the open one of the same channel.
  // `needs_create`: the channel must be called before the buyer can pay (a QR code). Answers the
  // intent's number. Refuses as OpenRefusal says.
  base::Result<std::int32_t, OpenRefusal> open_intent(std::string_view channel, bool needs_create,
                                                      const Payer& payer = {});

  // Money came for a number of this order that the store does not have: the order itself or its
  // later payments were lost. What is missing is made anew and asked about. Of an order that is
  // made anew nobody knows what was bought, so whatever is found goes back.
  // `is_proven`: the channel itself said that the number is its own; else that is a guess, as for
  // the numbers before it, and another channel may still say so.
  // False, and nothing done, if the payment is another channel's, or a question about it is open.
  bool adopt(std::int32_t intent_no, std::string_view channel, std::int64_t amount_minor,
             bool is_proven);

  FactVerdict apply_payment(const PaymentFact& fact);

  // Answers of the channel about an intent; each ends the intent's open call,
  // unless keep_asking() keeps it.
  void intent_prepared(std::int32_t intent_no, std::string pay_content);
  void intent_refused(std::int32_t intent_no, std::string problem);
  // It exists and waits for the payer, as the channel said when it was asked at `asked_at`.
  void intent_unpaid(std::int32_t intent_no, base::Instant asked_at);
  // The channel knew no such number when it was asked at `asked_at` or soon after.
  void intent_not_exist(std::int32_t intent_no, base::Instant asked_at);
  void intent_closed(std::int32_t intent_no);  // No money can come on it any more.
  void intent_unknown(std::int32_t intent_no, std::string problem);
  void ask_intent(std::int32_t intent_no);  // Something hints that asking now is worth it.
  void ask_intents();                       // The buyer says that he paid.
  void ask_by_hand(std::string reason);     // All of them, also those that were let go.
  // The channel says that it took money, and what it says can not be ours (another currency).
  void money_not_ours(std::int32_t intent_no, std::string problem);

  // Answers of the supplier about an attempt; each ends the attempt's open call,
  // unless keep_asking() keeps it.
  void attempt_accepted(std::int32_t attempt_no, std::string supplier_order_no);
  void attempt_done(std::int32_t attempt_no, std::string supplier_order_no, std::string proof,
                    std::int64_t cost_minor);
  void attempt_failed(std::int32_t attempt_no, std::string reason, bool retry_can_help);
  void attempt_canceled(std::int32_t attempt_no);
  void attempt_unknown(std::int32_t attempt_no, std::string reason);
  // Unknown too, unless the question was decided when no copy of it could be on its way any more.
  // An answer that waited longer than that in a paused process says nothing of the time since.
  void attempt_not_found(std::int32_t attempt_no, std::string reason, base::Instant asked_at);
  void attempt_reversed(std::int32_t attempt_no, std::string reason);
  void ask_attempt(std::int32_t attempt_no);

  // Answers of the channel about a refund; each ends the refund's open call.
  void refund_accepted(std::int32_t refund_no, bool settled);
  void refund_unknown(std::int32_t refund_no, std::string problem);
  void refund_not_found(std::int32_t refund_no);  // The channel says that it has no such refund.
  void refund_pending(std::int32_t refund_no);    // Accepted, not yet with the payer.
  void refund_refused(std::int32_t refund_no, std::string problem, bool retry_later);
  // The channel has it and can not end it by itself (F25).
  void refund_stuck(std::int32_t refund_no, std::string problem);
  void ask_refund(std::int32_t refund_no);  // The channel told something of it.
  // A person found that the channel has no such refund. False, and nothing done, unless its answer
  // is lost, nothing is under way, and, at a channel that would give back a second time, the shop
  // has asked in vain since it was last sent.
  bool send_refund_again(std::int32_t refund_no, std::string reason);

  // A person gave it back another way, because the channel can not. False, and nothing done, unless
  // this refund waits for a person and nothing is under way.
  bool refund_went_by_hand(std::int32_t refund_no, std::string reason);

  // A person found it in the channel's books. False, and nothing done, unless a person was told,
  // nothing is under way, and either its answer is lost and the channel can not be asked about a
  // refund, or the channel took it and has not settled it for long.
  bool refund_found_in_books(std::int32_t refund_no, std::string reason);

  // The channel took money back. False: this case is posted already. Refuses: payment_unknown;
  // case_differs, another amount under the same case; case_returned; order_open, until each unit
  // has ended; more_than_kept, what went back or is on its way back can not be taken.
  base::Result<bool, ChargebackRefusal> charge_back(const ChargebackFact& fact, std::string reason);
  // It gave the money of this case back to the shop. `payment`: of which one, without a number if
  // it is about one only. False if there is not one such open case.
  bool chargeback_returned(std::string_view case_no, const PaymentName& payment,
                           std::string reason);
  // No chargeback of the order keeps its contacts from buying any more. False if none did.
  bool forgive_buyer(std::string reason);

  // Whether the order still waits for the result of this call.
  [[nodiscard]] bool is_awaited(const Effect& effect);
  // Before the answer to an awaited question is told that has been answered `asked` times before.
  void resume_question(const Effect& question, std::int32_t asked);
  // After it was told: while it was on its way something hinted at news.
  void ask_behind_answer(const Effect& question, const Order& before);
  // After progress(): if there is soon to be asked again, the question stays open, as it was
  // `before`, and this tells when. An answer that told nothing new has changed nothing then.
  std::optional<AskAgain> keep_asking(const Effect& question, const Order& before);
  // After progress(): whose open questions should be asked now, because something hints at news or
  // waits for the answer.
  [[nodiscard]] const std::vector<Hurry>& to_hurry() const { return to_hurry_; }

  // Whoever was to make this call is gone; it is decided anew, if anybody still waits for it.
  void call_again(const Effect& left);

  // Marks delivered secrets as shown. Refuses: nothing_to_reveal.
  base::Result<void, RevealRefusal> reveal();

  // Why a person did what was told; kept with what happened.
  void because(std::string reason) { out_.cause.reason = std::move(reason); }

  // All consequences. Last.
  void progress();

  [[nodiscard]] Decision take() { return std::move(out_); }

 private:
  Intent& intent(std::int32_t no);
  Attempt& attempt(std::int32_t no);
  Refund& refund(std::int32_t no);
  Unit& unit(std::int32_t no);
  void happened(std::string_view what);
  void add_effect(EffectKind kind, std::int32_t subject_no);
  void add_transfer(TransferReason reason, std::int32_t subject_no, std::string debit,
                    std::string credit, std::int64_t amount_minor);

  [[nodiscard]] std::int64_t escrow_minor() const;
  void mark_paid();
  Intent& add_intent(std::string_view channel, std::int64_t amount_minor, bool needs_create);

  void progress_intents();
  void name_payer(Intent& intent, const Payer& payer);
  void progress_open_intent(Intent& intent);
  void start_closing(Intent& intent);
  void settle_intent(Intent& intent, IntentState state);
  void look_once_more(Intent& intent);
  void let_go_unpaid(Intent& intent, base::Instant asked_at);
  void note_closed_after_payment(const Intent& intent);
  void expire_if_unpaid();

  void progress_units();
  void deliver_secret(Unit& unit);
  void deliver_unit(Unit& unit, std::string proof);
  void fail_unit(Unit& unit, UnitReason reason);
  void forget_retries(const Unit& unit);
  void progress_topup(Unit& unit);
  void begin_attempt(Unit& unit);
  void progress_attempt(Attempt& attempt);
  [[nodiscard]] bool wants_cancel(const Attempt& attempt);
  void ask_again_later(Attempt& attempt);
  void note_sending(Attempt& attempt);
  // Whether it may still be sent: its unit needs it, and there is time.
  [[nodiscard]] bool is_wanted(const Attempt& attempt);
  void note_unknown(Attempt& attempt, std::string reason);
  void disown(Attempt& attempt);
  void book_late_success(Attempt& attempt);
  [[nodiscard]] std::int64_t booked_cost(const Attempt& attempt) const;
  Attempt* last_attempt(std::int32_t unit_no);
  [[nodiscard]] std::int32_t tries_of(std::int32_t unit_no) const;
  // Whether an answer about an attempt of the unit is still to come.
  [[nodiscard]] bool is_asked_about(std::int32_t unit_no) const;

  // What the channel still has to give of the payment: neither given back by it, nor decided to
  // be, nor taken back.
  [[nodiscard]] std::int64_t kept_minor(const Payment& payment) const;
  // The attempt whose goods the buyer still has; of several the one that delivered the unit.
  [[nodiscard]] const Attempt* done_attempt(std::int32_t unit_no) const;
  [[nodiscard]] std::int64_t given_back_for_reversal(const Unit& unit) const;
  // For a delivered unit of which the supplier took back all that it did: what neither went back
  // nor was taken back by the channel.
  [[nodiscard]] std::int64_t owed_for_reversal(const Unit& unit) const;
  // What was applied of it and neither went back nor was taken back; less than nothing if both.
  [[nodiscard]] std::int64_t left_of(const Payment& payment) const;
  void refund_unit(const Unit& unit, RefundPurpose purpose);
  Refund* unsent_refund(const Payment& payment, const Unit& failed);
  void add_to_refund(Refund& known, std::int32_t unit_no, std::int64_t amount_minor);
  void decide_refund(const Payment& payment, RefundPurpose purpose, std::int32_t unit_no,
                     std::int64_t amount_minor);
  [[nodiscard]] bool waits_for_person(const Refund& refund) const;
  void note_unsettled(const Refund& refund);
  // Its answer is lost, the channel would give back a second time, and the shop has asked in vain.
  [[nodiscard]] bool is_unconfirmed(const Refund& refund) const;
  void progress_refund(Refund& refund);
  void end_after_window(Refund& refund);
  // When something is to be sent or asked about it; unset while it has to wait for an answer.
  [[nodiscard]] base::Instant refund_due_at(const Refund& refund) const;
  void quarantine(std::string_view reason);
  // A second refund of the order that needs a person is told of by its number: `reason:2`, and
  // from the tenth on by `reason:more`.
  void quarantine_refund(const Refund& refund, std::string_view reason);

  // Whether a moment at which something ends has come; never while time is doubtful.
  [[nodiscard]] bool is_over(base::Instant moment) const {
    return trust_ == TimeTrust::trusted && now_ >= moment;
  }
  // When nothing new is begun any more and what runs is called off.
  [[nodiscard]] base::Instant stop_at() const;
  [[nodiscard]] base::Instant next_due() const;
  [[nodiscard]] bool has_open_question() const;

  Order& order_;
  const Policy& policy_;
  const SupplierTerms& terms_;
  Shelf& shelf_;
  base::Instant now_;
  TimeTrust trust_;
  Decision out_;
  std::vector<Hurry> to_hurry_;
};

}  // namespace daozhang::domain
