// A raw TCP socket to 127.0.0.1 for tests that must send what no proper client sends. Blocking;
// every wait ends after 10 s, so a broken server fails a test instead of hanging it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"

namespace daozhang::net {

class LoopbackSocket {
 public:
  explicit LoopbackSocket(std::uint16_t port)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~LoopbackSocket() { close(fd_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;

  // False when the peer has closed.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void end_writing() { shutdown(fd_, SHUT_WR); }

  // Everything read so far that has not been taken, once it holds `mark`; up to and with `mark`.
  // Empty if the peer closes first.
  std::string read_through(std::string_view mark) {
    std::size_t found = buffer_.find(mark);
    while (found == std::string::npos) {
      if (!read_more()) return {};
      found = buffer_.find(mark);
    }
    std::string taken = buffer_.substr(0, found + mark.size());
    buffer_.erase(0, taken.size());
    return taken;
  }
  // One answer with a Content-Length, head and body.
  std::string read_answer() {
    std::string head = read_through("\r\n\r\n");
    const std::string_view name = "Content-Length: ";
    const std::size_t at = head.find(name);
    if (at == std::string::npos) return head;
    const std::size_t size = std::stoul(head.substr(at + name.size()));
    while (buffer_.size() < size) {
      if (!read_more()) return {};
    }
    head += buffer_.substr(0, size);
    buffer_.erase(0, size);
    return head;
  }
  // Everything until the peer closes.
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(buffer_, {});
  }

 private:
  bool read_more() {
    pollfd waiting{fd_, POLLIN, 0};
    CHECK(poll(&waiting, 1, 10'000) == 1);
    std::array<char, 16384> bytes{};
    const ssize_t n = recv(fd_, bytes.data(), bytes.size(), 0);
    if (n <= 0) return false;
    buffer_.append(bytes.data(), static_cast<std::size_t>(n));
    return true;
  }

  const int fd_;
  std::string buffer_;
};

}  // namespace daozhang::net
