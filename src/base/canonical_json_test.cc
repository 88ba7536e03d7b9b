#include "base/canonical_json.h"

#include <gtest/gtest.h>

namespace daozhang::base {
namespace {

TEST(CanonicalJson, WritesWithoutWhiteSpaceInTheGivenOrder) {
  CanonicalWriter writer;
  writer.open_object();
  writer.key("b");
  writer.value(std::int64_t{-7});
  writer.key("a");
  writer.open_array();
  writer.value("x\"\\\n");
  writer.value(true);
  writer.close_array();
  writer.close_object();
  EXPECT_EQ(writer.take(), R"({"b":-7,"a":["x\"\\\u000a",true]})");
}

TEST(CanonicalJson, ReadsWhatItWrote) {
  CanonicalReader reader(R"({"n":12,"skip":{"deep":[1,"}"]},"s":"a\u000ab\"","t":false})");
  ASSERT_TRUE(reader.open_object());
  EXPECT_EQ(reader.next_key(), "n");
  EXPECT_EQ(reader.number(), 12);
  EXPECT_EQ(reader.next_key(), "skip");
  reader.skip();
  EXPECT_EQ(reader.next_key(), "s");
  EXPECT_EQ(reader.text(), "a\nb\"");
  EXPECT_EQ(reader.next_key(), "t");
  EXPECT_FALSE(reader.truth());
  EXPECT_EQ(reader.next_key(), std::nullopt);
  EXPECT_TRUE(reader.at_end());
  EXPECT_FALSE(reader.failed());
}

TEST(CanonicalJson, FailsOnAnythingElseAndStaysFailed) {
  for (const char* bad : {"", "{", R"({"a" :1})", R"({"a":1.5})", R"({"a":1,})", R"({"a":nul})"}) {
    CanonicalReader reader(bad);
    reader.open_object();
    while (reader.next_key()) reader.skip();
    EXPECT_TRUE(reader.failed()) << bad;
  }
}

TEST(CanonicalJson, TakesNoOtherSpelling) {
  for (const char* bad : {"007", "-0", "+1", R"("\n")", R"("\/")", R"("\u"abc")", R"("\u001F")",
                          R"("\u0041")", "\"\t\"", R"("\)", R"("\u00)", "[1,]", "[,1]"}) {
    CanonicalReader reader(bad);
    reader.skip();
    EXPECT_TRUE(reader.failed() || !reader.at_end()) << bad;
  }
}

TEST(CanonicalJson, SkipsNothingThatIsDeeperThanItsStack) {
  const auto fails = [](std::size_t depth) {
    const std::string text = std::string(depth, '[') + std::string(depth, ']');
    CanonicalReader reader(text);
    reader.skip();
    return reader.failed();
  };
  EXPECT_FALSE(fails(CanonicalReader::skip_depth_max));
  EXPECT_TRUE(fails(CanonicalReader::skip_depth_max + 1));
  EXPECT_TRUE(fails(10'000'000));
}

}  // namespace
}  // namespace daozhang::base
