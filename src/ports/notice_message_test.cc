#include "ports/notice_message.h"

#include <gtest/gtest.h>

namespace daozhang::ports {
namespace {

TEST(NoticeMessage, ComesBackFromItsTextAsItWas) {
  NoticeMessage posted;
  posted.content_type = "application/json";
  posted.headers = {{"wechatpay-serial", "PUB_KEY_ID_1"}, {"wechatpay-nonce", ""}};
  posted.body = "{\"a\":1}\n\nGET\n";
  NoticeMessage asked;
  asked.method = "GET";
  asked.query = "pid=1&name=a%0Ab";
  for (const auto& message : {posted, asked, NoticeMessage{}})
    EXPECT_EQ(notice_message_of(text_of(message)), message);
  EXPECT_EQ(text_of(asked), "GET ?pid=1&name=a%0Ab\n\n");
}

TEST(NoticeMessage, TextsThatWereNotWrittenHereAreRefused) {
  for (const auto* text :
       {"", "POST", "POST\n", "PUT\n\n", "GET a\n\n", "POST\nno colon\n\n", "app_id=1&sign=x"})
    EXPECT_FALSE(notice_message_of(text)) << text;
}

TEST(NoticeMessage, AHeaderThatStandsTwiceIsNoHeader) {
  NoticeMessage message;
  message.headers = {{"wechatpay-nonce", "a"}, {"wechatpay-serial", "s"}, {"wechatpay-nonce", "b"}};
  EXPECT_EQ(message.header("wechatpay-nonce"), "");
  EXPECT_EQ(message.header("wechatpay-serial"), "s");
  EXPECT_EQ(message.header("wechatpay-signature"), "");
}

TEST(NoticeMessage, OnlySignatureHeadersAreKept) {
  EXPECT_TRUE(is_signature_header("Wechatpay-Serial"));
  EXPECT_FALSE(is_signature_header("Wechatpay-"));
  EXPECT_FALSE(is_signature_header("Authorization"));
  EXPECT_FALSE(is_signature_header("Cookie"));
}

}  // namespace
}  // namespace daozhang::ports
