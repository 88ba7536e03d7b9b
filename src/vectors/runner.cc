#include "vectors/runner.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

#include "json/reader.h"
#include "vectors/family.h"

namespace daozhang::vectors {
namespace {

void fail(std::string_view file_name, std::string_view id, std::string_view why, Report& report,
          std::ostream& out) {
  report.failed.emplace_back(id.empty() ? file_name : id);
  out << "FAILED " << file_name << (id.empty() ? "" : " ") << id << ": " << why << '\n';
}

Difference run_vector(const Family& family, const json::Value& vector) {
  const std::string_view kind = vector.text_of("kind");
  const auto found = std::find_if(family.kinds.begin(), family.kinds.end(),
                                  [&](const Kind& known) { return known.name == kind; });
  if (found == family.kinds.end()) return std::string("unknown kind ").append(kind);
  auto difference = found->check(vector);
  if (difference) difference->insert(0, std::string(kind).append(": "));
  return difference;
}

void run_vectors(std::string_view file_name, const Family& family, const json::Array& vectors,
                 Report& report, std::ostream& out) {
  const std::size_t passed_before = report.passed;
  const std::size_t failed_before = report.failed.size();
  for (const json::Value& vector : vectors) {
    const auto difference = run_vector(family, vector);
    if (!difference) {
      ++report.passed;
      continue;
    }
    const std::string_view id = vector.text_of("id");
    fail(file_name, id.empty() ? "(without id)" : id, *difference, report, out);
  }
  out << file_name << ": " << report.passed - passed_before << " of " << vectors.size()
      << " as expected, " << report.failed.size() - failed_before << " not\n";
}

std::string contents_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

void run_text(std::string_view file_name, std::string_view text, Report& report,
              std::ostream& out) {
  const auto document = json::read(text, json::Numbers::as_text);
  const std::string_view stem = file_name.substr(0, file_name.rfind('.'));
  const Family* family =
      family_of(stem, document ? document->text_of("title") : std::string_view{});
  if (family != nullptr && family->waits) {
    report.waiting.emplace_back(family->name);
    return;
  }
  if (!document) {
    const std::string why = std::string(json::name(document.error().refusal))
                                .append(" at byte ")
                                .append(std::to_string(document.error().position));
    return fail(file_name, "", why, report, out);
  }
  if (family == nullptr) return fail(file_name, "", "unknown family of vectors", report, out);
  const json::Value* vectors = document->find("vectors");
  if (vectors == nullptr || vectors->array() == nullptr || vectors->array()->empty()) {
    return fail(file_name, "", "no vectors in it", report, out);
  }
  run_vectors(file_name, *family, *vectors->array(), report, out);
}

Report run_folder(const std::string& folder, std::ostream& out) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  Report report;
  for (const auto& path : paths) {
    run_text(path.filename().string(), contents_of(path), report, out);
  }
  for (const std::string& family : report.waiting) {
    out << "not ours yet: " << family << " (later issue)\n";
  }
  out << report.passed << " passed, " << report.failed.size() << " failed\n";
  return report;
}

}  // namespace daozhang::vectors
