#include "tests/architecture/source_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace daozhang::architecture {
namespace {

namespace fs = std::filesystem;

constexpr auto foreign_folders = std::to_array<std::string_view>(
    {"node_modules", "dist", "generated", ".git", ".cache", "__pycache__"});
constexpr auto foreign_in_root = std::to_array<std::string_view>({"build", "var"});
constexpr auto text_endings = std::to_array<std::string_view>(
    {".cc",   ".h",   ".ts",   ".mts", ".mjs", ".js",  ".vue",   ".css", ".html", ".json",
     ".yaml", ".yml", ".toml", ".sql", ".md",  ".txt", ".cmake", ".sh",  ".py",   ".csv"});

bool is_foreign(const fs::path& path, bool in_root) {
  const std::string name = path.filename().string();
  if (std::ranges::find(foreign_folders, name) != foreign_folders.end()) return true;
  return in_root && std::ranges::find(foreign_in_root, name) != foreign_in_root.end();
}

bool is_text(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name == "dev" || name == "run" || name == ".npmrc") return true;
  return std::ranges::any_of(text_endings,
                             [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

SourceTree read_tree(const std::string& root) {
  SourceTree tree;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (!is_foreign(entry.path(), true))
      tree.root_entries.push_back(entry.path().filename().string());
  }
  std::ranges::sort(tree.root_entries);
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator();
       ++at) {
    if (at->is_directory() && is_foreign(at->path(), at.depth() == 0)) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file() && is_text(at->path())) {
      tree.files.push_back(
          parse_source(fs::relative(at->path(), root).generic_string(), read(at->path())));
    }
  }
  std::ranges::sort(tree.files, {}, &SourceFile::path);
  return tree;
}

}  // namespace daozhang::architecture
