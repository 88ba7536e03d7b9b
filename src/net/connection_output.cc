// The writing half of Connection: answers, streams, and the end of a connection.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "net/connection.h"

namespace daozhang::net {
namespace {

using ErrorCode = boost::system::error_code;

constexpr base::Duration linger_time_max = base::seconds(5);

bool is_header_safe(const FormField& field) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
  return !field.name.empty() && std::none_of(field.value.begin(), field.value.end(), is_control) &&
         std::none_of(field.name.begin(), field.name.end(),
                      [&](char c) { return is_control(c) || c == ':' || c == ' '; });
}

}  // namespace

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
  on_answered({method_, path_, route, peer_address_, client_address_, request_id_, status, took});
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
