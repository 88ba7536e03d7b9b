// The side of a Responder that the server implements; only for net/'s sources.
#pragma once

#include <memory>
#include <vector>

#include "net/event_stream.h"
#include "net/http_message.h"

namespace daozhang::net {

// Any thread; exactly one of the two is called, once for each request handed out.
class ResponderTarget {
 public:
  virtual ~ResponderTarget() = default;
  virtual void answer(Response response) = 0;
  virtual EventStream open_stream(std::vector<FormField> headers) = 0;
};

}  // namespace daozhang::net
