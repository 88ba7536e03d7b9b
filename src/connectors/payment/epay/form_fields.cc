#include "connectors/payment/epay/form_fields.h"

#include <algorithm>
#include <optional>

#include "json/utf8.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr std::size_t form_size_max = 64 * 1024;
constexpr std::size_t field_count_max = 100;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return bytes;
}

void append_encoded(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_') {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

std::optional<FormRefusal> add_pair(std::string_view pair, FormFields& fields) {
  const auto equals = pair.find('=');
  auto name = decode(pair.substr(0, equals));
  auto value = decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
  if (!name || !value) return FormRefusal::bad_escape;
  if (name->empty() || name->find_first_of("[]") != std::string::npos) return FormRefusal::bad_name;
  if (!json::is_utf8(*name) || !json::is_utf8(*value)) return FormRefusal::not_utf8;
  if (has_field(fields, *name)) return FormRefusal::duplicate_field;
  fields.emplace_back(std::move(*name), std::move(*value));
  return std::nullopt;
}

}  // namespace

std::string_view field(const FormFields& fields, std::string_view name) {
  const auto found =
      std::ranges::find_if(fields, [&](const auto& each) { return each.first == name; });
  return found == fields.end() ? std::string_view{} : found->second;
}

bool has_field(const FormFields& fields, std::string_view name) {
  return std::ranges::any_of(fields, [&](const auto& each) { return each.first == name; });
}

base::Result<FormFields, FormRefusal> decode_form(std::string_view encoded) {
  if (encoded.size() > form_size_max) return base::refuse(FormRefusal::too_large);
  FormFields fields;
  while (!encoded.empty()) {
    const auto end = encoded.find('&');
    const std::string_view pair = encoded.substr(0, end);
    encoded.remove_prefix(end == std::string_view::npos ? encoded.size() : end + 1);
    if (pair.empty()) continue;
    if (fields.size() == field_count_max) return base::refuse(FormRefusal::too_large);
    if (const auto refusal = add_pair(pair, fields)) return base::refuse(*refusal);
  }
  return fields;
}

std::string encode_form(const FormFields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += '&';
    append_encoded(text, name);
    text += '=';
    append_encoded(text, value);
  }
  return text;
}

std::string text_to_sign(const FormFields& fields) {
  std::vector<std::pair<std::string_view, std::string_view>> parts;
  for (const auto& [name, value] : fields) {
    if (name != "sign" && name != "sign_type" && !value.empty()) parts.emplace_back(name, value);
  }
  std::ranges::sort(parts);
  std::string text;
  for (const auto& [name, value] : parts) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
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
