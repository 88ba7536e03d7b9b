// A thread for one job at a time that takes too long for the threads that ask and answer: files to
// be downloaded and read. It is made for each job and waited for at the end.
#pragma once

#include <atomic>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "net/http_client.h"

namespace daozhang::net {

class JobThread {
 public:
  JobThread() = default;
  ~JobThread();  // Tells the job that it ends, and waits for it.
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;

  // Runs `job` and then `afterwards` on the thread. From any thread. False, and nothing runs, while
  // another job is under way, within `afterwards`, and at the end.
  bool run(std::function<void()> job, std::function<void()> afterwards);
  // For the job, to stop at the next piece.
  [[nodiscard]] bool is_ending() const { return is_ending_; }

 private:
  std::atomic<bool> is_ending_{false};
  std::atomic<bool> is_busy_{false};
  std::mutex lock_;
  std::thread thread_;
};

// Makes the call and waits for it; not on the client's thread.
OutgoingResult call_and_wait(HttpClient& client, OutgoingRequest request);

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
// Gone when it is closed.
using TemporaryFile = std::unique_ptr<std::FILE, FileClose>;

// The same for a body of any size, which stops when `job` ends. Gives the body of a 200, at its
// beginning; refuses with words for people.
base::Result<TemporaryFile, std::string> download(HttpClient& client, OutgoingRequest request,
                                                  const JobThread& job);

}  // namespace daozhang::net
