#include "net/form.h"

#include <gtest/gtest.h>

namespace daozhang::net {
namespace {

TEST(Percent, EncodesAllButTheUnreserved) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b+c/&=%"), "a%20b%2Bc%2F%26%3D%25");
  EXPECT_EQ(percent_encode("到"), "%E5%88%B0");
}

TEST(Percent, DecodesOnceAndRefusesBadEscapes) {
  EXPECT_EQ(percent_decode("a%2Bb+c"), "a+b+c");
  EXPECT_EQ(percent_decode("%2541"), "%41");
  for (const char* bad : {"%", "%1", "%g0", "%0g", "a%", "%%41"}) {
    EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
  }
}

TEST(Form, ReadsFieldsInOrderWithPlusAsSpace) {
  const auto form = Form::parse("a=1+2&b=%2B&&c&d=&=e&f=x=y");
  ASSERT_TRUE(form);
  const std::vector<FormField> expected{{"a", "1 2"}, {"b", "+"}, {"c", ""},
                                        {"d", ""},    {"", "e"},  {"f", "x=y"}};
  EXPECT_EQ(form->fields(), expected);
}

TEST(Form, RefusesWhatNoEncoderWrites) {
  EXPECT_EQ(Form::parse("a=%zz").error(), FormRefusal::bad_escape);
  EXPECT_EQ(Form::parse("a%=1").error(), FormRefusal::bad_escape);
  EXPECT_EQ(Form::parse("a=b c").error(), FormRefusal::bad_character);
  EXPECT_EQ(Form::parse("a=\r\n").error(), FormRefusal::bad_character);
  EXPECT_EQ(Form::parse("a=\xc3\xa9").error(), FormRefusal::bad_character);
  std::string many;
  for (std::size_t i = 0; i <= Form::field_count_max; ++i) many += "a=1&";
  EXPECT_EQ(Form::parse(many).error(), FormRefusal::too_many_fields);
}

TEST(Form, ARepeatedNameIsNoValueAndIsReported) {
  const auto form = Form::parse("amount=1&no=7&amount=100");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->once("amount"), std::nullopt);
  EXPECT_EQ(form->once("no"), "7");
  EXPECT_EQ(form->once("absent"), std::nullopt);
  EXPECT_EQ(form->count("amount"), 2U);
  EXPECT_EQ(form->repeated_name(), "amount");
  EXPECT_EQ(Form::parse("a=1&b=2")->repeated_name(), std::nullopt);
}

TEST(Form, EncodesWhatItReads) {
  Form form;
  form.add("a b", "c&d=e");
  form.add("名", "*-._~");
  EXPECT_EQ(form.encode(), "a+b=c%26d%3De&%E5%90%8D=*-._%7E");
  EXPECT_EQ(Form::parse(form.encode())->fields(), form.fields());
}

}  // namespace
}  // namespace daozhang::net
