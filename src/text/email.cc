#include "text/email.h"

#include <algorithm>

#include "base/ascii.h"
#include "text/utf8.h"

namespace daozhang::text {
namespace {

constexpr std::size_t address_length_max = 254;
constexpr std::size_t local_part_length_max = 64;
constexpr std::size_t host_label_length_max = 63;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_local_part(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
  });
}

bool is_host_label(std::string_view text) {
  if (text.empty() || text.size() > host_label_length_max) return false;
  if (text.front() == '-' || text.back() == '-') return false;
  return std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_host(std::string_view text) {
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_host_label(text.substr(0, dot))) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels >= 2;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

base::Result<std::string, EmailRefusal> parse_email(std::string_view input) {
  const std::string_view text = trimmed(input);
  if (text.empty()) return base::refuse(EmailRefusal::empty);
  if (text.size() > address_length_max) return base::refuse(EmailRefusal::too_long);
  if (std::ranges::count(text, '@') != 1) return base::refuse(EmailRefusal::not_one_at_sign);
  const std::size_t at = text.find('@');
  if (at > local_part_length_max) return base::refuse(EmailRefusal::too_long);
  if (!is_local_part(text.substr(0, at))) return base::refuse(EmailRefusal::bad_local_part);
  if (!is_host(text.substr(at + 1))) return base::refuse(EmailRefusal::bad_host);
  std::string address(text);
  std::transform(address.begin() + static_cast<std::ptrdiff_t>(at), address.end(),
                 address.begin() + static_cast<std::ptrdiff_t>(at), base::to_lower);
  return address;
}

std::string masked_email(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return "***";
  const std::string_view head = at == 0 ? "" : first_code_points(address.substr(0, at), 1);
  return std::string(head) + "***" + std::string(address.substr(at));
}

}  // namespace daozhang::text
