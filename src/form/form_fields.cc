#include "form/form_fields.h"

#include <algorithm>
#include <optional>

#include "json/utf8.h"

namespace daozhang::form {
namespace {

constexpr std::size_t body_size_max = 64 * 1024;
constexpr std::size_t field_count_max = 200;

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
    if (text[i] == '+') {
      bytes += ' ';
    } else if (text[i] != '%') {
      bytes += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      bytes += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return bytes;
}

void append_encoded(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
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
  auto part_name = decode(pair.substr(0, equals));
  auto value = decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
  if (!part_name || !value) return FormRefusal::bad_escape;
  if (part_name->empty() || part_name->find_first_of("[]") != std::string::npos) {
    return FormRefusal::bad_name;
  }
  if (!json::is_utf8(*part_name) || !json::is_utf8(*value)) return FormRefusal::not_utf8;
  if (has_field(fields, *part_name)) return FormRefusal::duplicate_field;
  fields.emplace_back(std::move(*part_name), std::move(*value));
  return std::nullopt;
}

}  // namespace

std::string_view field(const FormFields& fields, std::string_view name) {
  for (const auto& [part_name, value] : fields) {
    if (part_name == name) return value;
  }
  return {};
}

bool has_field(const FormFields& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const auto& part) { return part.first == name; });
}

base::Result<FormFields, FormRefusal> decode_form(std::string_view body) {
  if (body.size() > body_size_max) return base::refuse(FormRefusal::too_large);
  FormFields fields;
  while (!body.empty()) {
    const auto end = body.find('&');
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    if (pair.empty()) continue;
    if (fields.size() == field_count_max) return base::refuse(FormRefusal::too_large);
    if (const auto refusal = add_pair(pair, fields)) return base::refuse(*refusal);
  }
  return fields;
}

std::string encode_form(const FormFields& fields) {
  std::string text;
  for (const auto& [part_name, value] : fields) {
    if (!text.empty()) text += '&';
    append_encoded(text, part_name);
    text += '=';
    append_encoded(text, value);
  }
  return text;
}

std::string joined_text(std::vector<FieldView> kept) {
  std::ranges::sort(kept);
  std::string text;
  for (const auto& [name, value] : kept) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

}  // namespace daozhang::form
