// Notifications as the inbox keeps them: a message comes back from its text as it was, and a text
// that can be read says the same when it is written again.
#include "ports/notice_message.h"

#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

void check_kept(const ports::NoticeMessage& message) {
  const std::string text = ports::text_of(message);
  const auto again = ports::notice_message_of(text);
  CHECK(again == message);
  CHECK(ports::text_of(*again) == text);
}

// As HTTP gives it: a method, a query, a content type, headers of signatures, a body.
ports::NoticeMessage message_in(std::string_view bytes) {
  Input input(bytes);
  ports::NoticeMessage message;
  message.method = input.choice(2) == 0 ? "POST" : "GET";
  const std::size_t header_count = input.choice(10);
  input.line();
  message.query = input.line();
  message.content_type = input.line();
  for (std::size_t i = 0; i < header_count; ++i) {
    const std::string_view line = input.line();
    const auto colon = line.find(':');
    std::string name("wechatpay-");
    name.append(line.substr(0, colon));
    message.headers.emplace_back(std::move(name),
                                 colon == std::string_view::npos ? "" : line.substr(colon + 1));
  }
  message.body = input.rest();
  return message;
}

void check_read(std::string_view text) {
  const auto message = ports::notice_message_of(text);
  if (!message) return;
  check_kept(*message);
  CHECK(message->method == "POST" || message->method == "GET");
  CHECK(text.ends_with(message->body));
  for (const auto& [name, value] : message->headers) {
    const std::string_view told = message->header(name);
    CHECK(told.empty() || told == value);
  }
}

}  // namespace

void notice_message(std::string_view bytes) {
  check_read(bytes);
  check_kept(message_in(bytes));
}

}  // namespace daozhang::fuzz
