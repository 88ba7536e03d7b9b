// Ready-made answers: JSON, text and RFC 9457 problems.
#include <array>
#include <utility>

#include "net/http_message.h"

namespace daozhang::net {
namespace {

struct StatusPhrase {
  int status;
  std::string_view phrase;
};

constexpr std::array phrases{
    StatusPhrase{200, "OK"},
    StatusPhrase{201, "Created"},
    StatusPhrase{202, "Accepted"},
    StatusPhrase{204, "No Content"},
    StatusPhrase{301, "Moved Permanently"},
    StatusPhrase{302, "Found"},
    StatusPhrase{303, "See Other"},
    StatusPhrase{304, "Not Modified"},
    StatusPhrase{307, "Temporary Redirect"},
    StatusPhrase{308, "Permanent Redirect"},
    StatusPhrase{400, "Bad Request"},
    StatusPhrase{401, "Unauthorized"},
    StatusPhrase{402, "Payment Required"},
    StatusPhrase{403, "Forbidden"},
    StatusPhrase{404, "Not Found"},
    StatusPhrase{405, "Method Not Allowed"},
    StatusPhrase{406, "Not Acceptable"},
    StatusPhrase{408, "Request Timeout"},
    StatusPhrase{409, "Conflict"},
    StatusPhrase{410, "Gone"},
    StatusPhrase{412, "Precondition Failed"},
    StatusPhrase{413, "Content Too Large"},
    StatusPhrase{414, "URI Too Long"},
    StatusPhrase{415, "Unsupported Media Type"},
    StatusPhrase{417, "Expectation Failed"},
    StatusPhrase{422, "Unprocessable Content"},
    StatusPhrase{425, "Too Early"},
    StatusPhrase{428, "Precondition Required"},
    StatusPhrase{429, "Too Many Requests"},
    StatusPhrase{431, "Request Header Fields Too Large"},
    StatusPhrase{500, "Internal Server Error"},
    StatusPhrase{501, "Not Implemented"},
    StatusPhrase{502, "Bad Gateway"},
    StatusPhrase{503, "Service Unavailable"},
    StatusPhrase{504, "Gateway Timeout"},
    StatusPhrase{505, "HTTP Version Not Supported"},
};

}  // namespace

std::string_view reason_phrase(int status) {
  for (const StatusPhrase& entry : phrases) {
    if (entry.status == status) return entry.phrase;
  }
  return "Unknown";
}

std::string json_quoted(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
  return out;
}

Response json_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.with("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

Response text_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.with("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(body);
  return response;
}

Response problem_response(int status, std::string_view code, std::string_view detail) {
  Response response;
  response.status = status;
  response.with("Content-Type", "application/problem+json");
  response.with("Cache-Control", "no-store");
  std::string& body = response.body;
  body = R"({"type":"about:blank","title":)";
  body += json_quoted(reason_phrase(status));
  body += ",\"status\":" + std::to_string(status);
  if (!detail.empty()) body += ",\"detail\":" + json_quoted(detail);
  body += ",\"code\":" + json_quoted(code) + "}";
  return response;
}

}  // namespace daozhang::net
