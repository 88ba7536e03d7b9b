// What a payment channel can do, as far as decisions depend on it (SETTLED 22). Fixed for a
// configured channel.
#pragma once

#include "base/instant.h"

namespace daozhang::domain {

struct ChannelTerms {
  // An unpaid order can be closed there. Without it "still unpaid" after the expiry is all that can
  // be known, and money that comes later is found by a last look.
  bool close = true;
  // A refund can be asked for by its number. Without it the channel's yes is its last word.
  bool refund_query = true;
  // The same refund number twice gives back once. Without it a refund is sent once: what became of
  // one whose answer is lost, a person finds out.
  bool idempotent_refund = true;
  // What its notifications say counts only once a query has said the same.
  bool confirm_by_query = false;
  // The channel refuses refunds of older payments (FAULTS F27).
  base::Duration refund_window = base::hours(24 * 365);
  // Between the sendings of two refunds of one payment; they never leave at once (F28).
  base::Duration refund_spacing = base::seconds(1);
};

}  // namespace daozhang::domain
