#include "vectors/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace daozhang::vectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Outcome {
  Report report;
  std::string said;
};

Outcome run(std::string_view file_name, std::string_view text) {
  Outcome done;
  std::ostringstream out;
  run_text(file_name, text, done.report, out);
  done.said = out.str();
  return done;
}

constexpr std::string_view good =
    R"({"id":"a1","kind":"aes_encrypt","aes_key_b64":"AAAAAAAAAAAAAAAAAAAAAA==",)"
    R"("plaintext":"","ciphertext_b64":"AUPbY+5msM3/n2mRdoAVHg=="})";

std::string file_of(std::string_view vectors) {
  return std::string(R"({"title":"alipay vectors","vectors":[)").append(vectors).append("]}");
}

TEST(VectorRunner, CountsWhatPassedAndNamesWhatDiffered) {
  const std::string wrong =
      R"({"id":"a2","kind":"aes_encrypt","aes_key_b64":"AAAAAAAAAAAAAAAAAAAAAA==",)"
      R"("plaintext":"x","ciphertext_b64":"AAAA"})";
  const Outcome done = run("alipay.json", file_of(std::string(good).append(",").append(wrong)));
  EXPECT_EQ(done.report.passed, 1u);
  EXPECT_THAT(done.report.failed, ElementsAre("a2"));
  EXPECT_THAT(done.said, HasSubstr("FAILED alipay.json a2: aes_encrypt: expected AAAA, got "));
  EXPECT_FALSE(done.report.succeeded());
}

TEST(VectorRunner, AnUnknownKindIsAFailure) {
  const Outcome done = run("alipay.json", file_of(R"({"id":"n","kind":"new_kind"},{"id":"m"})"));
  EXPECT_THAT(done.report.failed, ElementsAre("n", "m"));
  EXPECT_THAT(done.said, HasSubstr("unknown kind new_kind"));
}

TEST(VectorRunner, AnUnknownFamilyIsAFailureAndAnotherNameIsFoundByItsTitle) {
  EXPECT_THAT(run("bank.json", R"({"title":"bank","vectors":[{}]})").report.failed,
              ElementsAre("bank.json"));
  EXPECT_EQ(run("reserve.json", file_of(good)).report.passed, 1u);
  EXPECT_EQ(run("alipay_more.json", file_of(good)).report.passed, 1u);
}

TEST(VectorRunner, AFamilyThatWaitsIsNamedAndNotCounted) {
  const Outcome done = run("tlog.json", R"({"title":"any","vectors":[{"id":"t","kind":"x"}]})");
  EXPECT_THAT(done.report.waiting, ElementsAre("tlog"));
  EXPECT_THAT(done.report.failed, IsEmpty());
  EXPECT_FALSE(done.report.succeeded());
}

TEST(VectorRunner, BrokenFilesAreFailures) {
  for (const char* text :
       {"", "{", "[]", R"({"title":"alipay vectors"})",
        R"({"title":"alipay vectors","vectors":[]})", R"({"title":"alipay vectors","vectors":{}})",
        R"({"title":"alipay vectors","title":"x","vectors":[{}]})"}) {
    EXPECT_THAT(run("alipay.json", text).report.failed, ElementsAre("alipay.json")) << text;
  }
}

TEST(VectorRunner, AVectorWithoutItsPartsFailsInEveryKind) {
  for (const char* kind :
       {"notify_verify", "return_url_verify", "response_verify", "response_extract_signed_content",
        "response_content_verify", "request_sign", "cert_sn", "root_cert_sn", "aes_encrypt"}) {
    const std::string vector = std::string(R"({"id":"empty","kind":")").append(kind).append("\"}");
    EXPECT_THAT(run("alipay.json", file_of(vector)).report.failed, ElementsAre("empty")) << kind;
  }
  for (const char* kind :
       {"canonical", "md5-sign", "hmac-sha256-hex", "v2-canonical-rsa", "notify-decision"}) {
    for (const char* part : {"", R"(,"params":{})", R"(,"params":{},"key":"k","expect":{})"}) {
      const std::string vector =
          std::string(R"({"id":"empty","kind":")").append(kind).append("\"").append(part) + "}";
      EXPECT_THAT(run("epay.json", file_of(vector)).report.failed, ElementsAre("empty")) << vector;
    }
  }
}

TEST(VectorRunner, AWechatpayVectorWithoutItsPartsFailsInEveryKind) {
  for (const char* kind :
       {"aead_decrypt", "aead_encrypt", "rsa_verify", "rsa_sign", "request_message",
        "response_message", "response_verify", "authorization", "notify", "oaep_decrypt",
        "trade_bill_parse", "v2_md5_sign"}) {
    const std::string text =
        std::string(R"({"title":"wechatpay vectors","vectors":[{"id":"empty",)")
            .append(R"("kind":")")
            .append(kind)
            .append("\"}]}");
    EXPECT_THAT(run("wechatpay.json", text).report.failed, ElementsAre("empty")) << kind;
  }
}

TEST(VectorRunner, OurOwnVectorsPass) {
  std::ostringstream out;
  const Report report = run_folder("src/vectors/own", out);
  EXPECT_TRUE(report.succeeded()) << out.str();
  EXPECT_THAT(report.waiting, IsEmpty());
  EXPECT_GE(report.passed, 20u);
}

TEST(VectorRunner, TheSharedVectorsPass) {
  const char* configured = std::getenv("DAOZHANG_VECTORS");
  const std::string folder = configured != nullptr ? configured : "../shared/vectors";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "skipped: no folder " << folder;
  std::ostringstream out;
  const Report report = run_folder(folder, out);
  EXPECT_GT(report.passed, 0u);
  // Debian's metadata of libphonenumber is older than Benin's new numbers (text/phone_test.cc).
  for (const std::string& id : report.failed) EXPECT_EQ(id, "mobile-BJ") << out.str();
}

}  // namespace
}  // namespace daozhang::vectors
