#include "net/http_message.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace daozhang::net {
namespace {

constexpr std::array<std::string_view, 7> method_names{"GET",   "HEAD",   "POST",   "PUT",
                                                       "PATCH", "DELETE", "OPTIONS"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

bool is_same_header_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view to_string(Method method) {
  return method_names.at(static_cast<std::size_t>(method));
}

std::optional<Method> method_from(std::string_view name) {
  const auto found = std::find(method_names.begin(), method_names.end(), name);
  if (found == method_names.end()) return std::nullopt;
  return static_cast<Method>(found - method_names.begin());
}

void Headers::add(std::string_view name, std::string_view value) {
  const auto begin = static_cast<std::uint32_t>(bytes_.size());
  const auto name_size = static_cast<std::uint32_t>(name.size());
  bytes_ += name;
  bytes_ += value;
  spans_.push_back({begin, name_size, begin + name_size, static_cast<std::uint32_t>(value.size())});
}

Headers::Field Headers::at(std::size_t index) const {
  const Span& span = spans_.at(index);
  const std::string_view all = bytes_;
  return {all.substr(span.name_begin, span.name_size),
          all.substr(span.value_begin, span.value_size)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    const Field field = at(i);
    if (is_same_header_name(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t n = 0;
  for (std::size_t i = 0; i < size(); ++i) n += is_same_header_name(at(i).name, name) ? 1 : 0;
  return n;
}

std::string_view Request::capture(std::string_view name) const {
  for (const FormField& field : captures) {
    if (field.name == name) return field.value;
  }
  UNREACHABLE();
}

std::string_view Request::header(std::string_view name) const {
  return headers.find(name).value_or(std::string_view());
}

bool Request::has_content_type(std::string_view media_type) const {
  if (headers.count("Content-Type") != 1) return false;
  const std::string_view sent = header("Content-Type");
  return is_same_header_name(trimmed(sent.substr(0, sent.find(';'))), media_type);
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  std::optional<std::string_view> found;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const Headers::Field field = headers.at(i);
    if (!is_same_header_name(field.name, "Cookie")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
      if (found) return std::nullopt;
      found = trimmed(pair.substr(equals + 1));
    }
  }
  return found;
}

Response& Response::with(std::string name, std::string value) {
  headers.push_back({std::move(name), std::move(value)});
  return *this;
}

}  // namespace daozhang::net
