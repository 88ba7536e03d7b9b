// The right and duty to answer one request.
#pragma once

#include <memory>
#include <vector>

#include "net/event_stream.h"
#include "net/http_message.h"

namespace daozhang::net {

class ResponderTarget;

// Moved, never copied; answers once. May be kept and used on any thread, also after the server or
// the connection is gone (the answer is then dropped). Answers from foreign threads are gathered:
// many of them cost one wake-up of the io thread. One that is destroyed unanswered answers 500
// with the code `internal_error`.
class Responder {
 public:
  Responder() = default;
  explicit Responder(std::shared_ptr<ResponderTarget> target);
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  // Ends this handle. A second answer is a bug and stops the process.
  void send(Response response);
  // Ends this handle: answers 200 text/event-stream and keeps the connection for events.
  EventStream open_stream(std::vector<FormField> headers = {});

  // False after `send`, `open_stream` or a move.
  [[nodiscard]] explicit operator bool() const { return target_ != nullptr; }

 private:
  std::shared_ptr<ResponderTarget> target_;
};

}  // namespace daozhang::net
