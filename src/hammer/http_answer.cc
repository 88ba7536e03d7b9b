#include "hammer/http_answer.h"

#include <charconv>

namespace daozhang::hammer {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view protocol = "HTTP/1.1 ";

std::string_view header_in(std::string_view head, std::string_view name) {
  std::size_t at = head.find(line_end);
  while (at != std::string_view::npos) {
    at += line_end.size();
    const std::size_t end = head.find(line_end, at);
    if (end == std::string_view::npos) return {};
    const auto line = head.substr(at, end - at);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
      return line.substr(name.size() + 2);
    at = end;
  }
  return {};
}

template <class Integer>
bool read_integer(std::string_view text, Integer& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

base::Result<AnswerFrame, FrameRefusal> next_answer(std::string_view received) {
  const std::size_t end = received.find(head_end);
  if (end == std::string_view::npos) return base::refuse(FrameRefusal::incomplete);
  AnswerFrame frame;
  frame.head_size = end + head_end.size();
  const auto head = received.substr(0, frame.head_size);
  std::size_t body_size = 0;
  if (!head.starts_with(protocol) || !read_integer(head.substr(protocol.size(), 3), frame.status) ||
      frame.status < 100 || !read_integer(header_in(head, "Content-Length"), body_size))
    return base::refuse(FrameRefusal::malformed);
  if (received.size() - frame.head_size < body_size) return base::refuse(FrameRefusal::incomplete);
  frame.size = frame.head_size + body_size;
  return frame;
}

std::string_view Answer::header(std::string_view name) const { return header_in(head, name); }

}  // namespace daozhang::hammer
