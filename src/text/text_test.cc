#include <gtest/gtest.h>

#include <string>

#include "text/email.h"
#include "text/encoding.h"
#include "text/utf8.h"

namespace daozhang::text {
namespace {

// "卡密" and "联通" in GB18030; the second is the pair that fools guessers, it looks like UTF-8.
constexpr std::string_view card_gb = "\xBF\xA8\xC3\xDC";
constexpr std::string_view unicom_gb = "\xC1\xAA\xCD\xA8";

TEST(Utf8, CountsCodePointsNotBytes) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("abc"), 3U);
  EXPECT_EQ(count_code_points("卡密"), 2U);
  EXPECT_EQ(count_code_points("😀a"), 2U);
  EXPECT_EQ(first_code_points("卡密123", 3), "卡密1");
  EXPECT_EQ(first_code_points("ab", 5), "ab");
  EXPECT_EQ(first_code_points("ab", 0), "");
}

TEST(Utf8, SaysWhereItIsInvalid) {
  EXPECT_EQ(first_invalid_utf8("卡密 ok"), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("ab\xFF"), 2U);
  EXPECT_EQ(first_invalid_utf8("\xC0\xAF"), 0U) << "overlong";
  EXPECT_EQ(first_invalid_utf8("x\xED\xA0\x80"), 1U) << "surrogate";
  EXPECT_EQ(first_invalid_utf8("\xF4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(first_invalid_utf8("ab\xE5\x8D"), 2U) << "cut short";
}

TEST(Utf8, KnowsWhatDoesNotBelongInALine) {
  EXPECT_EQ(first_control_character("plain 文字 😀"), std::nullopt);
  EXPECT_EQ(first_control_character("a\tb"), 1U);
  EXPECT_EQ(first_control_character(std::string_view("a\0b", 3)), 1U);
  EXPECT_EQ(first_control_character("a\x7F"), 1U);
  EXPECT_EQ(first_control_character("a\xC2\x85"), 1U) << "next line, U+0085";
  EXPECT_EQ(first_control_character("卡\xE2\x80\xAE"), 3U) << "right-to-left override";
  EXPECT_EQ(first_control_character("\xE2\x80\xA8"), 0U) << "line separator";
}

TEST(Utf8, TrimsUnicodeBlanks) {
  EXPECT_EQ(trimmed("\xE3\x80\x80 a b \xC2\xA0\xEF\xBB\xBF"), "a b");
  EXPECT_EQ(trimmed(" \t\r\n"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Encoding, ValidUtf8Wins) {
  const auto decoded = decode("卡密,1\n");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->encoding, Encoding::utf8);
  EXPECT_EQ(decoded->utf8, "卡密,1\n");
}

TEST(Encoding, MarkIsRemovedAndDecides) {
  const auto decoded = decode("\xEF\xBB\xBFsecret");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->utf8, "secret");
  const auto refused = decode("\xEF\xBB\xBFok\xBF\xA8");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().position, 5U) << "a marked file is never read as GB18030";
}

TEST(Encoding, Gb18030IsDecodedInTwoAndFourBytes) {
  const auto decoded = decode(std::string(card_gb) + "-\x95\x32\x82\x36");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->encoding, Encoding::gb18030);
  EXPECT_EQ(decoded->utf8, "卡密-\xF0\xA0\x80\x80");
  EXPECT_EQ(Decoder(Encoding::gb18030).decode(unicom_gb).value(), "联通");
}

TEST(Encoding, UndecodableBytesAreRefusedWithTheirPosition) {
  const auto lone_lead = decode(std::string(card_gb) + "a\xBF");
  ASSERT_FALSE(lone_lead);
  EXPECT_EQ(lone_lead.error().position, 5U);
  const auto bad_byte = decode(std::string(card_gb) + "\xFF" + "abc");
  ASSERT_FALSE(bad_byte);
  EXPECT_EQ(bad_byte.error().position, 4U);
  const auto bad_trail = decode("xy\xBF\x20zz");
  ASSERT_FALSE(bad_trail);
  EXPECT_EQ(bad_trail.error().position, 2U);
}

TEST(Encoding, DecoderKeepsNothingBetweenCalls) {
  Decoder decoder(Encoding::gb18030);
  EXPECT_FALSE(decoder.decode("\xBF"));
  EXPECT_FALSE(decoder.decode("\xA8")) << "the lone byte before must not be joined to this one";
  EXPECT_EQ(decoder.decode(card_gb).value(), "卡密");
}

TEST(Encoding, DetectionDoesNotDependOnWhereThePiecesAreCut) {
  const std::string utf8 = "a卡密😀b";
  const std::string gb = std::string(card_gb) + "b";
  for (std::size_t cut = 1; cut <= 5; ++cut) {
    for (const auto& [bytes, expected] :
         {std::pair{utf8, Encoding::utf8}, std::pair{gb, Encoding::gb18030},
          std::pair{utf8 + "\xE5", Encoding::gb18030},
          std::pair{std::string(utf8_mark) + gb, Encoding::utf8}}) {
      EncodingDetector detector;
      for (std::size_t at = 0; at < bytes.size(); at += cut) detector.feed(bytes.substr(at, cut));
      EXPECT_EQ(detector.finish(), expected) << "cut every " << cut << " bytes";
    }
  }
  EXPECT_EQ(EncodingDetector{}.finish(), Encoding::utf8);
}

TEST(Email, UsualAddressesAreTaken) {
  EXPECT_EQ(parse_email("a@b.cn").value(), "a@b.cn");
  EXPECT_EQ(parse_email("  Buyer.One+tag@QQ.COM ").value(), "Buyer.One+tag@qq.com");
  EXPECT_EQ(parse_email("12345@mail-1.example.com.cn").value(), "12345@mail-1.example.com.cn");
}

TEST(Email, OthersAreRefusedByName) {
  const auto refusal = [](std::string_view input) { return parse_email(input).error(); };
  EXPECT_EQ(refusal(" "), EmailRefusal::empty);
  EXPECT_EQ(refusal("a.example.com"), EmailRefusal::not_one_at_sign);
  EXPECT_EQ(refusal("a@b@c.com"), EmailRefusal::not_one_at_sign);
  EXPECT_EQ(refusal("@c.com"), EmailRefusal::bad_local_part);
  EXPECT_EQ(refusal("a b@c.com"), EmailRefusal::bad_local_part);
  EXPECT_EQ(refusal("a..b@c.com"), EmailRefusal::bad_local_part);
  EXPECT_EQ(refusal("a\r\nBcc:x@c.com"), EmailRefusal::bad_local_part);
  EXPECT_EQ(refusal("卡@c.com"), EmailRefusal::bad_local_part);
  EXPECT_EQ(refusal("a@localhost"), EmailRefusal::bad_host);
  EXPECT_EQ(refusal("a@c..com"), EmailRefusal::bad_host);
  EXPECT_EQ(refusal("a@c.com."), EmailRefusal::bad_host);
  EXPECT_EQ(refusal("a@-c.com"), EmailRefusal::bad_host);
  EXPECT_EQ(refusal("a@"), EmailRefusal::bad_host);
  EXPECT_EQ(refusal(std::string(65, 'a') + "@c.com"), EmailRefusal::too_long);
  EXPECT_EQ(refusal("a@" + std::string(260, 'c') + ".com"), EmailRefusal::too_long);
  EXPECT_EQ(base::name_of(EmailRefusal::bad_host), "bad_host");
}

TEST(Email, MaskShowsOneCharacterAndTheHost) {
  EXPECT_EQ(masked_email("alice@x.com"), "a***@x.com");
  EXPECT_EQ(masked_email("a@x.com"), "a***@x.com");
  EXPECT_EQ(masked_email("@x.com"), "***@x.com");
  EXPECT_EQ(masked_email("not an address"), "***");
}

TEST(Encoding, WhatIsWrittenAsGb18030IsReadBackTheSame) {
  for (const std::string text : {"", "a,b", "业务明细（元）", "𠀀😀"}) {
    const auto read = Decoder(Encoding::gb18030).decode(gb18030_of(text));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, text);
  }
  EXPECT_EQ(gb18030_of("账单"), "\xD5\xCB\xB5\xA5");
}

}  // namespace
}  // namespace daozhang::text
