#include "connectors/payment/epay/merchant_key.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/ascii.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr std::size_t key_size_max = 128;
constexpr std::size_t different_characters_min = 6;

// `abcdef…`, `98765…`, `0123…789012…`: most characters are next to the one before.
bool is_a_row_of_neighbors(std::string_view key) {
  std::size_t neighbors = 0;
  for (std::size_t i = 1; i < key.size(); ++i) {
    if (std::abs(key[i] - key[i - 1]) <= 1) ++neighbors;
  }
  return neighbors * 4 >= key.size() * 3;
}

bool repeats_itself(std::string_view key) {
  for (std::size_t period = 1; period <= key.size() / 2; ++period) {
    if (key.substr(period) == key.substr(0, key.size() - period)) return true;
  }
  return false;
}

// Words that stand in examples and installers.
bool names_an_example(std::string_view key) {
  const std::string small = base::lower(key);
  return std::ranges::any_of(
      base::words("password", "changeme", "merchantkey", "merchant_key", "merchant-key", "yourkey",
                  "your_key", "your-key", "example", "qwerty", "default"),
      [&](std::string_view word) { return small.find(word) != std::string::npos; });
}

}  // namespace

std::optional<AccountRefusal> refusal_of_key(std::string_view key, std::string_view pid) {
  if (key.size() < merchant_key_size_min) return AccountRefusal::merchant_key_too_short;
  const bool printable = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (!printable || key.size() > key_size_max) return AccountRefusal::merchant_key_unusable;
  const std::set<char> different(key.begin(), key.end());
  const bool from_pid = key == pid || (pid.size() >= 8 && key.find(pid) != std::string_view::npos);
  if (different.size() < different_characters_min || is_a_row_of_neighbors(key) ||
      repeats_itself(key) || names_an_example(key) || from_pid) {
    return AccountRefusal::merchant_key_guessable;
  }
  return std::nullopt;
}

}  // namespace daozhang::connectors::payment::epay
