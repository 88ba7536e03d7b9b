#include "json/writer.h"

#include <gtest/gtest.h>

#include "json/reader.h"

namespace daozhang::json {
namespace {

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  std::string out = "data: ";
  Writer json(out);
  json.begin_object().member("a", 1).member("b", "x").member("c", true).key("d").begin_array();
  json.begin_object().end_object().integer(-5).text("t").null().boolean(false);
  json.begin_array().end_array().raw(R"({"r":1})").end_array();
  json.key("e").begin_object().end_object().member("f", std::string_view("{")).member("g", "[:");
  json.member("h", 2).end_object();
  EXPECT_EQ(out, R"(data: {"a":1,"b":"x","c":true,"d":[{},-5,"t",null,false,[],{"r":1}],"e":{},)"
                 R"("f":"{","g":"[:","h":2})");
}

TEST(JsonWriter, EscapesWhatMustBe) {
  std::string out;
  append_quoted(out, std::string_view("a\"b\\c\n\r\t\x01\x1f\x7f\0z", 13));
  EXPECT_EQ(out, R"("a\"b\\c\n\r\t\u0001\u001f\u007f\u0000z")");
}

TEST(JsonWriter, TextComesBackAsItWas) {
  const std::string text = "\xe5\x88\xb0\xe8\xb4\xa6 \xf0\x9f\x98\x80 <&>'/ \"\\";
  std::string out;
  append_quoted(out, text);
  EXPECT_EQ(*read(out)->text(), text);
}

TEST(JsonWriter, BytesThatAreNoUtf8AreReplaced) {
  std::string out;
  append_quoted(out, "a\xff\xc3");
  EXPECT_EQ(out, "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonWriter, WritesTheWholeRangeOfIntegers) {
  std::string out;
  Writer(out).begin_array().integer(INT64_MIN).integer(INT64_MAX).integer(0).end_array();
  EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807,0]");
}

}  // namespace
}  // namespace daozhang::json
