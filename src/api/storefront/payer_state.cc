#include "api/storefront/payer_state.h"

#include <charconv>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/sha256.h"
#include "crypto/digest.h"

namespace daozhang::api {
namespace {

constexpr std::size_t expiry_size = 16;

}  // namespace

std::string PayerStates::mac(std::string_view expiry, std::string_view order_no,
                             std::int32_t payment_no) const {
  const std::string named = fmt::format("payer\n{}\n{}\n{}", expiry, order_no, payment_no);
  return base::to_hex(base::view(base::hmac_sha256(keys_.access_code.view(), named)));
}

std::string PayerStates::make(std::string_view order_no, std::int32_t payment_no,
                              base::Instant now) const {
  const std::string expiry = fmt::format("{:016x}", (now + valid_for).micros);
  return expiry + mac(expiry, order_no, payment_no);
}

PayerStateVerdict PayerStates::check(std::string_view state, std::string_view order_no,
                                     std::int32_t payment_no, base::Instant now) const {
  if (state.size() < expiry_size) return PayerStateVerdict::wrong;
  const std::string_view expiry = state.substr(0, expiry_size);
  if (!crypto::equal_in_constant_time(state.substr(expiry_size), mac(expiry, order_no, payment_no)))
    return PayerStateVerdict::wrong;
  std::int64_t micros = 0;
  std::from_chars(expiry.data(), expiry.data() + expiry.size(), micros, 16);
  return now < base::Instant{micros} ? PayerStateVerdict::good : PayerStateVerdict::expired;
}

}  // namespace daozhang::api
