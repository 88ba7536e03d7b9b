#include "api/language.h"

#include <cstdlib>
#include <string>

namespace daozhang::api {
namespace {

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
      weight =
          static_cast<int>(std::strtod(std::string(entry.substr(q + 2)).c_str(), nullptr) * 1000);
    if (weight > best) best = weight;
  }
  return best;
}

}  // namespace

Language language_of(std::string_view accept_language) {
  return weight_of(accept_language, "en") > weight_of(accept_language, "zh") ? Language::en
                                                                             : Language::zh;
}

}  // namespace daozhang::api
