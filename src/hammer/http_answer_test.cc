#include "hammer/http_answer.h"

#include <gtest/gtest.h>

namespace daozhang::hammer {
namespace {

TEST(HttpAnswer, OneAnswerIsCutFromTwo) {
  const std::string first = "HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok";
  const auto frame = next_answer(first + "HTTP/1.1 200 OK\r\n");
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->status, 201);
  EXPECT_EQ(frame->size, first.size());
  EXPECT_EQ(first.substr(frame->head_size), "ok");
}

TEST(HttpAnswer, ACutAnswerIsIncomplete) {
  const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(next_answer(whole.substr(0, size)).error(), FrameRefusal::incomplete) << size;
  EXPECT_TRUE(next_answer(whole));
}

TEST(HttpAnswer, WhatIsNoAnswerIsMalformed) {
  for (const char* text :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 x00 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 -20 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n", "\r\n\r\n"})
    EXPECT_EQ(next_answer(text).error(), FrameRefusal::malformed) << text;
}

TEST(HttpAnswer, HeadersAreFoundByName) {
  const Answer answer{302, "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", ""};
  EXPECT_EQ(answer.header("Location"), "/x");
  EXPECT_EQ(answer.header("Locatio"), "");
  EXPECT_EQ(answer.header("Age"), "");
}

}  // namespace
}  // namespace daozhang::hammer
