// Still encoded queries and forms, put together and taken apart. Pure.
#pragma once

#include <string>
#include <string_view>

namespace daozhang::sandbox {

// The fields of both, which count alike.
inline std::string joined_forms(std::string_view query, std::string_view body) {
  std::string all(query);
  if (!query.empty() && !body.empty()) all += '&';
  all += body;
  return all;
}

// Behind `?` in a request's target; empty if there is none.
inline std::string_view query_of(std::string_view target) {
  const auto mark = target.find('?');
  return mark == target.npos ? std::string_view{} : target.substr(mark + 1);
}

inline std::string with_query(std::string url, std::string_view query) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  return url.append(query);
}

}  // namespace daozhang::sandbox
