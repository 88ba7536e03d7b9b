// Percent-encoding (RFC 3986) and application/x-www-form-urlencoded (WHATWG URL), strict: decoded
// exactly once, a bad escape is refused, a repeated name is kept and reported.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace daozhang::net {

// Everything but the unreserved characters (A-Z a-z 0-9 - . _ ~) becomes %XX in upper case.
std::string percent_encode(std::string_view bytes);
// `+` stays `+`. Nothing if an escape is not two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

struct FormField {
  std::string name;
  std::string value;
  friend bool operator==(const FormField&, const FormField&) = default;
};

enum class FormRefusal {
  bad_escape,       // `%` without two hexadecimal digits.
  bad_character,    // A space, control character or byte above 0x7e, which an encoder never leaves.
  too_many_fields,  // More than `Form::field_count_max`.
};

// The fields of a query string or form body in their order. Names and values are bytes: the
// character set is the reader's matter (some gateways send GBK).
class Form {
 public:
  static constexpr std::size_t field_count_max = 256;

  static base::Result<Form, FormRefusal> parse(std::string_view encoded);

  void add(std::string name, std::string value);
  [[nodiscard]] const std::vector<FormField>& fields() const { return fields_; }
  [[nodiscard]] bool empty() const { return fields_.empty(); }

  // The value if the name stands exactly once; nothing if it is missing or repeated.
  [[nodiscard]] std::optional<std::string_view> once(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  // Some name that stands more than once.
  [[nodiscard]] std::optional<std::string_view> repeated_name() const;

  // `a=1&b=x+y`; unescaped stay A-Z a-z 0-9 * - . _ and a space becomes `+`.
  [[nodiscard]] std::string encode() const;

 private:
  std::vector<FormField> fields_;
};

// One name or value as Form::encode writes it.
std::string form_encode(std::string_view bytes);

}  // namespace daozhang::net
