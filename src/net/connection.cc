#include "net/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "net/client_address.h"

namespace daozhang::net {
namespace {

using ErrorCode = boost::system::error_code;

constexpr std::size_t out_bytes_before_flush = 64 * 1024;
constexpr std::size_t kept_capacity_max = 16 * 1024;
constexpr std::size_t chunk_line_bytes_max = 16 * 1024;
constexpr std::size_t streaming_bytes_max = 1024 * 1024;
// A client that writes all before it reads would otherwise be reset and never see its refusal.
constexpr std::size_t lingered_bytes_max = 64 * 1024 * 1024;

}  // namespace

Connection::Connection(std::shared_ptr<ServerShard> shard, Socket socket)
    : shard_(std::move(shard)), socket_(std::move(socket)) {}

void release_if_large(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kept_capacity_max) buffer.shrink_to_fit();
}

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
    const bool is_streaming = state_ == State::streaming;
    if (lingered_bytes_ > (is_streaming ? streaming_bytes_max : lingered_bytes_max)) return close();
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
    client_address_.clear();
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
  request.client_address =
      client_address(peer_address_, request.headers, shard_->shared->options.trusted_proxies);
  if (shard_->shared->options.on_answered) client_address_ = request.client_address;
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

}  // namespace daozhang::net
