#include "json/reader.h"

#include <gtest/gtest.h>

#include "json/utf8.h"

namespace daozhang::json {
namespace {

std::string refusal(std::string_view text, Numbers numbers = Numbers::integers) {
  const auto value = read(text, numbers);
  return value ? "read" : std::string(name(value.error().refusal));
}

TEST(JsonReader, ReadsEveryType) {
  const auto value = read(R"( {"a":[1,-2,true,false,null,"x"],"b":{"c":""}, "d":{}, "e":[]} )");
  ASSERT_TRUE(value.has_value());
  const Array& a = *value->find("a")->array();
  ASSERT_EQ(a.size(), 6u);
  EXPECT_EQ(*a[0].integer(), 1);
  EXPECT_EQ(*a[1].integer(), -2);
  EXPECT_TRUE(*a[2].boolean());
  EXPECT_FALSE(*a[3].boolean());
  EXPECT_TRUE(a[4].is_null());
  EXPECT_EQ(*a[5].text(), "x");
  EXPECT_EQ(*value->find("b")->find("c")->text(), "");
  EXPECT_TRUE(value->find("d")->object()->empty());
  EXPECT_TRUE(value->find("e")->array()->empty());
  EXPECT_EQ(value->find("none"), nullptr);
  EXPECT_EQ(value->find("b")->text_of("c"), "");
  EXPECT_EQ(value->text_of("a"), "");
}

TEST(JsonReader, ReadsScalarDocumentsAndEscapes) {
  EXPECT_EQ(*read("7")->integer(), 7);
  EXPECT_EQ(*read("-0")->integer(), 0);
  EXPECT_EQ(*read("9223372036854775807")->integer(), INT64_MAX);
  EXPECT_EQ(*read("-9223372036854775808")->integer(), INT64_MIN);
  EXPECT_EQ(*read(R"("a\"\\\/\b\f\n\r\tä\u20ac\ud83d\ude00")")->text(),
            "a\"\\/\b\f\n\r\t\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(*read("\"\xe5\x88\xb0\xe8\xb4\xa6\"")->text(), "\xe5\x88\xb0\xe8\xb4\xa6");
}

TEST(JsonReader, LongTextsAndManyMembersComeWhole) {
  std::string text = "{";
  for (int i = 0; i < 3000; ++i)
    text.append("\"m")
        .append(std::to_string(i))
        .append("\":")
        .append(std::to_string(i))
        .append(",");
  text += "\"long\":\"" + std::string(100'000, 'x') + "\"}";
  const auto value = read(text);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->object()->size(), 3001u);
  EXPECT_EQ(value->find("long")->text()->size(), 100'000u);
  EXPECT_EQ(*value->find("m2999")->integer(), 2999);
}

TEST(JsonReader, RefusesDuplicateNamesAtAnyDepthAndNamesThem) {
  EXPECT_EQ(refusal(R"({"a":1,"a":1})"), "duplicate_name");
  EXPECT_EQ(refusal(R"([{"x":{"a":1,"b":2,"a":3}}])"), "duplicate_name");
  EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"), "duplicate_name");
  EXPECT_EQ(refusal(R"({"":1,"":2})"), "duplicate_name");
  EXPECT_EQ(read(R"({"amount":1,"amount":1})").error().member, "amount");
  EXPECT_EQ(read(R"([{"x":{"a":1,"b":2,"a":3}}])").error().member, "x.a");
  EXPECT_EQ(refusal(R"({"a":{"a":1},"A":2})"), "read");
}

TEST(JsonReader, NamesTheMemberWhoseValueIsRefused) {
  EXPECT_EQ(read(R"({"quantity":1.5})").error().member, "quantity");
  EXPECT_EQ(read(R"({"a":{"b":[1,10000000000000000000]}})").error().member, "a.b");
  EXPECT_EQ(read("1.5").error().member, "");
}

TEST(JsonReader, RefusesInexactNumbers) {
  for (const char* text : {"1.0", "100.0", "1e2", "1E+2", "1.5e-3", "-0.0", "[1,2.5]", "1e999"}) {
    EXPECT_EQ(refusal(text), "fraction") << text;
  }
  for (const std::string& text :
       {std::string("9223372036854775808"), std::string("-9223372036854775809"),
        std::string("18446744073709551616"), std::string("1").append(30, '0'),
        std::string("[").append(5000, '9').append("]")}) {
    EXPECT_EQ(refusal(text), "number_out_of_range") << text.substr(0, 40);
  }
}

TEST(JsonReader, KeepsNumbersOfOthersAsTheyWereWritten) {
  const auto value = read(R"({"a":100.0000,"b":1e2,"c":12,"d":1000000000000000000000000000000})",
                          Numbers::as_text);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->find("a")->number()->text, "100.0000");
  EXPECT_EQ(value->find("b")->number()->text, "1e2");
  EXPECT_EQ(*value->find("c")->integer(), 12);
  EXPECT_EQ(value->find("d")->number()->text, "1000000000000000000000000000000");
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const char* text : {"",           " ",
                           "{",          "[1,",
                           "{\"a\"}",    "{a:1}",
                           "{'a':1}",    "[1,]",
                           "{\"a\":1,}", "nul",
                           "NaN",        "Infinity",
                           "+1",         ".5",
                           "1.",         "\"a",
                           "\"a\nb\"",   "\"\\x\"",
                           "/* */1",     "\"tab\tinside\"",
                           "-",          "[\"a\" \"b\"]"}) {
    EXPECT_EQ(refusal(text), "syntax") << text;
  }
}

TEST(JsonReader, RefusesTrailingBytes) {
  EXPECT_EQ(refusal("{} x"), "trailing_bytes");
  EXPECT_EQ(refusal("1 2"), "trailing_bytes");
  EXPECT_EQ(refusal("{}{}"), "trailing_bytes");
  EXPECT_EQ(refusal("01"), "trailing_bytes");
  EXPECT_EQ(refusal("0x10"), "trailing_bytes");
  EXPECT_EQ(refusal(std::string_view("{}\0", 3)), "trailing_bytes");
  EXPECT_EQ(read("{} x").error().position, 3u);
}

TEST(JsonReader, RefusesBrokenTextBytes) {
  EXPECT_EQ(refusal("\xef\xbb\xbf{}"), "byte_order_mark");
  EXPECT_EQ(refusal("\"\xff\""), "invalid_utf8");
  EXPECT_EQ(refusal("\"\xc0\x80\""), "invalid_utf8");
  EXPECT_EQ(refusal("\"\xed\xa0\x80\""), "invalid_utf8");
  EXPECT_EQ(refusal("\"\xb5\xbd\xd5\xcb\""), "invalid_utf8");
  EXPECT_EQ(refusal("{\"\xff\":1}"), "invalid_utf8");
  EXPECT_EQ(refusal(R"("\ude00")"), "invalid_utf8");
  EXPECT_EQ(refusal(R"("\ud800")"), "syntax");
  EXPECT_EQ(refusal(R"("\ud800x")"), "syntax");
  EXPECT_EQ(refusal(R"("a\u0000b")"), "nul_character");
  EXPECT_EQ(refusal(R"({"a\u0000":1})"), "nul_character");
}

TEST(JsonReader, DepthHasALimit) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(refusal(nested(depth_max)), "read");
  EXPECT_EQ(refusal(nested(depth_max + 1)), "too_deep");
  EXPECT_EQ(refusal(nested(10'000)), "too_deep");
  EXPECT_EQ(refusal(std::string(1'000'000, '[')), "too_deep");
  std::string objects;
  for (int i = 0; i < 40; ++i) objects += "{\"a\":";
  EXPECT_EQ(refusal(objects), "too_deep");
}

TEST(JsonReader, EveryPrefixOfADocumentIsRefused) {
  const std::string text = R"({"a":[1,{"b":"x\u00e4"},true,null],"c":-12})";
  ASSERT_EQ(refusal(text), "read");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(refusal(text.substr(0, size)), "read") << size;
  }
}

TEST(Utf8, FollowsTheTableOfWellFormedBytes) {
  for (const char* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad :
       {"\x80", "\xbf", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace daozhang::json
