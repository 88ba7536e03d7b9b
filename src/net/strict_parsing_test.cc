// What a server that is lenient would misread (A15, A16, A33 of the attack list): every row is
// refused, and the connection is closed so that nothing behind it is taken for a request.
#include <gtest/gtest.h>

#include <atomic>
#include <ostream>
#include <string>

#include "net/http_server.h"
#include "net/loopback_socket.h"

namespace daozhang::net {
namespace {

struct BadInput {
  const char* name;
  std::string bytes;
  int status;
  friend void PrintTo(const BadInput& input, std::ostream* out) { *out << input.name; }
};

std::string get_with(const std::string& headers) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}
std::string post_with(const std::string& headers, const std::string& body = "") {
  return "POST /small HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

const std::vector<BadInput> bad_inputs{
    {"LengthAndCoding", post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"CodingAndLength", post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
    {"TwoLengths", post_with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
    {"TwoEqualLengths", post_with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
    {"LengthList", post_with("Content-Length: 5, 5\r\n"), 400},
    {"LengthSigned", post_with("Content-Length: +5\r\n"), 400},
    {"LengthNegative", post_with("Content-Length: -5\r\n"), 400},
    {"LengthHex", post_with("Content-Length: 0x5\r\n"), 400},
    {"LengthEmpty", post_with("Content-Length:\r\n"), 400},
    {"LengthOverflow", post_with("Content-Length: 99999999999999999999999\r\n"), 400},
    {"CodingNotLast", post_with("Transfer-Encoding: chunked ,x\r\n"), 400},
    {"CodingDoubled", post_with("Transfer-Encoding: chunked, chunked\r\n"), 400},
    {"CodingTwice", post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"CodingGzip", post_with("Transfer-Encoding: gzip, chunked\r\n"), 400},
    {"CodingIdentity", post_with("Transfer-Encoding: identity\r\n"), 400},
    {"SpaceBeforeColon", get_with("Content-Length : 5\r\n"), 400},
    {"BareLineFeed", "GET / HTTP/1.1\nHost: a\n\n", 400},
    {"BareLineFeedInHeader", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
    {"BareCarriageReturn", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", 400},
    {"FoldedLine", get_with("X-A: b\r\n c\r\n"), 400},
    {"FoldedFirstLine", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {"FoldedByTab", get_with("X-A: b\r\n\tc\r\n"), 400},
    {"LeadingEmptyLine", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NulInHeader", get_with(std::string("X-A: b\0c\r\n", 10)), 400},
    {"HeaderWithoutColon", get_with("X-A\r\n"), 400},
    {"EmptyHeaderName", get_with(": b\r\n"), 400},
    {"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
    {"TwoHosts", get_with("Host: b\r\n"), 400},
    {"AbsoluteTarget", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"TargetWithFragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"TargetWithSpace", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 505},
    {"BadEscapeInPath", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NulInPath", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"BadEscapeInQuery", "GET /?a=%1 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"RawByteInPath", "GET /\xe5\x8d\xa1 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"RawByteInQuery", "GET /?a=\xe5 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NoVersion", "GET /\r\nHost: a\r\n\r\n", 400},
    {"OtherVersion", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
    {"Garbage", "\x16\x03\x01\x02\r\n\r\n", 400},
    {"Trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"Connect", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"UnknownMethod", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"LowerCaseMethod", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"HeaderTooLarge", get_with("X-A: " + std::string(20'000, 'b') + "\r\n"), 431},
    {"HeaderWithoutEnd", "GET /" + std::string(1'000'000, 'a'), 431},
    {"UnknownExpectation", post_with("Expect: 200-ok\r\nContent-Length: 1\r\n"), 417},
    {"BodyTooLarge", post_with("Content-Length: 1001\r\n"), 413},
    {"ChunkTooLarge", post_with("Transfer-Encoding: chunked\r\n", "3e9\r\n"), 413},
    {"ChunksTooLarge", post_with("Transfer-Encoding: chunked\r\n", "1\r\na\r\n3e8\r\n"), 413},
    {"ChunkSizeBad", post_with("Transfer-Encoding: chunked\r\n", "g\r\n"), 400},
    {"ChunkSizeOverflow", post_with("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"),
     400},
    {"ChunkSizeByBareLineFeed", post_with("Transfer-Encoding: chunked\r\n", "1\na\r\n0\r\n\r\n"),
     400},
    {"ChunkWithoutEnd", post_with("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n"), 400},
    {"ChunkExtension", post_with("Transfer-Encoding: chunked\r\n", "1;a=b\r\nx\r\n0\r\n\r\n"), 400},
    {"ChunkHeaderEndless",
     post_with("Transfer-Encoding: chunked\r\n", "1;" + std::string(40'000, 'a')), 400},
};

class StrictParsing : public testing::TestWithParam<BadInput> {
 protected:
  StrictParsing() : server_(ServerOptions{}, router()) {}

  Router router() {
    Router router;
    const Handler count = [this](Request&&, Responder responder) {
      ++handled_;
      responder.send(text_response(200, "ok"));
    };
    router.add(Method::get, "/", count);
    router.add(Method::post, "/small", count, {.body_bytes_max = 1000});
    return router;
  }

  std::atomic<int> handled_{0};
  HttpServer server_;
};

TEST_P(StrictParsing, IsRefusedAndClosed) {
  ASSERT_TRUE(server_.start());
  LoopbackSocket socket(server_.port());
  // A second request waits behind the bad one: it must never be answered.
  socket.write(GetParam().bytes + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = socket.read_to_end();
  const std::string status_line = "HTTP/1.1 " + std::to_string(GetParam().status) + " ";
  EXPECT_EQ(answer.substr(0, status_line.size()), status_line);
  EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_EQ(answer.find("HTTP/1.1 200"), std::string::npos) << answer;
  EXPECT_EQ(handled_, 0);
  EXPECT_EQ(server_.counts().refused, 1U);
}

INSTANTIATE_TEST_SUITE_P(Rows, StrictParsing, testing::ValuesIn(bad_inputs),
                         [](const auto& row) { return std::string(row.param.name); });

class StrictParsingByBytes : public StrictParsing {};

TEST_P(StrictParsingByBytes, IsRefusedTheSameWhenItArrivesByteByByte) {
  ASSERT_TRUE(server_.start());
  LoopbackSocket socket(server_.port());
  for (const char c : GetParam().bytes) {
    if (!socket.write(std::string_view(&c, 1))) break;
  }
  const std::string answer = socket.read_through("\r\n");
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 " + std::to_string(GetParam().status));
  EXPECT_EQ(handled_, 0);
}

std::vector<BadInput> short_inputs() {
  std::vector<BadInput> rows;
  for (const BadInput& row : bad_inputs) {
    if (row.bytes.size() < 200) rows.push_back(row);
  }
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Rows, StrictParsingByBytes, testing::ValuesIn(short_inputs()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace daozhang::net
