// Lines of the sandbox's journal: a record that is read is written as a line that reads the same.
#include <variant>

#include "sandbox/records.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

std::string line_of(const sandbox::JournalRecord& record) {
  return std::visit([](const auto& one) { return sandbox::to_line(one); }, record);
}

}  // namespace

void sandbox_journal(std::string_view bytes) {
  const auto record = sandbox::from_line(bytes);
  if (!record) return;
  const std::string line = line_of(*record);
  CHECK(line.find('\n') == std::string::npos);
  const auto again = sandbox::from_line(line);
  CHECK(again && line_of(*again) == line);
}

}  // namespace daozhang::fuzz
