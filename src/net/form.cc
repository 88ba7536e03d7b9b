#include "net/form.h"

#include <algorithm>
#include <utility>

namespace daozhang::net {
namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void append_escape(std::string& out, char c) {
  constexpr char digits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(digits[byte >> 4]);
  out.push_back(digits[byte & 15]);
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = digit_value(text[i + 1]);
      const int low = digit_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

}  // namespace

std::string percent_encode(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out.push_back(c);
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, false); }

std::string form_encode(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (is_alphanumeric(c) || c == '*' || c == '-' || c == '.' || c == '_') {
      out.push_back(c);
    } else if (c == ' ') {
      out.push_back('+');
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

base::Result<Form, FormRefusal> Form::parse(std::string_view encoded) {
  const auto is_foreign = [](char c) { return c <= ' ' || c > '~'; };
  if (std::any_of(encoded.begin(), encoded.end(), is_foreign)) {
    return base::refuse(FormRefusal::bad_character);
  }
  Form form;
  while (!encoded.empty()) {
    const std::string_view pair = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(pair.size() + 1, encoded.size()));
    if (pair.empty()) continue;
    if (form.fields_.size() == field_count_max) return base::refuse(FormRefusal::too_many_fields);
    const std::size_t equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional<std::string>(std::string())
                                                  : decode(pair.substr(equals + 1), true);
    if (!name || !value) return base::refuse(FormRefusal::bad_escape);
    form.add(std::move(*name), std::move(*value));
  }
  return form;
}

void Form::add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

std::optional<std::string_view> Form::once(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const FormField& field : fields_) {
    if (field.name != name) continue;
    if (found) return std::nullopt;
    found = field.value;
  }
  return found;
}

std::size_t Form::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(),
                    [name](const FormField& field) { return field.name == name; }));
}

std::optional<std::string_view> Form::repeated_name() const {
  std::vector<std::string_view> names;
  names.reserve(fields_.size());
  for (const FormField& field : fields_) names.emplace_back(field.name);
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin == names.end()) return std::nullopt;
  return *twin;
}

std::string Form::encode() const {
  std::string out;
  for (const FormField& field : fields_) {
    if (!out.empty()) out.push_back('&');
    out += form_encode(field.name);
    out.push_back('=');
    out += form_encode(field.value);
  }
  return out;
}

}  // namespace daozhang::net
