#include "sandbox/notify_sending.h"

#include <algorithm>
#include <array>

namespace daozhang::sandbox {
namespace {

constexpr auto forge_words =
    std::to_array<std::string_view>({forge_signature, "amount", "app", "seller", "status"});

void note(NotifySending& sending, std::string_view word) {
  if (!sending.tampering.empty()) sending.tampering += ',';
  sending.tampering += word;
}

}  // namespace

bool is_forge_word(std::string_view word) {
  return std::find(forge_words.begin(), forge_words.end(), word) != forge_words.end();
}

NotifySending prepare_sending(const Delivery& delivery, FaultBoard& faults, Channel channel,
                              std::span<const Falsehood> falsehoods, Falsify falsify) {
  const FaultSubject subject{delivery.number, delivery.title, {base::name_of(channel)}};
  NotifySending sending;
  sending.fields = delivery.fields;
  const std::string forge(field(sending.fields, forge_mark));
  std::erase_if(sending.fields, [](const auto& pair) { return pair.first == forge_mark; });
  if (faults.strike("lose_notify", subject)) {
    sending.lost = true;
    sending.copies = 0;
    note(sending, "lose_notify");
    return sending;
  }
  const auto apply = [&](std::string_view word, std::int64_t amount_change) {
    if (word == forge_signature) sending.spoil_signature = true;
    falsify(sending, word, amount_change);
  };
  if (!forge.empty()) {
    apply(forge, -1);
    note(sending, forge);
  }
  for (const auto& [fault, word] : falsehoods) {
    const auto struck = faults.strike(fault, subject);
    if (!struck) continue;
    apply(word, word == "amount" ? struck->number("minor") : 0);
    note(sending, fault);
  }
  if (const auto copies = faults.strike("double_notify", subject)) {
    sending.copies = static_cast<std::uint32_t>(copies->number("copies"));
    note(sending, "double_notify");
  }
  return sending;
}

}  // namespace daozhang::sandbox
