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

base::Result<TemporaryFile, std::string> download(HttpClient& client, OutgoingRequest request,
                                                  const JobThread& job) {
  TemporaryFile file(std::tmpfile());
  if (file == nullptr) return base::refuse(std::string("no temporary file can be made"));
  request.take_body = [&job, to = file.get()](std::string_view piece) {
    return !job.is_ending() && std::fwrite(piece.data(), 1, piece.size(), to) == piece.size();
  };
  const OutgoingResult result = call_and_wait(client, std::move(request));
  if (result.outcome != OutgoingOutcome::replied || result.status != 200)
    return base::refuse(words_of(result));
  if (std::fflush(file.get()) != 0) return base::refuse(std::string("no space is left for it"));
  std::rewind(file.get());
  return file;
}

}  // namespace daozhang::net
