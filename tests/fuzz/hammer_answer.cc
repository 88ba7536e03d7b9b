// A server's answers as the load program cuts them: what follows an answer does not change it, and
// less of it is never a whole one.
#include "hammer/http_answer.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

using hammer::FrameRefusal;

void hammer_answer(std::string_view bytes) {
  const auto frame = hammer::next_answer(bytes);
  if (!frame) {
    if (frame.error() == FrameRefusal::malformed) {
      const auto longer = hammer::next_answer(std::string(bytes) + "x");
      CHECK(!longer && longer.error() == FrameRefusal::malformed);
    }
    return;
  }
  CHECK(frame->status >= 100 && frame->status <= 999);
  CHECK(frame->head_size <= frame->size && frame->size <= bytes.size());
  const auto alone = hammer::next_answer(bytes.substr(0, frame->size));
  CHECK(alone && alone->status == frame->status && alone->size == frame->size);
  const auto less = hammer::next_answer(bytes.substr(0, frame->size - 1));
  CHECK(!less && less.error() == FrameRefusal::incomplete);
  const hammer::Answer answer{frame->status, std::string(bytes.substr(0, frame->head_size)), ""};
  CHECK(answer.header("Content-Length").find_first_not_of("0123456789") == std::string_view::npos);
}

}  // namespace daozhang::fuzz
