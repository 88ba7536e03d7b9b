// What the server hands to a handler and takes back. Plain values: no thread, no driver type.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/form.h"

namespace daozhang::net {

enum class Method { get, head, post, put, patch, delete_, options };
std::string_view to_string(Method method);  // "GET", …
std::optional<Method> method_from(std::string_view name);

// Without case.
bool is_same_header_name(std::string_view a, std::string_view b);

// Header fields in their order; names compare without case. Kept in one block of bytes, so a view
// returned here dies with the next `add`, or when the object is moved or destroyed.
class Headers {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  void add(std::string_view name, std::string_view value);
  // The first value; nothing if the field is absent.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] std::size_t size() const { return spans_.size(); }
  [[nodiscard]] Field at(std::size_t index) const;

 private:
  struct Span {
    std::uint32_t name_begin, name_size, value_begin, value_size;
  };
  std::string bytes_;
  std::vector<Span> spans_;
};

struct Request {
  Method method = Method::get;
  std::string target;  // As sent: path, and query behind `?`.
  std::string path;    // Still percent-encoded; captures below are decoded.
  Form query;          // Decoded once.
  Headers headers;
  std::string body;
  std::string peer_address;    // Of the TCP connection, without port.
  std::string client_address;  // The same, or what a trusted proxy says it is.
  std::string request_id;      // Ours, 24 characters [0-9a-f], also sent back as X-Request-Id.
  std::vector<FormField> captures;

  // The decoded part of the path under `{name}` of the route. The route must have it.
  [[nodiscard]] std::string_view capture(std::string_view name) const;
  // The header's first value, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  // True for `application/json` with or without parameters when asked for "application/json".
  [[nodiscard]] bool has_content_type(std::string_view media_type) const;
  // The value of one cookie; nothing if absent or sent twice.
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::vector<FormField> headers;  // Content-Length, Date, Connection and X-Request-Id are added.
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // Instead of `body` when set.
  bool close = false;                              // Ends the connection after this answer.

  Response& with(std::string name, std::string value);
};

// `body` is JSON already.
Response json_response(int status, std::string body);
Response text_response(int status, std::string body);
// RFC 9457 application/problem+json with `type`, `title`, `status`, `detail` and `code`; `code` is
// the refusal's name, and the only member that a program should read.
Response problem_response(int status, std::string_view code, std::string_view detail = {});
// The standard reason phrase, for example "Not Found".
std::string_view reason_phrase(int status);

// `text` with quotes, as a JSON string. Bytes that are not UTF-8 must not come in.
std::string json_quoted(std::string_view text);

}  // namespace daozhang::net
