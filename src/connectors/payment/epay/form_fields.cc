#include "connectors/payment/epay/form_fields.h"

namespace daozhang::connectors::payment::epay {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string text_to_sign(const FormFields& fields) {
  std::vector<form::FieldView> kept;
  for (const auto& [name, value] : fields)
    if (name != "sign" && name != "sign_type" && !value.empty()) kept.emplace_back(name, value);
  return form::joined_text(std::move(kept));
}

bool is_ambiguous(std::string_view value) {
  for (auto at = value.find('&'); at != std::string_view::npos; at = value.find('&', at + 1)) {
    std::size_t end = at + 1;
    while (end < value.size() && (is_letter_or_digit(value[end]) || value[end] == '_')) ++end;
    const bool begins_as_a_name = end > at + 1 && !(value[at + 1] >= '0' && value[at + 1] <= '9');
    if (begins_as_a_name && end < value.size() && value[end] == '=') return true;
  }
  return false;
}

}  // namespace daozhang::connectors::payment::epay
