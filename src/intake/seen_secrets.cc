#include "intake/seen_secrets.h"

#include <cstring>
#include <utility>

#include "base/sha256.h"

namespace daozhang::intake {
namespace {

constexpr std::size_t place_count_first = 1024;

}  // namespace

SeenSecrets::SeenSecrets() : places_(place_count_first) {}

bool SeenSecrets::place(Print print) {
  const std::size_t mask = places_.size() - 1;
  for (std::size_t at = print[0] & mask;; at = (at + 1) & mask) {
    if (places_[at] == print) return false;
    if (places_[at] == Print{}) {
      places_[at] = print;
      return true;
    }
  }
}

void SeenSecrets::grow() {
  std::vector<Print> old(places_.size() * 2);
  std::swap(old, places_);
  for (const Print& print : old) {
    if (print != Print{}) place(print);
  }
}

bool SeenSecrets::insert(std::string_view secret) {
  const base::Digest digest = base::sha256(secret);
  Print print{};
  std::memcpy(print.data(), digest.data(), sizeof(print));
  if (print == Print{}) print[1] = 1;
  if (!place(print)) return false;
  ++count_;
  if (count_ * 2 > places_.size()) grow();
  return true;
}

}  // namespace daozhang::intake
