// A payment intent: one number opened at one channel under which the buyer may pay. An order may
// open several; money on any of them counts (FIELD, failure mode 5).
//
//   preparing --prepared--> ready --expire--> closing --close--> closed
//       '--------fail--------> failed           |                  |
//   any of them --pay--> paid  (money that arrives late or unasked is still money)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/machine.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class IntentState {
  preparing,  // Our number is fixed; the channel's code or link is being fetched.
  ready,      // The buyer can pay.
  closing,    // No longer offered; the channel is being asked and told to close it.
  closed,     // The channel can not take money on it any more.
  paid,
  failed,  // The channel refused to open it.
};
constexpr auto names_of(std::type_identity<IntentState>) {
  return base::words("preparing", "ready", "closing", "closed", "paid", "failed");
}

inline constexpr auto intent_machine = base::machine<IntentState>({
    {IntentState::preparing, IntentState::ready},
    {IntentState::preparing, IntentState::failed},
    {IntentState::preparing, IntentState::closing},
    {IntentState::ready, IntentState::closing},
    {IntentState::closing, IntentState::closed},
    {IntentState::preparing, IntentState::paid},
    {IntentState::ready, IntentState::paid},
    {IntentState::closing, IntentState::paid},
    {IntentState::closed, IntentState::paid},
    {IntentState::failed, IntentState::paid},
});
static_assert(intent_machine.is_final(IntentState::paid));

// The one call to the channel that may be open for an intent at a time.
enum class IntentCall { none, create, query, close };
constexpr auto names_of(std::type_identity<IntentCall>) {
  return base::words("none", "create", "query", "close");
}

// `Intent::problem` of one that was made anew and of which nobody has said whose it is.
inline constexpr std::string_view channel_is_guessed = "channel_is_guessed";

// Who pays, as far as a channel asks for it; empty where it does not.
struct Payer {
  std::string ip;
  std::string id;            // At the channel: WeChat's openid.
  bool to_be_named = false;  // The channel has yet to say who it is; nothing can be made before.
};

struct Intent {
  Partition partition;
  OrderId order_id;
  std::int32_t intent_no = 0;  // From 1 within the order.
  std::string channel;         // Code of the configured channel account; fixed.
  IntentState state = IntentState::ready;
  IntentCall call = IntentCall::none;
  std::int64_t amount_minor = 0;
  base::Instant opened_at;
  base::Instant expires_at;
  std::string pay_content;  // What the channel gave to pay with: see ports::Way.
  // Of the payer, where the channel wants it to make the order; the same on every retry. They stand
  // in this row alone, in no event, and go when nothing will be made with them any more.
  std::string payer_ip;
  std::string payer_id;
  std::int32_t ask_count = 0;  // Queries answered before the open one; drives the back-off.
  base::Instant next_ask_at;   // When to ask or close next; unset when nothing is to be asked.
  base::Instant settled_at;    // When it became closed, paid or failed.
  std::string problem;         // The channel's last word if it was a refusal.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("intent_no", self.intent_no);
    visit("channel", self.channel);
    visit("state", self.state);
    visit("call", self.call);
    visit("amount_minor", self.amount_minor);
    visit("opened_at", self.opened_at);
    visit("expires_at", self.expires_at);
    visit("pay_content", self.pay_content);
    visit("payer_ip", self.payer_ip);
    visit("payer_id", self.payer_id);
    visit("ask_count", self.ask_count);
    visit("next_ask_at", self.next_ask_at);
    visit("settled_at", self.settled_at);
    visit("problem", self.problem);
  }
  // Of the fields: personal, and no part of what happened. Events can not be unwritten.
  static constexpr bool is_private(std::string_view field) {
    return field == "payer_ip" || field == "payer_id";
  }
  friend bool operator==(const Intent&, const Intent&) = default;

  // Opened for a payer whom the channel has yet to name: never sent there, and nothing is due.
  [[nodiscard]] bool waits_for_payer() const {
    return state == IntentState::preparing && call == IntentCall::none && !next_ask_at.is_set();
  }
};

}  // namespace daozhang::domain
