// The times and limits that decisions use. Shipped values; all are settings later (SETTLED 12, 13).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/policy/channel_terms.h"

namespace daozhang::domain {

// Whether time may end anything (SETTLED 11). While the wall clock and the shop's own time disagree
// and nobody has explained why, no deadline takes effect: nothing is disowned, canceled, given back
// or expired for being late. Everything else goes on.
enum class TimeTrust { trusted, doubtful };
constexpr auto names_of(std::type_identity<TimeTrust>) {
  return base::words("trusted", "doubtful");
}

struct Policy {
  // Payment.
  base::Duration payment_window = base::minutes(15);
  base::Duration payment_ask_first =
      base::minutes(1);  // Open intents are asked after 1, 2, 4, 4, … minutes.
  base::Duration payment_ask_max = base::minutes(4);
  base::Duration closing_ask_first =
      base::seconds(2);  // An intent that is being closed is asked faster.
  base::Duration closing_ask_max = base::minutes(2);
  base::Duration hold_after_window =
      base::minutes(30);  // Stock is not kept longer for a channel that is silent.
  base::Duration last_open_before_expiry =
      base::seconds(30);  // No new intent is opened later than this.
  std::int32_t intents_max = 8;
  // A channel that for so long after the expiry does not say what became of a payment is a person's
  // matter, and asked more rarely.
  base::Duration silent_channel_after = base::hours(24);
  base::Duration silent_channel_ask = base::hours(1);
  // An intent that was let go because the channel did not know it is asked this long afterwards,
  // again and again: money that came late with its notification lost is found before the bill.
  std::array<base::Duration, 3> last_looks = {base::minutes(5), base::hours(1), base::hours(24)};

  // A question whose next asking is further away is not kept open for it: the order remembers when.
  base::Duration question_open_max = base::minutes(10);

  // While time is doubtful, an order whose deadline seems over is looked at this often.
  base::Duration doubtful_look_again = base::minutes(1);

  // Fulfillment.
  base::Duration attempt_ask_first = base::seconds(2);
  base::Duration attempt_ask_max = base::minutes(1);
  base::Duration disowned_ask_max = base::minutes(30);
  base::Duration disowned_ask_until = base::hours(72);   // Then a person looks,
  base::Duration silent_supplier_ask = base::hours(24);  // and it is still asked this often.
  base::Duration attempt_retry_first = base::seconds(5);
  base::Duration attempt_retry_max = base::minutes(2);
  std::int32_t attempts_max = 12;
  base::Duration cancel_before_max =
      base::seconds(30);  // At most this long before the deadline; a fifth of short promises.

  // Giving back.
  base::Duration refund_accept_within = base::minutes(30);
  base::Duration refund_retry_first = base::seconds(2);
  base::Duration refund_retry_max = base::minutes(5);
  base::Duration refund_confirm_after =
      base::seconds(10);  // Alipay: not sooner (protocols/alipay.md 2).
  base::Duration refund_confirm_max = base::hours(1);
  base::Duration refund_settle_within = base::hours(24 * 7);  // Bank cards: some working days.
  std::int32_t refund_confirm_tries_max = 8;  // Then a person looks; the asking goes on.
  // A refund that was sent once and for ever, and asked about so often in vain: a person's.
  std::int32_t refund_unknown_tries_max = 3;

  // A notification about so much or more is confirmed by a query before it counts (FAULTS D6, F20).
  std::int64_t confirm_from_minor = 100'000;
  // By the channel's code; one that is not here has the terms of the default.
  std::map<std::string, ChannelTerms, std::less<>> channels;

  [[nodiscard]] const ChannelTerms& terms_of(std::string_view channel) const {
    static const ChannelTerms usual;
    const auto known = channels.find(channel);
    return known == channels.end() ? usual : known->second;
  }
  // Whether a notification of this channel about this sum is only a reason to ask.
  [[nodiscard]] bool is_to_be_confirmed(std::string_view channel, std::int64_t amount_minor) const {
    return terms_of(channel).confirm_by_query || amount_minor >= confirm_from_minor;
  }
  [[nodiscard]] base::Duration cancel_before(std::int32_t promise_seconds) const {
    return std::min(cancel_before_max, base::seconds(promise_seconds) / 5);
  }
};

// `first`, doubled `count` times, at most `max`.
constexpr base::Duration back_off(base::Duration first, base::Duration max, std::int32_t count) {
  base::Duration delay = first;
  for (std::int32_t i = 0; i < count && delay < max; ++i) delay = delay * 2;
  return std::min(delay, max);
}

}  // namespace daozhang::domain
