#include "net/outgoing_call.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/check.h"

namespace daozhang::net {
namespace {

constexpr std::size_t reply_header_bytes_max = 64 * 1024;

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
}

// Empty for a family that we do not speak.
std::string address_text(const sockaddr* address, std::uint16_t* port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    *port = ntohs(v4->sin_port);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
  } else if (address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    *port = ntohs(v6->sin6_port);
    inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
  }
  return text.data();
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& call = *static_cast<OutgoingCall*>(user);
  std::uint16_t port = 0;
  const std::string text = address_text(&address->addr, &port);
  if (text.empty() || !(*call.rule)(text, port)) {
    call.is_refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int before_request(void* user, char* peer, char*, int peer_port, int) {
  auto& call = *static_cast<OutgoingCall*>(user);
  // A kept connection was opened under the rule already; asking again costs nothing.
  if (!(*call.rule)(peer, static_cast<std::uint16_t>(peer_port))) {
    call.is_refused_address = true;
    return CURL_PREREQFUNC_ABORT;
  }
  call.is_sending = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* user) {
  auto& call = *static_cast<OutgoingCall*>(user);
  std::string_view line(bytes, size);
  call.header_bytes += size;
  if (call.header_bytes > reply_header_bytes_max) {
    call.is_too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    call.result.headers = Headers();
    const std::size_t space = line.find(' ');
    call.is_success = space != std::string_view::npos && line.substr(space + 1).starts_with("200");
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  call.result.headers.add(line.substr(0, colon), value);
  return size;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* user) {
  auto& call = *static_cast<OutgoingCall*>(user);
  call.body_bytes += size;
  if (call.body_bytes > call.request.reply_bytes_max) {
    call.is_too_large = true;
    return 0;
  }
  if (call.request.take_body && call.is_success) {
    call.is_not_taken = !call.request.take_body({bytes, size});
    return call.is_not_taken ? 0 : size;
  }
  call.result.body.append(bytes, size);
  return size;
}

void set_headers(CURL* easy, OutgoingCall& call) {
  bool has_type = false;
  const auto append = [&call](const std::string& line) {
    curl_slist* const longer = curl_slist_append(call.header_list, line.c_str());
    CHECK(longer != nullptr);
    call.header_list = longer;
  };
  for (const FormField& field : call.request.headers) {
    has_type = has_type || curl_strequal(field.name.c_str(), "Content-Type") != 0;
    append(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
  }
  append("Expect:");
  if (!has_type) append("Content-Type:");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call.header_list);
}

void set_method(CURL* easy, const OutgoingRequest& request) {
  if (request.method == Method::head) {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != Method::get || !request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, std::string(to_string(request.method)).c_str());
  }
}

long milliseconds_of(base::Duration duration) {
  return static_cast<long>(std::max<std::int64_t>(1, duration.micros / 1000));
}

void set_transport(CURL* easy, OutgoingCall& call, const ClientOptions& options) {
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Else a slow name server would hold up every other call while a timed-out one is cleaned up.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds_of(call.request.total_time_max));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_of(call.request.connect_time_max));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  if (!options.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  if (!call.request.may_be_sent_twice) {
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  }
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &call);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, &call);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &call);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call.error_text.data());
}

}  // namespace

OutgoingCall::~OutgoingCall() { curl_slist_free_all(header_list); }

bool is_sound(const OutgoingRequest& request) {
  for (const FormField& field : request.headers) {
    if (field.name.empty() || has_control(field.name) || has_control(field.value)) return false;
    if (field.name.find_first_of(": ") != std::string::npos) return false;
  }
  if (has_control(request.url)) return false;
  if (!request.url.starts_with("http://") && !request.url.starts_with("https://")) return false;
  const std::unique_ptr<CURLU, UrlFree> url(curl_url());
  return curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), CURLU_DISALLOW_USER) ==
         CURLUE_OK;
}

OutgoingFault fault_of(const OutgoingCall& call, CURLcode code) {
  if (call.is_refused_address) return OutgoingFault::refused_address;
  if (call.is_too_large) return OutgoingFault::reply_too_large;
  if (call.is_not_taken) return OutgoingFault::reply_not_taken;
  if (code == CURLE_OPERATION_TIMEDOUT) return OutgoingFault::timed_out;
  if (call.is_sending) return OutgoingFault::broken;
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return OutgoingFault::bad_url;
    case CURLE_COULDNT_RESOLVE_HOST:
      return OutgoingFault::resolve_failed;
    case CURLE_COULDNT_CONNECT:
      return OutgoingFault::connect_failed;
    default:
      return OutgoingFault::tls_failed;
  }
}

void prepare(CURL* easy, OutgoingCall& call, const ClientOptions& options) {
  curl_easy_setopt(easy, CURLOPT_URL, call.request.url.c_str());
  set_transport(easy, call, options);
  set_method(easy, call.request);
  set_headers(easy, call);
}

}  // namespace daozhang::net
