#include "net/responder.h"

#include <utility>

#include "base/check.h"
#include "net/responder_target.h"

namespace daozhang::net {

Responder::Responder(std::shared_ptr<ResponderTarget> target) : target_(std::move(target)) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  std::swap(target_, other.target_);
  return *this;
}

Responder::~Responder() {
  if (target_ == nullptr) return;
  target_->answer(problem_response(500, "internal_error"));
}

void Responder::send(Response response) {
  CHECK(target_ != nullptr);
  const auto target = std::exchange(target_, nullptr);
  target->answer(std::move(response));
}

EventStream Responder::open_stream(std::vector<FormField> headers) {
  CHECK(target_ != nullptr);
  const auto target = std::exchange(target_, nullptr);
  return target->open_stream(std::move(headers));
}

}  // namespace daozhang::net
