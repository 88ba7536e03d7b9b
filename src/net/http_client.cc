#include "net/http_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"

namespace daozhang::net {
namespace {

constexpr std::size_t reply_header_bytes_max = 64 * 1024;

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

struct Call {
  OutgoingRequest request;
  HttpClient::Done done;
  OutgoingResult result;
  const AddressRule* rule = nullptr;
  curl_slist* header_list = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_text{};
  std::size_t header_bytes = 0;
  // Set when the connection stands and the request is about to go out; from then on the other
  // side may have acted.
  bool is_sending = false;
  bool is_refused_address = false;
  bool is_too_large = false;

  ~Call() { curl_slist_free_all(header_list); }
};

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
}

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
  auto& call = *static_cast<Call*>(user);
  std::uint16_t port = 0;
  const std::string text = address_text(&address->addr, &port);
  if (text.empty() || !(*call.rule)(text, port)) {
    call.is_refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int before_request(void* user, char* peer, char*, int peer_port, int) {
  auto& call = *static_cast<Call*>(user);
  // A kept connection was opened under the rule already; asking again costs nothing.
  if (!(*call.rule)(peer, static_cast<std::uint16_t>(peer_port))) {
    call.is_refused_address = true;
    return CURL_PREREQFUNC_ABORT;
  }
  call.is_sending = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* user) {
  auto& call = *static_cast<Call*>(user);
  std::string_view line(bytes, size);
  call.header_bytes += size;
  if (call.header_bytes > reply_header_bytes_max) {
    call.is_too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) call.result.headers = Headers();
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  call.result.headers.add(line.substr(0, colon), value);
  return size;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* user) {
  auto& call = *static_cast<Call*>(user);
  if (call.result.body.size() + size > call.request.reply_bytes_max) {
    call.is_too_large = true;
    return 0;
  }
  call.result.body.append(bytes, size);
  return size;
}

OutgoingFault fault_of(const Call& call, CURLcode code) {
  if (call.is_refused_address) return OutgoingFault::refused_address;
  if (call.is_too_large) return OutgoingFault::reply_too_large;
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

void set_headers(CURL* easy, Call& call) {
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

void set_transport(CURL* easy, Call& call, const ClientOptions& options) {
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

std::string_view to_string(OutgoingOutcome outcome) {
  switch (outcome) {
    case OutgoingOutcome::not_sent:
      return "not_sent";
    case OutgoingOutcome::no_reply:
      return "no_reply";
    case OutgoingOutcome::replied:
      return "replied";
  }
  UNREACHABLE();
}

std::string_view to_string(OutgoingFault fault) {
  switch (fault) {
    case OutgoingFault::none:
      return "none";
    case OutgoingFault::bad_url:
      return "bad_url";
    case OutgoingFault::refused_address:
      return "refused_address";
    case OutgoingFault::resolve_failed:
      return "resolve_failed";
    case OutgoingFault::connect_failed:
      return "connect_failed";
    case OutgoingFault::tls_failed:
      return "tls_failed";
    case OutgoingFault::timed_out:
      return "timed_out";
    case OutgoingFault::broken:
      return "broken";
    case OutgoingFault::reply_too_large:
      return "reply_too_large";
    case OutgoingFault::stopped:
      return "stopped";
    case OutgoingFault::too_many_calls:
      return "too_many_calls";
  }
  UNREACHABLE();
}

class HttpClient::Impl {
 public:
  explicit Impl(ClientOptions options) : options_(std::move(options)) {
    static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
    CHECK(initialized == CURLE_OK);
    multi_ = curl_multi_init();
    CHECK(multi_ != nullptr);
    const auto limit = [this](CURLMoption option, std::size_t value) {
      curl_multi_setopt(multi_, option, static_cast<long>(value));
    };
    limit(CURLMOPT_MAX_HOST_CONNECTIONS, options_.connections_per_host_max);
    limit(CURLMOPT_MAX_TOTAL_CONNECTIONS, options_.connections_max);
    limit(CURLMOPT_MAXCONNECTS, options_.connections_max);
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    stop();
    for (CURL* easy : spare_) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi_);
  }

  void call(OutgoingRequest request, Done done);
  void stop();

 private:
  void run();
  void start(std::unique_ptr<Call> call);
  void finish(CURL* easy, CURLcode code);
  void end(Call& call, OutgoingFault fault, std::string detail);
  void end_all();

  const ClientOptions options_;
  CURLM* multi_ = nullptr;
  std::vector<CURL*> spare_;                                  // Client thread.
  std::unordered_map<CURL*, std::unique_ptr<Call>> running_;  // Client thread.
  std::mutex mutex_;
  std::vector<std::unique_ptr<Call>> waiting_;  // Under mutex_, as the two below.
  std::size_t call_count_ = 0;
  bool is_stopping_ = false;
  std::mutex join_mutex_;
  std::thread thread_;
};

void HttpClient::Impl::call(OutgoingRequest request, Done done) {
  auto call = std::make_unique<Call>();
  call->request = std::move(request);
  call->done = std::move(done);
  call->rule = &options_.address_rule;
  OutgoingFault refusal = OutgoingFault::none;
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) {
      refusal = OutgoingFault::stopped;
    } else if (call_count_ >= options_.call_count_max) {
      refusal = OutgoingFault::too_many_calls;
    } else {
      ++call_count_;
      was_empty = waiting_.empty();
      waiting_.push_back(std::move(call));
    }
  }
  if (refusal != OutgoingFault::none) {
    call->result.fault = refusal;
    return call->done(std::move(call->result));
  }
  if (was_empty) curl_multi_wakeup(multi_);
}

void HttpClient::Impl::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  curl_multi_wakeup(multi_);
  const std::lock_guard lock(join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void HttpClient::Impl::run() {
  // A peer that closes early must cost a call, not the process.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  for (;;) {
    std::vector<std::unique_ptr<Call>> taken;
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) break;
      taken.swap(waiting_);
    }
    for (auto& call : taken) start(std::move(call));
    int running_count = 0;
    curl_multi_perform(multi_, &running_count);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
    }
    curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
  }
  end_all();
}

void HttpClient::Impl::start(std::unique_ptr<Call> call) {
  if (!is_sound(call->request)) {
    return end(*call, OutgoingFault::bad_url, "not an http or https URL, or a bad header");
  }
  CURL* easy = nullptr;
  if (spare_.empty()) {
    easy = curl_easy_init();
    CHECK(easy != nullptr);
  } else {
    easy = spare_.back();
    spare_.pop_back();
  }
  curl_easy_setopt(easy, CURLOPT_URL, call->request.url.c_str());
  set_transport(easy, *call, options_);
  set_method(easy, call->request);
  set_headers(easy, *call);
  running_[easy] = std::move(call);
  curl_multi_add_handle(multi_, easy);
}

void HttpClient::Impl::finish(CURL* easy, CURLcode code) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_multi_remove_handle(multi_, easy);
  const auto found = running_.find(easy);
  CHECK(found != running_.end());
  const auto call = std::move(found->second);
  running_.erase(found);
  curl_easy_reset(easy);
  spare_.push_back(easy);
  if (code == CURLE_OK && status >= 200) {
    call->result.status = static_cast<int>(status);
    return end(*call, OutgoingFault::none, {});
  }
  const char* const text =
      call->error_text[0] != '\0' ? call->error_text.data() : curl_easy_strerror(code);
  end(*call, code == CURLE_OK ? OutgoingFault::broken : fault_of(*call, code), text);
}

void HttpClient::Impl::end(Call& call, OutgoingFault fault, std::string detail) {
  {
    const std::lock_guard lock(mutex_);
    --call_count_;
  }
  OutgoingResult& result = call.result;
  result.fault = fault;
  result.detail = std::move(detail);
  if (fault == OutgoingFault::none) {
    result.outcome = OutgoingOutcome::replied;
  } else {
    result.outcome = call.is_sending ? OutgoingOutcome::no_reply : OutgoingOutcome::not_sent;
    result.headers = Headers();
    result.body.clear();
  }
  call.done(std::move(result));
}

void HttpClient::Impl::end_all() {
  for (auto& [easy, call] : running_) {
    curl_multi_remove_handle(multi_, easy);
    curl_easy_cleanup(easy);
    end(*call, OutgoingFault::stopped, "the client was stopped");
  }
  running_.clear();
  std::vector<std::unique_ptr<Call>> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(waiting_);
  }
  for (auto& call : taken) end(*call, OutgoingFault::stopped, "the client was stopped");
}

HttpClient::HttpClient(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpClient::~HttpClient() = default;
void HttpClient::call(OutgoingRequest request, Done done) {
  impl_->call(std::move(request), std::move(done));
}
void HttpClient::stop() { impl_->stop(); }

}  // namespace daozhang::net
