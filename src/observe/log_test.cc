#include "observe/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace daozhang::observe {
namespace {

namespace fs = std::filesystem;

std::string line_of(std::initializer_list<LogField> fields) {
  return log_line("2026-11-22T13:05:00.000Z", LogLevel::info, "order_placed", fields);
}
constexpr std::string_view prefix =
    R"({"time":"2026-11-22T13:05:00.000Z","level":"info","event":"order_placed")";

TEST(LogLine, IsOneJsonObjectWithTypedMembers) {
  EXPECT_EQ(line_of({{"order_no", "D7"}, {"units", 3}, {"took_ms", 1.5}, {"paid", true}}),
            std::string(prefix) + R"(,"order_no":"D7","units":3,"took_ms":1.5,"paid":true})"
                                  "\n");
}

TEST(LogLine, NoValueForgesALineOrATerminalCommand) {
  const std::string line = line_of({{"agent", "a\n{\"level\":\"error\"}\r\x1b[31m\x7f\t\\"},
                                    {"c1",
                                     "\xc2\x9b"
                                     "31m"}});
  EXPECT_EQ(line, std::string(prefix) + R"(,"agent":"a\u000a{\"level\":\"error\"}\u000d\u001b[31m)"
                                        R"(\u007f\u0009\\","c1":"\u009b31m"})"
                                        "\n");
}

TEST(LogLine, BrokenUtf8IsReplacedAndGoodUtf8Kept) {
  EXPECT_EQ(line_of({{"a", "到账\xff\xc3(\xed\xa0\x80\xe0\x80\x80"}}),
            std::string(prefix) +
                ",\"a\":\"到账\\ufffd\\ufffd(\\ufffd\\ufffd\\ufffd"
                "\\ufffd\\ufffd\\ufffd\"}\n");
}

TEST(LogLine, AnEndlessValueIsCut) {
  EXPECT_LT(line_of({{"a", std::string(1'000'000, 'x')}}).size(), 5000U);
}

class LogTest : public testing::Test {
 protected:
  LogTest() {
    std::string pattern = (fs::temp_directory_path() / "daozhang_log_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~LogTest() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string text() const {
    std::ifstream in(folder_ / "log");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  fs::path folder_;
};

TEST_F(LogTest, WritesLinesOfItsLevelAndAboveToTheFile) {
  {
    Log log({.level = LogLevel::warn, .file = (folder_ / "log").string()});
    EXPECT_FALSE(log.is_enabled(LogLevel::info));
    log.info("not_written");
    log.warn("first", {{"n", 1}});
    log.error("second");
  }
  {
    Log log({.file = (folder_ / "log").string()});
    log.info("third");
    EXPECT_EQ(log.dropped_line_count(), 0U);
  }
  const std::string all = text();
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 3);
  EXPECT_EQ(all.find("not_written"), std::string::npos);
  EXPECT_LT(all.find(R"("event":"first","n":1})"), all.find(R"("event":"second"})"));
  EXPECT_NE(all.find(R"("event":"third"})"), std::string::npos);
}

TEST_F(LogTest, AFileThatCanNotBeOpenedIsNamed) {
  try {
    std::ofstream(folder_ / "log") << "a file, no folder";
    Log log({.file = (folder_ / "log" / "x").string()});
    FAIL();
  } catch (const std::runtime_error& failure) {
    EXPECT_NE(std::string(failure.what()).find("can not open the log file"), std::string::npos);
  }
}

TEST(LogLevel, NamesAreExact) {
  EXPECT_EQ(log_level_from("warn"), LogLevel::warn);
  EXPECT_EQ(log_level_from("WARN"), std::nullopt);
  EXPECT_EQ(log_level_from(""), std::nullopt);
}

}  // namespace
}  // namespace daozhang::observe
