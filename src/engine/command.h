// Everything that changes anything is a command; its result is an Answer, given after the commit is
// durable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "domain/catalog/product.h"
#include "domain/identity/ids.h"
#include "domain/order/decider.h"
#include "domain/order/effect.h"
#include "domain/order/order.h"
#include "domain/payment/inbox.h"
#include "engine/refusal.h"
#include "ports/order_store.h"
#include "ports/payment_channel.h"
#include "ports/supplier.h"

namespace daozhang::engine {

// Whose answer it is; chosen by whoever submits, given back unchanged. Zero: nobody waits.
using Ticket = std::uint64_t;

struct PlaceOrder {
  domain::Product product;   // As sold now; the order freezes it.
  std::string product_name;  // In the buyer's language.
  std::int32_t quantity = 1;
  std::string target;  // Canonical JSON object of strings, validated.
  std::string target_display;
  std::string contact_email;
  std::string contact_phone;
  std::string channel;
  bool needs_create = false;  // The channel must be called before the buyer can pay.
  domain::Payer payer;
  std::string idempotency_key;  // Only its hash is stored.
  std::string request_hash;     // SHA-256, hex, of the canonical request.
};

struct OpenPayment {
  domain::OrderKey order;
  std::string channel;
  bool needs_create = false;
  domain::Payer payer;
};

// A notification that proved to be the channel's.
struct TakeNotice {
  std::string channel;
  ports::PaymentNotice notice;
  ports::NoticeMessage message;
  // Of whoever took it from the inbox to be judged again; empty for one that just came.
  std::string staff;
  std::string reason;
};

// A notification that did not; recorded, nothing else.
struct RecordRefusedNotice {
  std::string channel;
  std::string reason;
  ports::NoticeMessage message;
};

// Something outside hints that asking about an attempt is worth it.
struct TakeHint {
  domain::OrderKey order;
  std::string reference;
};

// The buyer says that he paid: every payment that may still come is asked about.
struct AskPayments {
  domain::OrderKey order;
};

// Somebody has a reason to think that money came: every payment of the order is asked about, also
// those that were let go. Only what the channel answers counts.
struct AskByHand {
  domain::OrderKey order;
  std::string staff;
  std::string reason;
  // Of the payment, as the channel's bill tells: with it an order that the shop has lost is made
  // anew to be asked about (decision 0019). Without a channel it is not.
  std::string channel;
  std::int32_t intent_no = 1;
  std::int64_t amount_minor = 0;
};

// Somebody has looked into the channel's books: it has no such refund, so the one whose answer is
// lost is sent again. For channels that give back each time they are told.
struct SendRefundAgain {
  domain::OrderKey order;
  std::int32_t refund_no = 0;
  std::string staff;  // Who decided it.
  std::string reason;
};

// Somebody knows that the buyer has the money: he gave it back another way, because the channel can
// not, or he found it in the channel's books (Decider::refund_found_in_books).
struct RefundWentByHand {
  domain::OrderKey order;
  std::int32_t refund_no = 0;
  std::string staff;
  std::string reason;
  bool in_channels_books = false;
};

// The channel took money back from the shop (FAULTS F19): posted once, and the order's contacts buy
// nothing more until they are forgiven. `answer.repeated`: the case was known.
struct ChargeBack {
  domain::OrderKey order;
  domain::ChargebackFact fact;
  std::string staff;
  std::string reason;
};
// The dispute of this case was won.
struct ReturnChargeback {
  domain::OrderKey order;
  std::string case_no;
  std::string staff;
  std::string reason;
  domain::PaymentName payment;  // Which, if the case is about several; else without a number.
};
// The contacts of the order may buy again.
struct ForgiveBuyer {
  domain::OrderKey order;
  std::string staff;
  std::string reason;
};

// The result of a call that a step yielded.
struct PaymentAnswered {
  domain::Effect effect;
  ports::PaymentAnswer answer;
};
struct SupplierAnswered {
  domain::Effect effect;
  ports::SupplierAnswer answer;
};

struct Reveal {
  domain::OrderKey order;
};

// Time alone may have changed something. Made by the engine itself.
struct Look {
  domain::OrderKey order;
};

// An effect is open and whoever was to make its call is gone. Made by the engine itself.
struct CallAgain {
  domain::Effect effect;
  bool may_have_left = true;  // The call may have been made and its answer lost.
};

// New stock, sealed. No other command is decided in its step: the store writes it as a transaction
// of its own.
// The same import again answers as the first, so it may be repeated after every refusal but
// batch_taken.
struct ImportStock {
  ports::StockImport import;
};

using CommandBody = std::variant<PlaceOrder, OpenPayment, TakeNotice, RecordRefusedNotice, TakeHint,
                                 AskPayments, AskByHand, SendRefundAgain, RefundWentByHand,
                                 ChargeBack, ReturnChargeback, ForgiveBuyer, PaymentAnswered,
                                 SupplierAnswered, Reveal, Look, CallAgain, ImportStock>;

struct Command {
  Ticket ticket = 0;
  CommandBody body;
};

struct Answer {
  Ticket ticket = 0;
  Refusal refusal = Refusal::none;
  std::shared_ptr<const domain::Order> order;  // As committed; null if there is none.
  std::int32_t number = 0;                     // OpenPayment: the intent.
  // PlaceOrder: the key had made this order before. ChargeBack: this case was posted before. An
  // answer to a question: it told nothing new.
  bool repeated = false;
  domain::InboxVerdict verdict = domain::InboxVerdict::refused;  // TakeNotice,
  std::string reason;                                            // and why it did not count.
  std::vector<bool> are_new;                                     // ImportStock: one flag an item.
};

// A call to the outside, decided and durable. The driver makes it and submits its result with the
// same effect, to the engine that gave it. A driver that comes to make it after `leave_by` was
// paused and does not: others may have begun to conclude what became of it. It says
// `Engine::not_made` instead.
struct Call {
  domain::Effect effect;
  base::Instant leave_by;
  std::string peer;  // The channel's or supplier's configured name.
  std::variant<ports::PaymentCall, ports::SupplierCall> request;
};

}  // namespace daozhang::engine
