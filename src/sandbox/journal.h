// The sandbox's memory over a restart: an append-only file of records (records.h). A line is
// written before the answer that rests on it leaves, so the truth survives a kill of the process;
// it is not synced, a power cut is not what the sandbox is for. One thread at a time.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sandbox/records.h"

namespace daozhang::sandbox {

// What a journal says: the last record of every key.
struct JournalContent {
  std::vector<Trade> trades;
  std::vector<SupplyOrder> orders;
  std::vector<Delivery> deliveries;
};

class Journal {
 public:
  // An empty path: nothing is kept.
  explicit Journal(std::string path) : path_(std::move(path)) {}

  // Reads what is there and rewrites it without what is outdated. A cut last line is dropped.
  // Refuses with a sentence when the file can not be read or written or is not a journal.
  base::Result<JournalContent, std::string> open();
  // `lines` end with a line break each. The process ends when it can not be written, because the
  // truth would be lost in silence.
  void append(const std::string& lines);

 private:
  base::Result<void, std::string> rewrite(const JournalContent& content);

  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace daozhang::sandbox
