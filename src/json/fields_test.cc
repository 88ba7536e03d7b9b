#include "json/fields.h"

#include <gtest/gtest.h>

#include "json/reader.h"

namespace daozhang::json {
namespace {

TEST(JsonFields, ReadsWhatWasDeclared) {
  const Value body =
      *read(R"({"sku":"a","quantity":2,"gift":true,"target":{"x":"1"},"tags":["t"]})");
  Fields fields(body, {"sku", "quantity", "gift", "target", "tags", "note"});
  EXPECT_EQ(fields.text("sku"), "a");
  EXPECT_EQ(fields.integer("quantity"), 2);
  EXPECT_TRUE(fields.boolean("gift"));
  EXPECT_EQ(fields.object("target").text_of("x"), "1");
  EXPECT_EQ(fields.array("tags").size(), 1u);
  EXPECT_FALSE(fields.optional_text("note").has_value());
  EXPECT_FALSE(fields.optional_integer("note").has_value());
  EXPECT_FALSE(fields.optional_boolean("note").has_value());
  EXPECT_EQ(fields.optional_object("note"), nullptr);
  EXPECT_EQ(fields.optional_array("note"), nullptr);
  EXPECT_FALSE(fields.error().has_value());
}

std::string problem(std::string_view text) {
  const Value body = *read(text);
  Fields fields(body, {"sku", "quantity", "note", "target"});
  fields.text("sku");
  fields.integer("quantity");
  fields.optional_text("note");
  if (const Value* target = fields.optional_object("target")) {
    Fields inner(*target, {"account"}, "target");
    inner.text("account");
    if (inner.error()) return sentence(*inner.error());
  }
  return fields.error() ? sentence(*fields.error()) : "";
}

TEST(JsonFields, NamesTheFirstThingThatIsWrong) {
  EXPECT_EQ(problem(R"({"sku":"a","quantity":1})"), "");
  EXPECT_EQ(problem(R"({"sku":"a","quantity":1,"paid":true})"), "unknown field paid");
  EXPECT_EQ(problem(R"({"sku":"a"})"), "missing field quantity");
  EXPECT_EQ(problem(R"({"sku":1,"quantity":1})"), "wrong type for sku");
  EXPECT_EQ(problem(R"({"sku":["a"],"quantity":1})"), "wrong type for sku");
  EXPECT_EQ(problem(R"({"sku":"a","quantity":"1"})"), "wrong type for quantity");
  EXPECT_EQ(problem(R"({"sku":null,"quantity":1})"), "wrong type for sku");
  EXPECT_EQ(problem(R"({"sku":"a","quantity":1,"note":null})"), "wrong type for note");
  EXPECT_EQ(problem(R"({"sku":"a","quantity":1,"target":{"x":1}})"), "unknown field target.x");
  EXPECT_EQ(problem(R"({"sku":"a","quantity":1,"target":{}})"), "missing field target.account");
  EXPECT_EQ(problem("[]"), "the body is not an object");
  EXPECT_EQ(problem("\"text\""), "the body is not an object");
  EXPECT_EQ(problem("{}"), "missing field sku");
}

TEST(JsonFields, AfterAnErrorEveryAnswerIsEmpty) {
  const Value body = *read("[]");
  Fields fields(body, {"a"}, "item");
  EXPECT_EQ(fields.text("a"), "");
  EXPECT_EQ(fields.integer("a"), 0);
  EXPECT_FALSE(fields.boolean("a"));
  EXPECT_TRUE(fields.object("a").object()->empty());
  EXPECT_TRUE(fields.array("a").empty());
  EXPECT_EQ(sentence(*fields.error()), "item is not an object");
  EXPECT_EQ(name(fields.error()->refusal), "not_an_object");
}

}  // namespace
}  // namespace daozhang::json
