#include "net/http_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "net/outgoing_call.h"

namespace daozhang::net {

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

std::string words_of(const OutgoingResult& result) {
  if (result.outcome == OutgoingOutcome::replied) return "http_" + std::to_string(result.status);
  return std::string(to_string(result.outcome)).append(": ").append(to_string(result.fault));
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
    case OutgoingFault::reply_not_taken:
      return "reply_not_taken";
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
  void start(std::unique_ptr<OutgoingCall> call);
  void finish(CURL* easy, CURLcode code);
  void end(OutgoingCall& call, OutgoingFault fault, std::string detail);
  void end_all();

  const ClientOptions options_;
  CURLM* multi_ = nullptr;
  std::vector<CURL*> spare_;                                          // Client thread.
  std::unordered_map<CURL*, std::unique_ptr<OutgoingCall>> running_;  // Client thread.
  std::mutex mutex_;
  std::vector<std::unique_ptr<OutgoingCall>> waiting_;  // Under mutex_, as the two below.
  std::size_t call_count_ = 0;
  bool is_stopping_ = false;
  std::mutex join_mutex_;
  std::thread thread_;
};

void HttpClient::Impl::call(OutgoingRequest request, Done done) {
  auto call = std::make_unique<OutgoingCall>();
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
    std::vector<std::unique_ptr<OutgoingCall>> taken;
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

void HttpClient::Impl::start(std::unique_ptr<OutgoingCall> call) {
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
  prepare(easy, *call, options_);
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

void HttpClient::Impl::end(OutgoingCall& call, OutgoingFault fault, std::string detail) {
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
  std::vector<std::unique_ptr<OutgoingCall>> taken;
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
