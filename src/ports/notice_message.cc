#include "ports/notice_message.h"

#include <algorithm>

#include "base/ascii.h"

namespace daozhang::ports {
namespace {

constexpr std::string_view content_type_name = "content-type";
constexpr std::string_view signature_prefix = "wechatpay-";

// Cuts `text` behind the next line end; nothing if there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool read_first_line(std::string_view line, NoticeMessage& message) {
  const auto space = line.find(' ');
  message.method = line.substr(0, space);
  if (message.method != "POST" && message.method != "GET") return false;
  if (space == std::string_view::npos) return true;
  const auto rest = line.substr(space + 1);
  if (!rest.starts_with('?')) return false;
  message.query = rest.substr(1);
  return true;
}

}  // namespace

std::string_view NoticeMessage::header(std::string_view name) const {
  std::string_view found;
  int count = 0;
  for (const auto& [known, value] : headers) {
    if (known != name) continue;
    found = value;
    ++count;
  }
  return count == 1 ? found : std::string_view{};
}

bool is_signature_header(std::string_view name) {
  return name.size() > signature_prefix.size() &&
         base::equal_without_case(name.substr(0, signature_prefix.size()), signature_prefix);
}

std::string text_of(const NoticeMessage& message) {
  std::string text = message.method;
  if (!message.query.empty()) text.append(" ?").append(message.query);
  text += '\n';
  const auto line = [&text](std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value) += '\n';
  };
  if (!message.content_type.empty()) line(content_type_name, message.content_type);
  for (const auto& [name, value] : message.headers) line(name, value);
  return text.append("\n").append(message.body);
}

std::optional<NoticeMessage> notice_message_of(std::string_view text) {
  NoticeMessage message;
  const auto first = take_line(text);
  if (!first || !read_first_line(*first, message)) return std::nullopt;
  while (const auto line = take_line(text)) {
    if (line->empty()) {
      message.body = text;
      return message;
    }
    const auto colon = line->find(": ");
    if (colon == std::string_view::npos) return std::nullopt;
    const auto name = line->substr(0, colon);
    const auto value = line->substr(colon + 2);
    if (name == content_type_name)
      message.content_type = value;
    else
      message.headers.emplace_back(name, value);
  }
  return std::nullopt;
}

}  // namespace daozhang::ports
