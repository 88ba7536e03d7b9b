// One sending of a payment channel's notification as the faults want it: what every channel has in
// common. Pure. The channel's own file says how its fields are falsified.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sandbox/delivery_queue.h"
#include "sandbox/fault_board.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

// A field that never leaves: it names what a hand-made notification falsifies, one of `signature`,
// `amount`, `app`, `seller`, `status`.
inline constexpr std::string_view forge_mark = "_forge";
inline constexpr std::string_view forge_signature = "signature";
bool is_forge_word(std::string_view word);

struct NotifySending {
  Fields fields;
  bool spoil_signature = false;
  bool lost = false;
  std::uint32_t copies = 1;
  std::string trick;      // What the wire does wrong, in the channel's words; else empty.
  std::string tampering;  // names of the faults that struck
};

// Which fault brings which falsehood.
struct Falsehood {
  std::string_view fault;
  std::string_view word;
};
// Changes the fields (or the trick) as `word` wants; `amount_change` is for `amount`.
using Falsify = void (*)(NotifySending& sending, std::string_view word, std::int64_t amount_change);

// lose_notify, double_notify, the mark of a hand-made notification and each of `falsehoods`.
NotifySending prepare_sending(const Delivery& delivery, FaultBoard& faults, Channel channel,
                              std::span<const Falsehood> falsehoods, Falsify falsify);

}  // namespace daozhang::sandbox
