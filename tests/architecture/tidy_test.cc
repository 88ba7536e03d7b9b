// The rules of GUIDE-style writing, held against the tree itself. rules_test.cc shows that each of
// them can fail.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>

#include "tests/architecture/include_map.h"
#include "tests/architecture/lengths.h"
#include "tests/architecture/source_tree.h"
#include "tests/architecture/word_rules.h"

namespace daozhang::architecture {
namespace {

const SourceTree& tree() {
  static const SourceTree read = read_tree(".");
  return read;
}

std::string text_of(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void expect_none(const std::vector<Violation>& violations) {
  for (const auto& violation : violations) {
    ADD_FAILURE() << violation.path << ":" << violation.line << ": " << violation.message;
  }
}

void expect_none_in_any_file(const std::function<std::vector<Violation>(const SourceFile&)>& rule) {
  for (const auto& file : tree().files) expect_none(rule(file));
}

TEST(Tidy, TheTreeIsRead) {
  ASSERT_GT(tree().files.size(), 20U) << "start the program in the root of the repository";
  ASSERT_FALSE(tree().root_entries.empty());
}

TEST(Tidy, TheMapIsTrue) {
  expect_none(check_map_is_true(parse_include_map(text_of("src/README.md")), tree().files));
}

TEST(Tidy, IncludesFollowTheMap) {
  expect_none(check_includes(parse_include_map(text_of("src/README.md")), tree().files));
}

TEST(Tidy, NoBannedWords) { expect_none_in_any_file(check_banned_words); }

TEST(Tidy, NoBracesInsideCoAwait) { expect_none_in_any_file(check_co_await); }

TEST(Tidy, MachinesHaveAtMostNineStates) { expect_none_in_any_file(check_state_count); }

TEST(Tidy, FilesAreNamedByNouns) { expect_none_in_any_file(check_file_name); }

TEST(Tidy, NoNotesToOneselfAndNoPathsOfOneMachine) { expect_none_in_any_file(check_leftovers); }

TEST(Tidy, LockFilesNameNoHost) { expect_none_in_any_file(check_lock_file); }

TEST(Tidy, TheRootIsSmall) { expect_none(check_root_entries(tree().root_entries)); }

TEST(Tidy, NoFileOver600LinesAndNoFunctionOver70) { expect_none(check_hard_limits(tree().files)); }

TEST(Tidy, NumbersNeverGetWorse) {
  const auto measures = measure(tree().files);
  const auto held = parse_ratchet(text_of("tests/architecture/ratchet.txt"));
  for (const auto& measured : measures) std::cout << measured.name << " " << measured.value << "\n";
  expect_none(check_ratchet(held, measures));
}

}  // namespace
}  // namespace daozhang::architecture
