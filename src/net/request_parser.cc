#include "net/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <limits>

namespace daozhang::net {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t header_field_count_max = 100;

std::string_view plain(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Beast 1.81 asserts that a last chunk, begun with its first three bytes, goes on with two more. A
// chunked body never ends in less than these five, so there is nothing to lose by waiting.
bool is_cut_last_chunk(std::string_view bytes) {
  return bytes.size() < 5 && bytes.starts_with('0');
}

}  // namespace

HeadScanner::Verdict HeadScanner::scan(std::string_view bytes) {
  for (;;) {
    const std::size_t line_feed = bytes.find('\n', position_);
    if (line_feed == std::string_view::npos) {
      position_ = bytes.size();
      return Verdict::need_more;
    }
    position_ = line_feed + 1;
    if (line_feed == 0 || bytes[line_feed - 1] != '\r') return Verdict::bad;
    const bool is_first = line_begin_ == 0;
    const bool is_empty = line_feed - line_begin_ == 1;
    const bool is_folded = bytes[line_begin_] == ' ' || bytes[line_begin_] == '\t';
    if (is_folded || (is_first && is_empty)) return Verdict::bad;
    if (is_empty) return Verdict::complete;
    line_begin_ = position_;
  }
}

RequestParser::RequestParser() {
  header_limit(std::numeric_limits<std::uint32_t>::max());
  body_limit(boost::none);
}

void RequestParser::fail(ErrorCode& error, int status, std::string_view code,
                         std::string_view detail) {
  if (!failure_) failure_ = ParseFailure{status, code, detail};
  error = http::error::bad_value;
}

std::size_t RequestParser::read_head(std::string_view bytes) {
  ErrorCode error;
  const std::size_t used = put(boost::asio::buffer(bytes), error);
  if (!error && !is_header_done()) error = http::error::partial_message;
  if (error == http::error::bad_version) {
    fail(error, 505, "http_version_not_supported", "HTTP/1.1 is spoken here");
  } else if (error) {
    fail(error, 400, "bad_request", "the head is malformed");
  }
  return used;
}

std::size_t RequestParser::read_body(std::string_view bytes) {
  ErrorCode error;
  std::size_t used = 0;
  // Without `eager` the parser stops behind each piece.
  while (!is_done() && used < bytes.size()) {
    if (chunked() && is_cut_last_chunk(bytes.substr(used))) break;
    used += put(boost::asio::buffer(bytes.substr(used)), error);
    if (error == http::error::need_more) break;
    if (error == http::error::body_limit) {
      fail(error, 413, "body_too_large", "the body is over this route's limit");
    } else if (error) {
      fail(error, 400, "bad_request", "the body is malformed");
    }
    if (error) break;
  }
  return used;
}

std::optional<std::uint64_t> RequestParser::body_size() const {
  const auto length = content_length();
  if (!length) return std::nullopt;
  return *length;
}

void RequestParser::on_request_impl(http::verb, StringView method, StringView target, int version,
                                    ErrorCode& error) {
  version_ = version;
  request.target = plain(target);
  take_target(error);
  if (failure_) return;
  const auto known = method_from(plain(method));
  if (known) {
    request.method = *known;
    return;
  }
  const bool is_forbidden = plain(method) == "TRACE" || plain(method) == "CONNECT";
  if (is_forbidden) return fail(error, 405, "method_not_allowed", "never allowed here");
  fail(error, 501, "method_unknown", "this method is not known");
}

void RequestParser::take_target(ErrorCode& error) {
  const std::string_view target = request.target;
  if (target.front() != '/' && target != "*") {
    return fail(error, 400, "bad_request", "the target must be a path");
  }
  if (target.find('#') != std::string_view::npos) {
    return fail(error, 400, "bad_request", "a target has no fragment");
  }
  // Beast lets bytes above ASCII pass, which no two readers decode alike.
  if (std::any_of(target.begin(), target.end(), [](char c) { return c <= ' ' || c > '~'; })) {
    return fail(error, 400, "bad_request", "a target is ASCII; other bytes are percent-escaped");
  }
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  const auto decoded = percent_decode(request.path);
  if (!decoded || decoded->find('\0') != std::string::npos) {
    return fail(error, 400, "bad_escape", "the path has a bad percent-escape");
  }
  if (question == std::string_view::npos) return;
  auto query = Form::parse(target.substr(question + 1));
  if (!query) return fail(error, 400, "bad_escape", "the query can not be decoded");
  request.query = std::move(*query);
}

void RequestParser::on_field_impl(http::field name, StringView name_text, StringView value,
                                  ErrorCode& error) {
  if (head_done_) return;  // Trailers carry nothing for us.
  if (request.headers.size() == header_field_count_max) {
    return fail(error, 431, "header_too_large", "too many header fields");
  }
  if (name == http::field::host) ++host_count_;
  if (name == http::field::content_length) {
    ++length_count_;
    if (!all_digits(plain(value))) return fail(error, 400, "bad_request", "bad Content-Length");
  }
  if (name == http::field::transfer_encoding) {
    ++coding_count_;
    if (!boost::beast::iequals(value, "chunked") || version_ == 10) {
      return fail(error, 400, "bad_request", "the only transfer coding is chunked");
    }
  }
  if (name == http::field::expect) {
    if (!boost::beast::iequals(value, "100-continue")) {
      return fail(error, 417, "expectation_failed", "the only expectation is 100-continue");
    }
    expects_continue_ = version_ == 11;
  }
  request.headers.add(plain(name_text), plain(value));
}

void RequestParser::on_header_impl(ErrorCode& error) {
  head_done_ = true;
  if (length_count_ + coding_count_ > 1) {
    return fail(error, 400, "bad_request", "more than one statement of the body's length");
  }
  if (host_count_ > 1 || (host_count_ == 0 && version_ == 11)) {
    return fail(error, 400, "bad_request", "exactly one Host is needed");
  }
}

std::size_t RequestParser::on_body_impl(StringView bytes, ErrorCode&) {
  request.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, StringView extensions, ErrorCode& error) {
  if (!extensions.empty()) fail(error, 400, "bad_request", "chunk extensions are not taken");
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, StringView bytes, ErrorCode&) {
  request.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

}  // namespace daozhang::net
