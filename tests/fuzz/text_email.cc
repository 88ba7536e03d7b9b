// Mail addresses: what is taken is plain and is taken again unchanged.
#include "text/email.h"

#include <algorithm>

#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

void text_email(std::string_view bytes) {
  const std::string masked = text::masked_email(bytes);
  CHECK(masked.find("***") != std::string::npos);
  const auto address = text::parse_email(bytes);
  if (!address) return;
  CHECK(address->size() <= 254 && std::ranges::count(*address, '@') == 1);
  CHECK(std::ranges::all_of(*address, [](char c) { return c > ' ' && c < 127; }));
  CHECK(text::parse_email(*address) == *address);
  CHECK(text::parse_email("\t " + *address + "\r\n") == *address);
  CHECK(text::masked_email(*address) ==
        address->front() + ("***" + address->substr(address->find('@'))));
}

}  // namespace daozhang::fuzz
