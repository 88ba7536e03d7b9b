// The least of HTTP/1.1 that reads a server's answers on a kept connection: status line, headers,
// Content-Length. No chunks, no trailers: our server sends none outside streams. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daozhang::hammer {

// Where one answer stands in what was received.
struct AnswerFrame {
  int status = 0;
  std::size_t head_size = 0;  // With the empty line.
  std::size_t size = 0;       // Head and body.
};

enum class FrameRefusal {
  incomplete,  // More bytes must come.
  malformed,   // Not HTTP/1.1, or without Content-Length.
};

// The first answer in `received`.
base::Result<AnswerFrame, FrameRefusal> next_answer(std::string_view received);

struct Answer {
  int status = 0;
  std::string head;
  std::string body;

  // The value of a header, named in the server's spelling; empty if absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

}  // namespace daozhang::hammer
