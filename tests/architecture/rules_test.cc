// Each rule of the tree against a small sample that breaks it, and one that does not.
#include <gtest/gtest.h>

#include "tests/architecture/include_map.h"
#include "tests/architecture/lengths.h"
#include "tests/architecture/word_rules.h"

namespace daozhang::architecture {
namespace {

constexpr std::string_view page = R"(# Source
## The map
| folder | holds | may include | from outside | its tests also |
|---|---|---|---|---|
| `base` | words | | | |
| `base/sha256.cc` | digest | `base` | `openssl` | |
| `domain/money` | money | `base` | | |
| `domain/order` | order | `base` `domain/money` | | `domain/*` |
| `net` | HTTP | `base` | `asio` | |
| `net/http_gate*` | transport | `base` `net` | | |

## From outside
| name | headers |
|---|---|
| `asio` | `boost/asio/` |
| `openssl` | `openssl/` |
| `test` | `gtest/` |
)";

SourceFile source(std::string path, std::string text) {
  return parse_source(std::move(path), std::move(text));
}

std::size_t include_violations(std::string path, std::string text) {
  const std::vector<SourceFile> files = {source(std::move(path), std::move(text))};
  return check_includes(parse_include_map(page), files).size();
}

std::string repeated(std::string_view line, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

TEST(IncludeRule, ArrowsPointOneWay) {
  EXPECT_EQ(include_violations("src/domain/order/order.h", "#include \"domain/money/money.h\"\n"),
            0U);
  EXPECT_EQ(include_violations("src/domain/money/money.h", "#include \"domain/order/order.h\"\n"),
            1U);
  EXPECT_EQ(include_violations("src/domain/money/money_test.cc", "#include \"net/router.h\"\n"),
            1U);
}

TEST(IncludeRule, ForeignHeadersHaveOneHome) {
  EXPECT_EQ(include_violations("src/net/http_server.cc", "#include <boost/asio/post.hpp>\n"), 0U);
  EXPECT_EQ(include_violations("src/base/check.cc", "#include <boost/asio/post.hpp>\n"), 1U);
  EXPECT_EQ(include_violations("src/base/sha256.cc", "#include <openssl/evp.h>\n"), 0U);
  EXPECT_EQ(include_violations("src/base/hex.cc", "#include <openssl/evp.h>\n"), 1U);
  EXPECT_EQ(include_violations("src/base/hex.cc", "#include <unheard/of.h>\n"), 1U);
  EXPECT_EQ(include_violations("src/base/hex.cc", "#include <vector>\n"), 0U);
}

TEST(IncludeRule, TestsMayIncludeTheirFrameworkAndNobodyElse) {
  EXPECT_EQ(include_violations("src/base/base_test.cc", "#include <gtest/gtest.h>\n"), 0U);
  EXPECT_EQ(include_violations("src/base/hex.cc", "#include <gtest/gtest.h>\n"), 1U);
}

TEST(IncludeRule, IncludesStartAtSrc) {
  EXPECT_EQ(include_violations("src/base/hex.cc", "#include \"hex.h\"\n"), 1U);
  EXPECT_EQ(include_violations("src/base/hex.cc", "#include \"base/hex.h\"\n"), 0U);
}

TEST(IncludeRule, ARowForSomeFilesClosesTheirHeaders) {
  EXPECT_EQ(include_violations("src/net/router.cc", "#include \"net/http_gate.h\"\n"), 1U);
  EXPECT_EQ(include_violations("src/net/http_gate.cc", "#include \"net/router.h\"\n"), 0U);
  EXPECT_EQ(include_violations("src/net/router_test.cc", "#include \"net/http_gate.h\"\n"), 0U);
}

TEST(IncludeRule, AFolderNeedsARow) { EXPECT_EQ(include_violations("src/new/noun.h", ""), 1U); }

TEST(MapRule, RowsAndFoldersMatch) {
  const std::vector<SourceFile> whole = {
      source("src/base/hex.h", ""),           source("src/base/sha256.cc", ""),
      source("src/domain/money/money.h", ""), source("src/domain/order/order.h", ""),
      source("src/net/http_gate.h", ""),      source("src/net/router.h", "")};
  EXPECT_TRUE(check_map_is_true(parse_include_map(page), whole).empty());
  const std::vector<SourceFile> without_net(whole.begin(), whole.end() - 2);
  EXPECT_EQ(check_map_is_true(parse_include_map(page), without_net).size(), 2U);
  EXPECT_EQ(check_map_is_true(parse_include_map(""), whole).size(), 1U);
}

TEST(MapRule, NoCircle) {
  const std::string circle =
      std::string("## The map\n| `a` | x | `b` | | |\n| `b` | x | `a` | | |\n") +
      "## From outside\n| `asio` | `boost/` |\n";
  const std::vector<SourceFile> files = {source("src/a/x.h", ""), source("src/b/x.h", "")};
  EXPECT_FALSE(check_map_is_true(parse_include_map(circle), files).empty());
}

TEST(BannedWordRule, ClocksThreadsRandomnessAndFloatsHaveReplacements) {
  const auto found = [](std::string path, std::string text) {
    return check_banned_words(source(std::move(path), std::move(text))).size();
  };
  EXPECT_EQ(found("src/engine/lane.cc", "auto t = std::chrono::system_clock::now();"), 1U);
  EXPECT_EQ(found("src/net/http_client.cc", "auto t = std::chrono::steady_clock::now();"), 0U);
  EXPECT_EQ(found("src/sim/world.cc", "int x = rand();"), 1U);
  EXPECT_EQ(found("src/sim/world.cc", "int x = grand();"), 0U);
  EXPECT_EQ(found("src/sim/world.cc", "std::uniform_int_distribution<int> d;"), 1U);
  EXPECT_EQ(found("src/domain/money/money.h", "double amount;"), 1U);
  EXPECT_EQ(found("src/domain/order/order.h", "std::unordered_map<int, int> m;"), 1U);
  EXPECT_EQ(found("src/storage/memory/store.cc", "std::thread t;"), 1U);
  EXPECT_EQ(
      found("src/storage/memory/store.cc", "// no std::thread here\nauto s = \"std::thread\";"),
      0U);
  EXPECT_EQ(found("src/base/hex.cc", "assert(x);"), 1U);
  EXPECT_EQ(found("src/base/hex.cc", "static_assert(x);"), 0U);
}

TEST(CoAwaitRule, BracesInsideAreFound) {
  const auto found = [](std::string text) {
    return check_co_await(source("src/net/x.cc", std::move(text))).size();
  };
  EXPECT_EQ(found("co_await call({.a = s});"), 1U);
  EXPECT_EQ(found("auto r = co_await call(Request{1});"), 1U);
  EXPECT_EQ(found("co_await call(request);\nif (x) { y(); }"), 0U);
  EXPECT_EQ(found("if (co_await ready()) { y(); }"), 0U);
  EXPECT_EQ(found("if (!co_await wait(a, b)) {}"), 0U);
}

TEST(StateRule, TenStatesAreTooMany) {
  const auto found = [](std::string text) {
    return check_state_count(source("src/domain/x/x.h", std::move(text))).size();
  };
  EXPECT_EQ(found("enum class UnitState : int {\n  a, b, c, d, e, f, g, h, i,  // j\n};"), 0U);
  EXPECT_EQ(found("enum class UnitState { a, b, c, d, e, f, g, h, i, j };"), 1U);
  EXPECT_EQ(found("enum class Refusal { a, b, c, d, e, f, g, h, i, j };"), 0U);
}

TEST(FileNameRule, EmptyWordsAreRefused) {
  EXPECT_EQ(check_file_name(source("src/net/http_utils.h", "")).size(), 1U);
  EXPECT_EQ(check_file_name(source("web/storefront/src/OrderManager.ts", "")).size(), 0U);
  EXPECT_EQ(check_file_name(source("web/storefront/src/helpers.ts", "")).size(), 1U);
  EXPECT_EQ(check_file_name(source("src/net/uncommon.h", "")).size(), 0U);
}

TEST(LeftoverRule, NotesAndPathsOfOneMachineAreFound) {
  const auto found = [](std::string text) {
    return check_leftovers(source("docs/x.md", std::move(text))).size();
  };
  EXPECT_EQ(found(std::string("// TO") + "DO later"), 1U);
  EXPECT_EQ(found(std::string("FIX") + "ME"), 1U);
  EXPECT_EQ(found(std::string("see /wo") + "rk/main"), 1U);
  EXPECT_EQ(found(std::string("'/t") + "mp/x'"), 1U);
  EXPECT_EQ(found(std::string("https://a.example/ho") + "me/x"), 0U);
  EXPECT_EQ(found("mktemp " + std::string(6, 'X')), 0U);
}

TEST(LockFileRule, HostsAreFound) {
  const auto found = [](std::string text) {
    return check_lock_file(source("web/package-lock.json", std::move(text))).size();
  };
  EXPECT_EQ(found(R"({"resolved": "https://registry.example/x.tgz"})"), 1U);
  EXPECT_EQ(found(R"({"resolved": "storefront", "link": true})"), 0U);
}

TEST(RootRule, MoreThanTwentyEntriesAreTooMany) {
  EXPECT_TRUE(check_root_entries(std::vector<std::string>(20, "x")).empty());
  EXPECT_EQ(check_root_entries(std::vector<std::string>(21, "x")).size(), 1U);
}

TEST(LengthRule, LongFilesAndFunctionsAreNamed) {
  const auto found = [](std::string text) {
    const std::vector<SourceFile> files = {source("src/base/x.cc", std::move(text))};
    return check_hard_limits(files).size();
  };
  EXPECT_EQ(found(repeated("int x;\n", 600)), 0U);
  EXPECT_EQ(found(repeated("int x;\n", 601)), 1U);
  EXPECT_EQ(found("void f() {\n" + repeated("g();\n", 68) + "}\n"), 0U);
  EXPECT_EQ(found("void f() {\n" + repeated("g();\n", 69) + "}\n"), 1U);
}

std::string functions_in(std::string text) {
  std::string list;
  for (const auto& function : function_lengths(source("src/base/x.cc", std::move(text)))) {
    list += function.name + ":" + std::to_string(function.lines) + " ";
  }
  return list;
}

TEST(BraceScanner, KnowsFunctionsFromTypesAndInitializers) {
  EXPECT_EQ(
      functions_in("namespace a {\nclass X : public Y {\n public:\n  int f() const {\n  }\n};\n}"),
      "f:2 ");
  EXPECT_EQ(functions_in("inline constexpr auto t = make({\n{1},\n{2}});\nint f() { return 1; }"),
            "f:1 ");
  EXPECT_EQ(functions_in("X::X(int a) : a_{a}, b_(2), c_{} {\n\n}"), "X::X:3 ");
  EXPECT_EQ(functions_in("auto f(Options o = {}) -> std::vector<int> {\n}"), "f:2 ");
  EXPECT_EQ(
      functions_in(
          "template <class T>\nstruct Y {\n  bool operator==(const Y&) const { return true; }\n};"),
      "operator==:1 ");
  EXPECT_EQ(functions_in("TEST(Order, IsPaid) {\n  auto l = [] {\n  };\n}"),
            "TEST(Order, IsPaid):4 ");
  EXPECT_EQ(
      functions_in(
          "enum class E { a, b };\nstd::string s = R\"({ \" })\";\nchar c = '{';\nint f() {}"),
      "f:1 ");
}

TEST(CommentCount, CountsLinesOnce) {
  const auto file = source(
      "src/base/x.h", "// a\nint x;  // b /* c */\n/* d\n e */ int y; // f\nauto s = \"// no\";\n");
  EXPECT_EQ(file.comment_lines, 4);
  EXPECT_EQ(file.filled_lines, 5);
}

TEST(RatchetRule, NumbersMayOnlyImprove) {
  const auto held = parse_ratchet("# x\nlength at_most 30 20\ntests at_least 50 100\n");
  EXPECT_TRUE(check_ratchet(held, {{"length", 30}, {"tests", 50}}).empty());
  EXPECT_EQ(check_ratchet(held, {{"length", 31}, {"tests", 49}}).size(), 2U);
  EXPECT_EQ(check_ratchet(held, {{"length", 30}}).size(), 1U);
  EXPECT_EQ(check_ratchet(held, {{"length", 1}, {"tests", 60}, {"new", 1}}).size(), 1U);
}

}  // namespace
}  // namespace daozhang::architecture
