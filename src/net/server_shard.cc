#include <chrono>
#include <ctime>
#include <vector>

#include "net/connection.h"

namespace daozhang::net {

std::int64_t monotonic_micros() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

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

}  // namespace daozhang::net
