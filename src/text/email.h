// Mail addresses as buyers type them. Pure; any thread. Whether a mailbox exists only a mail can
// tell, so the form is checked simply: ASCII, one `@`, a dotted host name (RFC 5321 lengths).
// Quoted local parts, comments and address literals are refused, no shop needs them.
#pragma once

#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/result.h"

namespace daozhang::text {

enum class EmailRefusal {
  empty,
  too_long,  // Over 254 bytes, or over 64 before the `@`.
  not_one_at_sign,
  bad_local_part,  // Before the `@`: empty, an unusual character, a dot at an end or doubled.
  bad_host,        // After the `@`: not two or more dotted labels of letters, digits and hyphens.
};

constexpr auto names_of(std::type_identity<EmailRefusal>) {
  return base::words("empty", "too_long", "not_one_at_sign", "bad_local_part", "bad_host");
}

// The address without blanks around it and with its host in lower case.
[[nodiscard]] base::Result<std::string, EmailRefusal> parse_email(std::string_view input);

// For pages and logs: the first character and the host remain, `a***@example.com`. A text without
// `@` shows nothing, `***`.
[[nodiscard]] std::string masked_email(std::string_view address);

}  // namespace daozhang::text
