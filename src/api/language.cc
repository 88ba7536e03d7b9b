#include "api/language.h"

#include <algorithm>

namespace daozhang::api {
namespace {

// A weight as the grammar has it, `0`, `0.5` up to `1.000`, in thousandths; 0 for anything else.
int thousandths(std::string_view text) {
  text = text.substr(0, text.find_first_of(" ;"));
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  if (text.size() > 1 && text[1] != '.') return 0;
  int value = text[0] - '0';
  for (std::size_t i = 2; i < 5; ++i) {
    const char digit = i < text.size() ? text[i] : '0';
    if (digit < '0' || digit > '9') return 0;
    value = value * 10 + (digit - '0');
  }
  return value > 1000 ? 0 : value;
}

// The weight of the best entry whose primary tag is `primary`; 0 if there is none. In thousandths.
int weight_of(std::string_view header, std::string_view primary) {
  int best = 0;
  while (!header.empty()) {
    const auto comma = header.find(',');
    std::string_view entry = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
    if (!entry.starts_with(primary)) continue;
    if (entry.size() > primary.size() && entry[primary.size()] != '-' &&
        entry[primary.size()] != ';' && entry[primary.size()] != ' ')
      continue;
    int weight = 1000;
    if (const auto q = entry.find("q="); q != std::string_view::npos)
      weight = thousandths(entry.substr(q + 2));
    best = std::max(best, weight);
  }
  return best;
}

}  // namespace

Language language_of(std::string_view accept_language) {
  return weight_of(accept_language, "en") > weight_of(accept_language, "zh") ? Language::en
                                                                             : Language::zh;
}

}  // namespace daozhang::api
