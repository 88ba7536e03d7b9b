// Strict reading of one request, on Beast's parser; only for net/'s sources.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

#include "net/http_message.h"

namespace daozhang::net {

// Looks for the end of a head while it arrives and refuses what Beast would tolerate or wait on:
// bare LF and folded lines. Bytes are looked at once.
class HeadScanner {
 public:
  enum class Verdict { need_more, complete, bad };
  // `bytes` starts at the request line and only grows between calls.
  Verdict scan(std::string_view bytes);
  void reset() { *this = HeadScanner(); }
  // Behind the empty line; valid when complete.
  [[nodiscard]] std::size_t head_size() const { return position_; }

 private:
  std::size_t position_ = 0;
  std::size_t line_begin_ = 0;
};

struct ParseFailure {
  int status;
  std::string_view code;
  std::string_view detail;
};

class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;
  ~RequestParser() override = default;

  // `bytes` holds a complete head, and perhaps more. Both return the number of bytes used; look
  // at `failure` before anything else.
  std::size_t read_head(std::string_view bytes);
  std::size_t read_body(std::string_view bytes);

  [[nodiscard]] const std::optional<ParseFailure>& failure() const { return failure_; }
  [[nodiscard]] bool complete() const { return is_done(); }
  [[nodiscard]] bool keeps_alive() const { return keep_alive() && version_ == 11; }
  [[nodiscard]] bool is_chunked() const { return chunked(); }
  [[nodiscard]] std::optional<std::uint64_t> body_size() const;
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  void limit_body(std::size_t bytes_max) { body_limit(bytes_max); }

  Request request;

 private:
  using ErrorCode = boost::beast::error_code;
  using StringView = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, StringView method, StringView target, int version,
                       ErrorCode& error) override;
  void on_response_impl(int, StringView, int, ErrorCode&) override {}
  void on_field_impl(boost::beast::http::field name, StringView name_text, StringView value,
                     ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(StringView bytes, ErrorCode& error) override;
  void on_chunk_header_impl(std::uint64_t, StringView extensions, ErrorCode& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t, StringView bytes, ErrorCode& error) override;
  void on_finish_impl(ErrorCode&) override {}

  void fail(ErrorCode& error, int status, std::string_view code, std::string_view detail);
  void take_target(ErrorCode& error);

  std::optional<ParseFailure> failure_;
  int version_ = 11;
  int host_count_ = 0;
  int length_count_ = 0;
  int coding_count_ = 0;
  bool head_done_ = false;
  bool expects_continue_ = false;
};

}  // namespace daozhang::net
