// docs/guides/add_a_channel.md says nothing about the example that its files do not say.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

namespace daozhang {
namespace {

const std::filesystem::path page = "docs/guides/add_a_channel.md";
const std::filesystem::path example = "tests/example_channel";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> found(const std::regex& pattern, std::size_t group) {
  const std::string text = text_of(page);
  std::vector<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    all.push_back((*at)[group]);
  return all;
}

// A fence names the file that it quotes: ```cpp lantern_mapping.cc
TEST(Guide, EveryExcerptStandsInTheExample) {
  const std::regex fenced("```([^\n]*)\n([^`]*)```\n");
  const auto heads = found(fenced, 1);
  const auto excerpts = found(fenced, 2);
  EXPECT_GE(excerpts.size(), 7U);
  for (std::size_t i = 0; i < excerpts.size(); ++i) {
    const std::string file = heads[i].substr(heads[i].find(' ') + 1);
    EXPECT_NE(text_of(example / file).find(excerpts[i]), std::string::npos)
        << file << " has no such lines:\n"
        << excerpts[i];
  }
}

TEST(Guide, EveryFileThatItNamesIsThere) {
  const auto links = found(std::regex(R"(\]\(([^)#]+)\))"), 1);
  EXPECT_GE(links.size(), 8U);
  for (const auto& link : links)
    EXPECT_TRUE(std::filesystem::exists(page.parent_path() / link)) << link;
  const auto paths = found(std::regex("`((src|apps|docs|tests)/[a-z0-9_./]*[a-z0-9])`"), 1);
  EXPECT_GE(paths.size(), 15U);
  for (const auto& path : paths) EXPECT_TRUE(std::filesystem::exists(path)) << path;
}

}  // namespace
}  // namespace daozhang
