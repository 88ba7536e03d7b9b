#include "connectors/payment/alipay/reply.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/test_account.h"

namespace daozhang::connectors::payment::alipay {
namespace {

constexpr std::string_view query = "alipay.trade.query";

std::string signed_reply(const FormFields& content) {
  return render_reply(query, content, {.alipay_key = test_alipay_key()});
}

std::string refusal(const Account& account, std::string_view raw) {
  const auto reply = read_reply(account, raw, query);
  return reply ? "read" : std::string(base::name_of(reply.error()));
}
std::string refusal(std::string_view raw) { return refusal(test_account(), raw); }

TEST(AlipayReplyCut, TakesTheExactCharacters) {
  const auto cut = cut_reply(
      " {\n\"m_response\" : { \"a\" : \"}\\\"{\" , \"b\":[1,{}] } ,"
      " \"alipay_cert_sn\":\"c1\", \"sign\" : \"S=\" } \n",
      "m_response");
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->content, "{ \"a\" : \"}\\\"{\" , \"b\":[1,{}] }");
  EXPECT_EQ(cut->sign, "S=");
  EXPECT_EQ(cut->cert_sn, "c1");
}

TEST(AlipayReplyCut, TheSignOutsideTheContentCountsAndOfSeveralTheLast) {
  EXPECT_EQ(cut_reply(R"({"sign":"1","m_response":{"sign":"2"}})", "m_response")->sign, "1");
  EXPECT_EQ(cut_reply(R"({"sign":"1","m_response":{},"sign":"3"})", "m_response")->sign, "3");
  EXPECT_EQ(cut_reply(R"({"m_response":{"m_response":{}}})", "m_response")->content,
            R"({"m_response":{}})");
}

TEST(AlipayReplyCut, AnEncryptedContentKeepsItsQuotes) {
  EXPECT_EQ(cut_reply(R"({"m_response":"YWJj","sign":"s"})", "m_response")->content, "\"YWJj\"");
}

TEST(AlipayReplyCut, BrokenTextIsNothing) {
  const std::string good = R"({"m_response":{"a":"b"},"sign":"s"})";
  ASSERT_TRUE(cut_reply(good, "m_response").has_value());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(cut_reply(good.substr(0, size), "m_response").has_value()) << size;
  }
  for (const char* raw : {"[]", "{}", "null", R"({"x_response":{}})", R"({"m_response":1})",
                          R"({"m_response":{},"m_response":{}})", R"({"m_response":{}}x)",
                          R"({"m_response":{} "sign":"s"})", R"({m_response:{}})",
                          R"({"m_response"{}})", R"({"m_response":{},})", R"({"m_response":[]})"}) {
    EXPECT_FALSE(cut_reply(raw, "m_response").has_value()) << raw;
  }
}

TEST(AlipayReply, AGenuineReplyIsRead) {
  const auto reply =
      read_reply(test_account(),
                 signed_reply({{"code", "10000"}, {"msg", "Success"}, {"a", "{\"}\\/"}}), query);
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->code, "10000");
  EXPECT_EQ(reply->message, "Success");
  EXPECT_EQ(reply->content.text_of("a"), "{\"}\\/");
}

TEST(AlipayReply, WhatDoesNotProveItselfIsRefused) {
  const std::string good = signed_reply({{"code", "10000"}, {"total_amount", "9.90"}});
  EXPECT_EQ(refusal(good), "read");
  std::string changed = good;
  changed.replace(changed.find("9.90"), 4, "0.01");
  EXPECT_EQ(refusal(changed), "signature_invalid");
  const std::string without = good.substr(0, good.find(",\"sign\"")) + "}";
  EXPECT_EQ(refusal(without), "signature_missing");
  EXPECT_EQ(refusal("<html>502</html>"), "not_json");
  EXPECT_EQ(refusal(""), "not_json");
  EXPECT_EQ(refusal("{}"), "response_missing");
  EXPECT_EQ(refusal("[1]"), "response_missing");
  EXPECT_EQ(refusal(R"({"alipay_trade_close_response":{"code":"10000"},"sign":"x"})"),
            "response_missing");
  EXPECT_EQ(refusal(R"({"alipay_trade_query_response":{"code":"10000"},"sign":5})"),
            "signature_missing");
  const std::string by_other =
      render_reply(query, {{"code", "10000"}}, {.alipay_key = test_app_key()});
  EXPECT_EQ(refusal(by_other), "signature_invalid");
}

TEST(AlipayReply, ContentThatSaysNothingIsUnreadable) {
  EXPECT_EQ(refusal(signed_reply({{"msg", "no code"}})), "content_unreadable");
  const std::string sealed =
      render_reply(query, {{"code", "10000"}},
                   {.alipay_key = test_alipay_key(), .content_key = "0123456789abcdef"});
  EXPECT_EQ(refusal(sealed), "content_unreadable");
}

TEST(AlipayReply, AnUnsignedErrorTellsOnlyThatTheCallWasRefused) {
  const auto error = [](std::string code, std::string sub_code) {
    return render_error({{"code", std::move(code)}, {"sub_code", std::move(sub_code)}});
  };
  EXPECT_EQ(refusal(error("40002", "isv.invalid-signature")), "read");
  EXPECT_EQ(refusal(error("20000", "isp.unknow-error")), "read");
  EXPECT_EQ(refusal(error("10000", "")), "signature_missing");
  EXPECT_EQ(refusal(error("40004", "ACQ.TRADE_NOT_EXIST")), "signature_missing");
  std::string forged = error("40002", "isv.invalid-signature");
  forged.insert(forged.size() - 1, ",\"sign\":\"AAAA\"");
  EXPECT_EQ(refusal(forged), "signature_invalid");
}

TEST(AlipayReply, EncryptedContentIsOpenedAfterItsSignatureHeld) {
  Account account = test_account();
  account.content_key = "0123456789abcdef";
  const std::string sealed =
      render_reply(query, {{"code", "10000"}, {"trade_no", "2026"}},
                   {.alipay_key = test_alipay_key(), .content_key = account.content_key});
  const auto reply = read_reply(account, sealed, query);
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->content.text_of("trade_no"), "2026");
  account.content_key = "another key 0000";
  EXPECT_EQ(refusal(account, sealed), "content_unreadable");
}

TEST(AlipayReply, TheCertificateMustBeTheConfiguredOne) {
  Account account = test_account();
  account.certificates = CertificateNumbers{"a", "b", "c1"};
  const auto with = [](std::string_view number) {
    return render_reply(query, {{"code", "10000"}},
                        {.alipay_key = test_alipay_key(), .alipay_cert_sn = number});
  };
  EXPECT_EQ(refusal(account, with("c1")), "read");
  EXPECT_EQ(refusal(account, with("c2")), "certificate_differs");
}

TEST(AlipayReply, ASlashInTheSignatureMayBeEscaped) {
  std::string raw = signed_reply({{"code", "10000"}});
  const auto sign = raw.find("\"sign\"");
  for (auto at = raw.find('/', sign); at != std::string::npos; at = raw.find('/', at + 2)) {
    raw.insert(at, "\\");
  }
  EXPECT_EQ(refusal(raw), "read");
}

TEST(AlipayReplyClass, OnlyAWordThatWeKnowIsANo) {
  EXPECT_EQ(classify("10000", ""), ReplyClass::ok);
  EXPECT_EQ(classify("20000", "isp.unknow-error"), ReplyClass::unknown);
  EXPECT_EQ(classify("20001", "aop.invalid-auth-token"), ReplyClass::definite);
  EXPECT_EQ(classify("40001", "isv.missing-method"), ReplyClass::definite);
  EXPECT_EQ(classify("40002", "isv.invalid-signature"), ReplyClass::definite);
  EXPECT_EQ(classify("40003", ""), ReplyClass::definite);
  EXPECT_EQ(classify("40006", ""), ReplyClass::definite);
  EXPECT_EQ(classify("40004", "ACQ.SYSTEM_ERROR"), ReplyClass::unknown);
  EXPECT_EQ(classify("40004", "ACQ.NEVER_SEEN"), ReplyClass::unknown);
  EXPECT_EQ(classify("40004", ""), ReplyClass::unknown);
  EXPECT_EQ(classify("99999", ""), ReplyClass::unknown);
  EXPECT_EQ(classify("", ""), ReplyClass::unknown);
  for (const char* reason :
       {"ACCESS_FORBIDDEN", "CONTEXT_INCONSISTENT", "DISCORDANT_REPEAT_REQUEST",
        "NOT_ALLOW_PARTIAL_REFUND", "REASON_ILLEGAL_STATUS", "REASON_TRADE_BEEN_FREEZEN",
        "REASON_TRADE_REFUND_FEE_ERR", "REASON_TRADE_STATUS_INVALID", "REFUND_AMT_NOT_EQUAL_TOTAL",
        "REFUND_FEE_ERROR", "SELLER_BALANCE_NOT_ENOUGH", "TRADE_HAS_CLOSE", "TRADE_HAS_FINISHED",
        "TRADE_HAS_SUCCESS", "TRADE_NOT_ALLOW_REFUND", "TRADE_NOT_EXIST", "TRADE_STATUS_ERROR"}) {
    EXPECT_EQ(classify("40004", std::string("ACQ.").append(reason)), ReplyClass::definite)
        << reason;
  }
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
