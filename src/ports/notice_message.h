// A message that came to a channel's notify address: what its connector verifies, and what the
// inbox keeps so that it can be verified again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace daozhang::ports {

// As received; nothing is decoded. Larger ones are refused before they are read.
inline constexpr std::size_t notice_bytes_max = 64 * 1024;

struct NoticeMessage {
  std::string method = "POST";  // POST or GET.
  std::string query;            // Behind `?`, as sent.
  std::string content_type;
  // Those that signatures are made of (`is_signature_header`), names in small letters, in their
  // order; a repeated one stands twice.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // Empty if absent or sent more than once.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  friend bool operator==(const NoticeMessage&, const NoticeMessage&) = default;
};

// Whether a header belongs into NoticeMessage: today those that begin with `wechatpay-`. Any case.
bool is_signature_header(std::string_view name);

// One text, readable by people: `POST ?query`, `name: value` for each header and the content type,
// an empty line, the body. Reading it gives the same message back; nothing for a text without
// that shape. Header values must be free of line ends, as HTTP has them.
std::string text_of(const NoticeMessage& message);
std::optional<NoticeMessage> notice_message_of(std::string_view text);

}  // namespace daozhang::ports
