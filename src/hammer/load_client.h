// Sends prepared requests to a server on the loopback over kept connections, as fast as the server
// answers. One thread, the caller's; cheap, so that the server beside it has the processor.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "hammer/http_answer.h"

namespace daozhang::hammer {

struct LoadOptions {
  std::uint16_t port = 0;
  int connection_count = 64;
  int pipeline_depth = 1;        // Requests under way on one connection.
  int silence_seconds_max = 30;  // Without any answer for so long the load has failed.
};

struct LoadResult {
  std::vector<Answer> answers;            // In the order of the requests.
  std::vector<std::int64_t> took_micros;  // From writing each request to having read its answer.
  std::int64_t window_micros = 0;         // From the first request to the last answer.
};

// All requests, each answered once. Connections stand before the window begins. Refused with a
// sentence when the server can not be reached, closes a connection, falls silent, or answers
// something that is no HTTP.
base::Result<LoadResult, std::string> send_all(const LoadOptions& options,
                                               std::span<const std::string> requests);

}  // namespace daozhang::hammer
