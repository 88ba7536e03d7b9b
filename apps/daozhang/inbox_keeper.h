// Keeps the inbox of a running shop from growing with what strangers send: now and then it lets go
// of refused messages that are older than the settings keep them. Owns its thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "lane/clock.h"
#include "observe/log.h"
#include "ports/inbox_upkeep.h"

namespace daozhang::app {

// What it is given must outlive it, and the upkeep's lane must run until it is gone.
struct InboxKeeperParts {
  ports::InboxUpkeep& upkeep;
  const lane::Clock& clock;
  observe::Log& log;
  base::Duration kept;
};

class InboxKeeper {
 public:
  explicit InboxKeeper(InboxKeeperParts parts);
  ~InboxKeeper();
  InboxKeeper(const InboxKeeper&) = delete;
  InboxKeeper& operator=(const InboxKeeper&) = delete;

 private:
  void run();
  // One batch. True if there may be more.
  bool forget_some();
  // False at the end.
  bool wait(base::Duration pause);

  InboxKeeperParts parts_;
  std::mutex lock_;
  std::condition_variable ending_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace daozhang::app
