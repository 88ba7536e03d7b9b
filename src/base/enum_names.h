// One spelling of a word everywhere: an enumerator, its SQL text, its JSON text. An enum takes part
// by declaring, beside itself, `constexpr auto names_of(std::type_identity<E>)` returning an array
// of its names in order.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/check.h"

namespace daozhang::base {

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires { names_of(std::type_identity<E>{}); };

template <NamedEnum E>
constexpr std::string_view name_of(E value) {
  constexpr auto names = names_of(std::type_identity<E>{});
  const auto index = static_cast<std::size_t>(value);
  CHECK(index < names.size());
  return names[index];
}

// Nothing for a word that is no enumerator.
template <NamedEnum E>
constexpr std::optional<E> enum_named(std::string_view text) {
  constexpr auto names = names_of(std::type_identity<E>{});
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

// `return base::words("held", "consumed");`
template <class... Text>
constexpr auto words(Text... text) {
  return std::array<std::string_view, sizeof...(Text)>{text...};
}

}  // namespace daozhang::base
