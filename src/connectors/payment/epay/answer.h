// What a reply of an epay gateway means in the words of ports/payment_channel.h. Pure; any thread.
#pragma once

#include <string_view>

#include "base/instant.h"
#include "connectors/payment/epay/account.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::epay {

// For a body that came with status 200; `now` is the moment of receipt. Anything that does not
// prove itself is unknown; `problem` then is the ReplyRefusal's name or our reason, otherwise the
// gateway's code and msg.
//
// Exact meanings, where the protocol leaves them open:
//   create        done with qrcode, payurl or urlscheme (V2: pay_type qrcode, jump, urlscheme);
//                 failed if the code says so; success without one of these is unknown.
//   query         A status that is none of the dialect's words is unknown, never unpaid. Refunded
//                 is closed. Failure is done with trade not_exist only if msg is one of the
//                 dialect's not_found_words, else unknown: the codes for "no such order" and "wrong
//                 key" are the same, and an order that is asked about with a wrong key may be paid.
//                 Whether not_exist is final is the engine's to tell by time, as for every channel.
//   close         Where the dialect has it. failed with trade not_exist as above.
//   refund        Sent again by hand (all of V1, which has no refund number): the same refund must
//                 never be sent again by itself, so success is done and failure is unknown, since
//                 the gateway may tell of a time-out of its own, and whoever is told `failed` sends
//                 the refund again. Sent again by number: success is done, failure failed.
//   query_refund  V1 asks for the order: done if it is refunded and the refund was of all of it;
//                 everything else is unknown. V2: status 1 is done; 0 and failure are failed, and
//                 unknown where refunds are sent again by hand; everything else unknown.
ports::PaymentAnswer answer_of(const Account& account, const ports::PaymentCall& call,
                               std::string_view raw, base::Instant now);

// An answer that says nothing, for transport faults. The merchant key is taken out of `raw`.
ports::PaymentAnswer unknown_answer(const Account& account, std::string_view problem,
                                    std::string_view raw = {});

}  // namespace daozhang::connectors::payment::epay
