// Success or a named refusal. tl::expected because GCC 12 has no std::expected.
#pragma once

#include <tl/expected.hpp>

namespace daozhang::base {

template <class Value, class Refusal>
using Result = tl::expected<Value, Refusal>;

// `return refuse(Refusal::out_of_stock);`
template <class Refusal>
[[nodiscard]] tl::unexpected<Refusal> refuse(Refusal refusal) {
  return tl::unexpected<Refusal>(static_cast<Refusal&&>(refusal));
}

}  // namespace daozhang::base
