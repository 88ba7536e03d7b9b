// Integers that can not be mixed up: an OrderId is no ItemId.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace daozhang::base {

// `Representation` is 64 bits wide unless said. Zero means "none".
template <class Tag, class Representation = std::int64_t>
struct StrongId {
  Representation value{};

  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
  [[nodiscard]] constexpr bool is_none() const { return value == Representation{}; }
};

}  // namespace daozhang::base

template <class Tag, class Representation>
struct std::hash<daozhang::base::StrongId<Tag, Representation>> {
  std::size_t operator()(const daozhang::base::StrongId<Tag, Representation>& id) const noexcept {
    return std::hash<Representation>{}(id.value);
  }
};
