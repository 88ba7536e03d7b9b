// Appends JSON to a string. Commas and escapes are its work; that begins and ends match is the
// caller's. Bytes that are no UTF-8 become U+FFFD. One thread.
//
//   std::string body;
//   json::Writer json(body);
//   json.begin_object().member("sku", "a").member("quantity", 2).key("stages").begin_array()…
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace daozhang::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out), start_(out.size()) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return append('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return append(']'); }
  Writer& key(std::string_view name);

  Writer& text(std::string_view value);
  Writer& integer(std::int64_t value);
  Writer& boolean(bool value);
  Writer& null();
  // A finished JSON value, put in as it is.
  Writer& raw(std::string_view json);

  Writer& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Writer& member(std::string_view name, const char* value) { return key(name).text(value); }
  template <std::integral Integer>
  Writer& member(std::string_view name, Integer value) {
    if constexpr (std::same_as<Integer, bool>) {
      return key(name).boolean(value);
    } else {
      return key(name).integer(static_cast<std::int64_t>(value));
    }
  }

 private:
  void separate();
  Writer& open(char bracket);
  Writer& append(char bracket);

  std::string& out_;
  std::size_t start_;
};

// One text with quotes and escapes, appended.
void append_quoted(std::string& out, std::string_view value);

}  // namespace daozhang::json
