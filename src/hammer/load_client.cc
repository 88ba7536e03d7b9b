#include "hammer/load_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <memory>

#include <fmt/format.h>

namespace daozhang::hammer {
namespace {

std::int64_t now_micros() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string system_problem(std::string_view what) {
  return fmt::format("{}: {}", what, std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

struct Connection {
  explicit Connection(int socket) : descriptor(socket) {}

  Descriptor descriptor;
  std::deque<std::size_t> under_way;  // Requests without answer, in the order sent.
  std::string unsent;
  std::string received;
};

class Load {
 public:
  Load(const LoadOptions& options, std::span<const std::string> requests)
      : options_(options), requests_(requests), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    result_.answers.resize(requests.size());
    result_.took_micros.resize(requests.size());
  }

  base::Result<LoadResult, std::string> run() {
    for (int i = 0; i < options_.connection_count && problem_.empty(); ++i) connect();
    const std::int64_t began = now_micros();
    for (auto& connection : connections_) fill(*connection);
    while (answered_ < requests_.size() && problem_.empty()) turn();
    if (!problem_.empty()) return base::refuse(std::move(problem_));
    result_.window_micros = last_answer_ - began;
    return std::move(result_);
  }

 private:
  void connect() {
    auto connection =
        std::make_unique<Connection>(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int socket = connection->descriptor.get();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      problem_ = system_problem(fmt::format("127.0.0.1:{} can not be reached", options_.port));
      return;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = connection.get();
    if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, socket, &event) != 0)
      problem_ = system_problem("epoll");
    connections_.push_back(std::move(connection));
  }

  void turn() {
    std::array<epoll_event, 256> events{};
    const int count = ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()),
                                   options_.silence_seconds_max * 1000);
    if (count < 0 && errno == EINTR) return;
    if (count <= 0) {
      problem_ = count < 0 ? system_problem("epoll")
                           : fmt::format("no answer for {} s after {} of {}",
                                         options_.silence_seconds_max, answered_, requests_.size());
      return;
    }
    for (int i = 0; i < count && problem_.empty(); ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      auto& connection = *static_cast<Connection*>(event.data.ptr);
      if (event.events & EPOLLOUT) flush(connection);
      const bool is_closed = event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
      if (is_closed || (event.events & EPOLLIN)) receive(connection, is_closed);
    }
  }

  void fill(Connection& connection) {
    const auto depth = static_cast<std::size_t>(options_.pipeline_depth);
    while (connection.under_way.size() < depth && next_ < requests_.size()) {
      connection.unsent += requests_[next_];
      result_.took_micros[next_] = now_micros();
      connection.under_way.push_back(next_++);
    }
    flush(connection);
  }

  void flush(Connection& connection) {
    if (connection.unsent.empty()) return;
    const auto sent = ::send(connection.descriptor.get(), connection.unsent.data(),
                             connection.unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) connection.unsent.erase(0, static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN && errno != EINTR) problem_ = system_problem("sending");
  }

  // A short read has emptied the socket, unless the end is still behind it.
  void receive(Connection& connection, bool is_closed) {
    std::array<char, 65536> buffer;
    for (;;) {
      const auto got =
          ::recv(connection.descriptor.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) break;
      if (got <= 0) {
        problem_ = got < 0 ? system_problem("receiving") : "the server closed a connection";
        return;
      }
      connection.received.append(buffer.data(), static_cast<std::size_t>(got));
      if (static_cast<std::size_t>(got) < buffer.size() && !is_closed) break;
    }
    take_answers(connection);
  }

  void take_answers(Connection& connection) {
    std::size_t read = 0;
    while (read < connection.received.size()) {
      const auto rest = std::string_view(connection.received).substr(read);
      const auto frame = next_answer(rest);
      if (!frame && frame.error() == FrameRefusal::incomplete) break;
      if (!frame || connection.under_way.empty()) {
        problem_ = fmt::format("not an answer: {}", rest.substr(0, 200));
        return;
      }
      take_answer(connection, *frame, rest);
      read += frame->size;
    }
    connection.received.erase(0, read);
    fill(connection);
  }

  void take_answer(Connection& connection, const AnswerFrame& frame, std::string_view text) {
    const std::size_t index = connection.under_way.front();
    connection.under_way.pop_front();
    last_answer_ = now_micros();
    result_.took_micros[index] = last_answer_ - result_.took_micros[index];
    auto& answer = result_.answers[index];
    answer.status = frame.status;
    answer.head = text.substr(0, frame.head_size);
    answer.body = text.substr(frame.head_size, frame.size - frame.head_size);
    ++answered_;
  }

  LoadOptions options_;
  std::span<const std::string> requests_;
  Descriptor poll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  LoadResult result_;
  std::string problem_;
  std::size_t next_ = 0;
  std::size_t answered_ = 0;
  std::int64_t last_answer_ = 0;
};

}  // namespace

base::Result<LoadResult, std::string> send_all(const LoadOptions& options,
                                               std::span<const std::string> requests) {
  return Load(options, requests).run();
}

}  // namespace daozhang::hammer
