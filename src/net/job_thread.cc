#include "net/job_thread.h"

#include <future>
#include <utility>

namespace daozhang::net {

JobThread::~JobThread() {
  is_ending_ = true;
  const std::lock_guard guard(lock_);
  if (thread_.joinable()) thread_.join();
}

bool JobThread::run(std::function<void()> job, std::function<void()> afterwards) {
  const std::lock_guard guard(lock_);
  if (is_busy_ || is_ending_ || thread_.get_id() == std::this_thread::get_id()) return false;
  if (thread_.joinable()) thread_.join();
  is_busy_ = true;
  thread_ = std::thread([this, job = std::move(job), afterwards = std::move(afterwards)] {
    job();
    is_busy_ = false;
    afterwards();
  });
  return true;
}

OutgoingResult call_and_wait(HttpClient& client, OutgoingRequest request) {
  std::promise<OutgoingResult> told;
  client.call(std::move(request),
              [&told](OutgoingResult&& result) { told.set_value(std::move(result)); });
  return told.get_future().get();
}

OutgoingResult download(HttpClient& client, OutgoingRequest request, std::FILE* file,
                        const JobThread& job) {
  request.take_body = [&job, file](std::string_view piece) {
    return !job.is_ending() && std::fwrite(piece.data(), 1, piece.size(), file) == piece.size();
  };
  return call_and_wait(client, std::move(request));
}

}  // namespace daozhang::net
