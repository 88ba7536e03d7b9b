#include "json/writer.h"

#include <charconv>

#include "json/utf8.h"

namespace daozhang::json {
namespace {

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
  }
}

bool needs_care(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\';
}

}  // namespace

void append_quoted(std::string& out, std::string_view value) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t at = 0; at < value.size();) {
    if (!needs_care(value[at])) {
      ++at;
      continue;
    }
    const std::size_t length = utf8_length_at(value, at);
    if (length > 1) {
      at += length;
      continue;
    }
    out += value.substr(done, at - done);
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else {
      append_escape(out, value[at]);
    }
    done = ++at;
  }
  out += value.substr(done);
  out += '"';
}

void Writer::separate() {
  if (out_.size() == start_) return;
  // A finished text ends with a quote, so these can only be punctuation of our own.
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':') out_ += ',';
}

Writer& Writer::open(char bracket) {
  separate();
  return append(bracket);
}

Writer& Writer::append(char bracket) {
  out_ += bracket;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_ += ':';
  return *this;
}

Writer& Writer::text(std::string_view value) {
  separate();
  append_quoted(out_, value);
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  separate();
  char digits[24];
  const auto written = std::to_chars(digits, digits + sizeof digits, value);
  out_.append(digits, written.ptr);
  return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace daozhang::json
