#include "net/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <chrono>
#include <ctime>
#include <utility>

#include "base/check.h"

namespace daozhang::net {
namespace {

using ErrorCode = boost::system::error_code;

constexpr std::size_t out_bytes_before_flush = 64 * 1024;
constexpr std::size_t kept_capacity_max = 16 * 1024;
constexpr std::size_t chunk_line_bytes_max = 16 * 1024;
constexpr std::size_t lingered_bytes_max = 1024 * 1024;
constexpr base::Duration linger_time_max = base::seconds(2);

std::int64_t monotonic_micros() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

bool is_header_safe(const FormField& field) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
  return !field.name.empty() && std::none_of(field.value.begin(), field.value.end(), is_control) &&
         std::none_of(field.name.begin(), field.name.end(),
                      [&](char c) { return is_control(c) || c == ':' || c == ' '; });
}

void release_if_large(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kept_capacity_max) buffer.shrink_to_fit();
}

}  // namespace

std::string ServerShard::next_request_id() {
  constexpr char digits[] = "0123456789abcdef";
  std::string id = request_id_prefix;
  const std::uint64_t n = request_id_next++;
  for (int shift = 60; shift >= 0; shift -= 4) id.push_back(digits[(n >> shift) & 15]);
  return id;
}

const std::string& ServerShard::http_date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 64> text{};
    const std::size_t size =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date.assign(text.data(), size);
    date_second = now;
  }
  return date;
}

void ServerShard::sweep() {
  const std::int64_t now = monotonic_micros();
  const std::vector<std::shared_ptr<Connection>> all(connections.begin(), connections.end());
  for (const auto& connection : all) connection->sweep(now);
}

Connection::Connection(std::shared_ptr<ServerShard> shard, Socket socket)
    : shard_(std::move(shard)), socket_(std::move(socket)) {}

void Connection::set_deadline(base::Duration from_now) {
  deadline_ = monotonic_micros() + from_now.micros;
}

void Connection::start() {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  const auto peer = socket_.remote_endpoint(ignored);
  peer_address_ = peer.address().to_string();
  shard_->connections.insert(shared_from_this());
  if (shard_->is_draining) return close();
  set_deadline(shard_->shared->options.idle_time_max);
  wait_readable();
}

void Connection::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  const auto self = shared_from_this();
  ErrorCode ignored;
  socket_.close(ignored);
  if (stream_ != nullptr) {
    --shard_->shared->stream_count;
    stream_->ended();
  }
  shard_->connections.erase(self);
  --shard_->shared->connection_count;
}

void Connection::drain() {
  if (state_ == State::streaming) return stream_->close();
  if (state_ == State::reading_head && in_.empty() && !is_waiting_writable_) close();
}

void Connection::sweep(std::int64_t now) {
  if (now < deadline_ || state_ == State::closed) return;
  if (is_waiting_writable_) return close();
  switch (state_) {
    case State::reading_head:
      if (in_.empty()) return close();
      refuse(408, "request_too_slow", "the head did not arrive in time");
      return;
    case State::reading_body:
      refuse(408, "request_too_slow", "the body did not arrive in time");
      return;
    case State::answering: {
      keeps_alive_ = false;
      return take_answer(problem_response(503, "answer_timed_out"));
    }
    case State::streaming:
      set_deadline(shard_->shared->options.heartbeat);
      out_ += ":\n\n";
      return flush();
    case State::ending:
    case State::lingering:
    case State::closed:
      return close();
  }
}

void Connection::wait_readable() {
  if (is_waiting_readable_ || state_ == State::closed) return;
  is_waiting_readable_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const ErrorCode& error) {
    self->is_waiting_readable_ = false;
    if (self->state_ == State::closed) return;
    if (error) return self->close();
    self->on_readable();
  });
}

void Connection::on_readable() {
  if (state_ == State::answering || state_ == State::ending) return;
  auto& scratch = shard_->scratch;
  ErrorCode error;
  const std::size_t n = socket_.read_some(boost::asio::buffer(scratch), error);
  if (error == boost::asio::error::would_block) return wait_readable();
  if (error) return close();
  if (state_ == State::streaming || state_ == State::lingering) {
    lingered_bytes_ += n;
    if (lingered_bytes_ > lingered_bytes_max) return close();
    return wait_readable();
  }
  in_.append(scratch.data(), n);
  process();
}

void Connection::process() {
  if (is_processing_) return;
  is_processing_ = true;
  bool goes_on = true;
  while (goes_on && !is_waiting_writable_) {
    if (state_ == State::reading_head) {
      goes_on = take_head();
    } else if (state_ == State::reading_body) {
      goes_on = take_body();
    } else {
      break;
    }
    if (out_.size() > out_bytes_before_flush) flush();
  }
  flush();
  is_processing_ = false;
  const bool reads = state_ == State::reading_head || state_ == State::reading_body;
  if (reads && !is_waiting_writable_) wait_readable();
}

bool Connection::take_head() {
  const ServerOptions& options = shard_->shared->options;
  if (in_.empty()) {
    if (shard_->is_draining && out_.empty()) close();
    return false;
  }
  if (scanner_.head_size() == 0) {
    set_deadline(options.header_time_max);
    request_begin_ = monotonic_micros();
    request_id_ = shard_->next_request_id();
    method_ = Method::get;
    match_ = RouteMatch();
    keeps_alive_ = true;
  }
  const HeadScanner::Verdict verdict = scanner_.scan(in_);
  if (verdict == HeadScanner::Verdict::bad) {
    return refuse(400, "bad_request", "the head has a bare line feed or a folded line");
  }
  if (scanner_.head_size() > options.header_bytes_max) {
    return refuse(431, "header_too_large", "the head is too large");
  }
  if (verdict == HeadScanner::Verdict::need_more) return false;
  parser_.emplace();
  parser_->read_head(std::string_view(in_).substr(0, scanner_.head_size()));
  in_.erase(0, scanner_.head_size());
  if (in_.empty()) release_if_large(in_);
  scanner_.reset();
  method_ = parser_->request.method;
  if (const auto failure = parser_->failure()) {
    keeps_alive_ = false;
    Response response = problem_response(failure->status, failure->code, failure->detail);
    if (failure->status == 405) {
      response.with("Allow", shard_->shared->router.allowed(parser_->request.path));
    }
    return refuse_with(std::move(response));
  }
  keeps_alive_ = parser_->keeps_alive();
  return begin_body();
}

bool Connection::begin_body() {
  Request& request = parser_->request;
  const bool has_body = !parser_->complete();
  match_ = shard_->shared->router.find(request.method, request.path);
  if (has_body && match_.route == nullptr) keeps_alive_ = false;
  if (match_.route == nullptr && match_.allow.empty()) {
    return refuse_with(problem_response(404, "not_found"));
  }
  if (match_.route == nullptr) {
    Response response = problem_response(405, "method_not_allowed");
    return refuse_with(std::move(response.with("Allow", match_.allow)));
  }
  if (match_.bad_escape) return refuse(400, "bad_escape", "the path has a bad percent-escape");
  const RouteOptions& options = match_.route->options;
  if (parser_->body_size().value_or(0) > options.body_bytes_max) {
    return refuse(413, "body_too_large", "the body is over this route's limit");
  }
  request.captures = std::move(match_.captures);
  request.peer_address = peer_address_;
  request.request_id = request_id_;
  if (options.admit) {
    if (auto refusal = options.admit(request)) {
      if (has_body) keeps_alive_ = false;
      return refuse_with(std::move(*refusal));
    }
  }
  if (!has_body) return dispatch();
  parser_->limit_body(options.body_bytes_max);
  state_ = State::reading_body;
  set_deadline(shard_->shared->options.body_time_max);
  if (parser_->expects_continue() && in_.empty()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  return true;
}

bool Connection::take_body() {
  if (in_.empty()) return false;
  in_.erase(0, parser_->read_body(in_));
  if (const auto failure = parser_->failure()) {
    return refuse(failure->status, failure->code, failure->detail);
  }
  if (parser_->complete()) return dispatch();
  if (in_.size() > chunk_line_bytes_max) {
    return refuse(400, "bad_request", "a chunk header is too long");
  }
  return false;
}

bool Connection::dispatch() {
  Request request = std::move(parser_->request);
  parser_.reset();
  if (in_.empty()) release_if_large(in_);
  if (shard_->shared->options.on_answered) path_ = request.path;
  state_ = State::answering;
  set_deadline(shard_->shared->options.answer_time_max);
  try {
    match_.route->handler(std::move(request), Responder(shared_from_this()));
  } catch (...) {
    // The Responder died with the handler's frame and has answered 500.
    return true;
  }
  return true;
}

bool Connection::refuse(int status, std::string_view code, std::string_view detail) {
  keeps_alive_ = false;
  return refuse_with(problem_response(status, code, detail));
}

bool Connection::refuse_with(Response response) {
  ++shard_->shared->refused_count;
  if (parser_ && shard_->shared->options.on_answered) path_ = parser_->request.path;
  parser_.reset();
  state_ = State::answering;
  take_answer(std::move(response));
  return true;
}

void Connection::answer(Response response) {
  if (shard_->loop->is_current()) return take_answer(std::move(response));
  shard_->loop->post([self = shared_from_this(), kept = std::move(response)]() mutable {
    self->take_answer(std::move(kept));
  });
}

void Connection::take_answer(Response response) {
  if (state_ != State::answering) return;
  if (response.close || shard_->is_draining) keeps_alive_ = false;
  if (!std::all_of(response.headers.begin(), response.headers.end(), is_header_safe)) {
    response = problem_response(500, "internal_error");
  }
  append_answer(response);
  record(response.status);
  if (keeps_alive_) {
    state_ = State::reading_head;
    set_deadline(shard_->shared->options.idle_time_max);
    return process();
  }
  release_if_large(in_);
  ends_after_write_ = true;
  state_ = State::ending;
  if (!is_processing_) flush();
}

void Connection::append_head(int status, const std::vector<FormField>& headers) {
  out_ += "HTTP/1.1 ";
  out_ += std::to_string(status);
  out_ += ' ';
  out_ += reason_phrase(status);
  out_ += "\r\n";
  for (const FormField& field : headers) {
    out_ += field.name;
    out_ += ": ";
    out_ += field.value;
    out_ += "\r\n";
  }
  out_ += "Date: ";
  out_ += shard_->http_date();
  out_ += "\r\nX-Request-Id: ";
  out_ += request_id_;
  out_ += keeps_alive_ ? "\r\n" : "\r\nConnection: close\r\n";
}

void Connection::append_answer(const Response& response) {
  const std::string& body = response.shared_body != nullptr ? *response.shared_body : response.body;
  const bool has_body = response.status != 204 && response.status != 304;
  append_head(response.status, response.headers);
  if (has_body) {
    out_ += "Content-Length: ";
    out_ += std::to_string(body.size());
    out_ += "\r\n";
  }
  out_ += "\r\n";
  if (has_body && method_ != Method::head) out_ += body;
}

void Connection::record(int status) {
  ++shard_->shared->request_count;
  const auto& on_answered = shard_->shared->options.on_answered;
  if (!on_answered) return;
  const std::string_view route =
      match_.route == nullptr ? std::string_view() : std::string_view(match_.route->pattern);
  const base::Duration took{monotonic_micros() - request_begin_};
  on_answered({method_, path_, route, peer_address_, request_id_, status, took});
  path_.clear();
}

EventStream Connection::open_stream(std::vector<FormField> headers) {
  auto queue = std::make_shared<StreamQueue>(shard_->loop);
  EventStream stream(std::make_shared<EventStreamState>(queue));
  if (shard_->loop->is_current()) {
    start_stream(queue, std::move(headers));
  } else {
    shard_->loop->post([self = shared_from_this(), queue, kept = std::move(headers)]() mutable {
      self->start_stream(queue, std::move(kept));
    });
  }
  return stream;
}

void Connection::start_stream(const std::shared_ptr<StreamQueue>& queue,
                              std::vector<FormField> headers) {
  const bool is_safe = std::all_of(headers.begin(), headers.end(), is_header_safe);
  if (state_ != State::answering || !is_safe) {
    queue->ended();
    return take_answer(problem_response(500, "internal_error"));
  }
  keeps_alive_ = false;
  headers.push_back({"Content-Type", "text/event-stream"});
  headers.push_back({"Cache-Control", "no-store"});
  headers.push_back({"X-Accel-Buffering", "no"});
  append_head(200, headers);
  out_ += "\r\n";
  record(200);
  release_if_large(in_);
  stream_ = queue;
  ++shard_->shared->stream_count;
  stream_->attach(weak_from_this());
  state_ = State::streaming;
  set_deadline(shard_->shared->options.heartbeat);
  if (shard_->is_draining || method_ == Method::head) stream_->close();
  if (!is_processing_) flush();
  wait_readable();
}

void Connection::queue_changed() {
  if (state_ == State::streaming && !is_processing_) flush();
}

bool Connection::refill() {
  if (state_ != State::streaming) return false;
  StreamQueue::Taken taken = stream_->take();
  out_ = std::move(taken.bytes);
  if (taken.is_last) {
    ends_after_write_ = true;
    state_ = State::ending;
  }
  return !out_.empty();
}

void Connection::flush() {
  if (is_waiting_writable_ || state_ == State::closed) return;
  do {
    while (out_written_ < out_.size()) {
      ErrorCode error;
      const std::string_view rest = std::string_view(out_).substr(out_written_);
      out_written_ += socket_.write_some(boost::asio::buffer(rest), error);
      if (error == boost::asio::error::would_block) return wait_writable();
      if (error) return close();
    }
    release_if_large(out_);
    out_written_ = 0;
  } while (refill());
  if (ends_after_write_ && state_ == State::ending) linger();
}

void Connection::wait_writable() {
  is_waiting_writable_ = true;
  set_deadline(shard_->shared->options.write_time_max);
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const ErrorCode& error) {
    self->is_waiting_writable_ = false;
    if (self->state_ == State::closed) return;
    if (error) return self->close();
    self->on_writable();
  });
}

void Connection::on_writable() {
  const ServerOptions& options = shard_->shared->options;
  flush();
  if (is_waiting_writable_) return;
  if (state_ == State::streaming) set_deadline(options.heartbeat);
  if (state_ == State::reading_head) set_deadline(options.idle_time_max);
  if (state_ == State::reading_body) set_deadline(options.body_time_max);
  if (state_ == State::reading_head || state_ == State::reading_body) process();
}

void Connection::linger() {
  state_ = State::lingering;
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  set_deadline(linger_time_max);
  wait_readable();
}

}  // namespace daozhang::net
