// The `state` that travels with a payer's browser to the channel that names him and back: proof
// that this shop sent it, for this payment, not long ago. Together with the order's cookie, which
// the same browser must bring, nobody can make a buyer pay with another's identity (login CSRF).
// Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "crypto/key_file.h"

namespace daozhang::api {

enum class PayerStateVerdict { good, wrong, expired };
constexpr auto names_of(std::type_identity<PayerStateVerdict>) {
  return base::words("good", "wrong", "expired");
}

class PayerStates {
 public:
  static constexpr base::Duration valid_for = base::minutes(10);

  // `keys` must outlive this.
  explicit PayerStates(const crypto::MasterKeys& keys) : keys_(keys) {}

  // 80 lower-case hexadecimal digits: when it expires, and a MAC over that, order and payment.
  [[nodiscard]] std::string make(std::string_view order_no, std::int32_t payment_no,
                                 base::Instant now) const;
  [[nodiscard]] PayerStateVerdict check(std::string_view state, std::string_view order_no,
                                        std::int32_t payment_no, base::Instant now) const;

 private:
  [[nodiscard]] std::string mac(std::string_view expiry, std::string_view order_no,
                                std::int32_t payment_no) const;

  const crypto::MasterKeys& keys_;
};

}  // namespace daozhang::api
