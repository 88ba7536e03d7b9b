// Every fuzz target over its corpus: seeds, and the inputs that once broke a parser. A target that
// does not compile or an input that breaks again fails here, without libFuzzer.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "target_table.h"

namespace daozhang::fuzz {

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

namespace {

namespace fs = std::filesystem;

const fs::path corpora = "tests/fuzz/corpus";
constexpr std::uintmax_t corpora_bytes_max = 200 * 1024;

std::vector<fs::path> inputs_of(std::string_view name) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(corpora / name)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Without a byte behind the last one, so that a sanitizer sees who reads it.
std::vector<char> bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_FALSE(in.bad()) << path;
  bytes.shrink_to_fit();
  return bytes;
}

class FuzzCorpus : public testing::TestWithParam<Target> {};

TEST_P(FuzzCorpus, EveryInputHolds) {
  const std::vector<fs::path> paths = inputs_of(GetParam().name);
  ASSERT_FALSE(paths.empty());
  GetParam().run({});
  for (const fs::path& path : paths) {
    std::cerr << path.string() << '\n';  // The last one named is the one that broke.
    const std::vector<char> bytes = bytes_of(path);
    GetParam().run({bytes.data(), bytes.size()});
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus, testing::ValuesIn(targets),
                         [](const auto& row) { return std::string(row.param.name); });

#ifdef DAOZHANG_WITH_SANITIZER
TEST(FuzzCanary, DiesOfALengthThatIsALie) {
  const std::vector<char> bytes{'c', 'o', 'a', 'l', '\xff'};
  EXPECT_DEATH(canary({bytes.data(), bytes.size()}), "AddressSanitizer");
}
#endif

TEST(FuzzCorpora, BelongToATargetAndStaySmall) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(corpora)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(std::any_of(std::begin(targets), std::end(targets), [&](const Target& target) {
      return target.name == name;
    })) << name;
    for (const fs::path& path : inputs_of(name)) bytes += fs::file_size(path);
  }
  EXPECT_LE(bytes, corpora_bytes_max);
}

}  // namespace
}  // namespace daozhang::fuzz
