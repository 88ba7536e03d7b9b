#include "domain/order/order_number.h"

#include <array>

#include "base/ascii.h"
#include "base/check.h"
#include "base/sha256.h"

namespace daozhang::domain {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::uint64_t half_mask = (std::uint64_t{1} << 35) - 1;
constexpr std::uint64_t mac_mask = (std::uint64_t{1} << 30) - 1;
constexpr std::size_t half_characters = 7;
constexpr std::size_t mac_characters = 6;
constexpr int rounds = 4;

std::uint64_t first_64_bits(const base::Digest& digest) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | digest[static_cast<std::size_t>(i)];
  return value;
}

std::uint64_t keyed(std::string_view key, char purpose, std::uint64_t a, std::uint64_t b) {
  std::array<char, 17> input{};
  input[0] = purpose;
  for (std::size_t i = 0; i < 8; ++i) {
    input[1 + i] = static_cast<char>(a >> (8 * i));
    input[9 + i] = static_cast<char>(b >> (8 * i));
  }
  return first_64_bits(base::hmac_sha256(key, {input.data(), input.size()}));
}

void put(std::string& text, std::uint64_t value, std::size_t characters) {
  for (std::size_t i = characters; i-- > 0;) text += alphabet[value >> (5 * i) & 31];
}

std::optional<std::uint64_t> get(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(base::to_upper(c));
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 5 | digit;
  }
  return value;
}

}  // namespace

OrderNumbers::OrderNumbers(std::string_view key) : key_(key) { CHECK(key_.size() >= 16); }

std::string OrderNumbers::number_of(OrderKey order) const {
  const auto id = static_cast<std::uint64_t>(order.order_id.value);
  std::uint64_t left = id >> 29;
  std::uint64_t right = (id & ((std::uint64_t{1} << 29) - 1)) << 6 |
                        static_cast<std::uint64_t>(order.partition.value);
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t next =
        left ^ (keyed(key_, 'p', right, static_cast<std::uint64_t>(round)) & half_mask);
    left = right;
    right = next;
  }
  std::string text;
  put(text, left, half_characters);
  put(text, right, half_characters);
  put(text, keyed(key_, 'm', left, right) & mac_mask, mac_characters);
  return text;
}

std::optional<OrderKey> OrderNumbers::order_of(std::string_view number) const {
  if (number.size() != 2 * half_characters + mac_characters) return std::nullopt;
  const auto left_half = get(number.substr(0, half_characters));
  const auto right_half = get(number.substr(half_characters, half_characters));
  const auto mac = get(number.substr(2 * half_characters));
  if (!left_half || !right_half || !mac) return std::nullopt;
  std::uint64_t left = *left_half;
  std::uint64_t right = *right_half;
  if ((keyed(key_, 'm', left, right) & mac_mask) != *mac) return std::nullopt;
  for (int round = rounds; round-- > 0;) {
    const std::uint64_t previous =
        right ^ (keyed(key_, 'p', left, static_cast<std::uint64_t>(round)) & half_mask);
    right = left;
    left = previous;
  }
  const std::uint64_t id = left << 29 | right >> 6;
  return OrderKey{Partition{static_cast<std::int32_t>(right & 63)},
                  OrderId{static_cast<std::int64_t>(id)}};
}

std::string OrderNumbers::access_code(std::string_view order_no,
                                      std::string_view idempotency_key) const {
  std::string input = "access\n";
  input += order_no;
  input += '\n';
  input += idempotency_key;
  const auto digest = base::hmac_sha256(key_, input);
  std::string text;
  // 26 characters of 5 bits: 130 bits.
  for (std::size_t i = 0; i < 26; ++i) text += alphabet[digest[i] & 31];
  return text;
}

}  // namespace daozhang::domain
