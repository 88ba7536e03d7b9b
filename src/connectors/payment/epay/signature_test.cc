#include "connectors/payment/epay/signature.h"

#include <gtest/gtest.h>

#include "base/ascii.h"

#include "connectors/payment/epay/test_account.h"

namespace daozhang::connectors::payment::epay {
namespace {

FormFields some_fields() { return {{"pid", "1001"}, {"money", "9.90"}, {"name", "a b"}}; }

TEST(EpaySignature, Md5IsOverTheTextWithTheKeyBehindIt) {
  // md5("money=9.90&name=a b&pid=1001" "K") and with "&key=" between, by another program.
  EXPECT_EQ(md5_signature(some_fields(), "K", ""), "244ec0ae9a1dfad498081c34e5577bb4");
  EXPECT_EQ(md5_signature(some_fields(), "K", "&key="), "f93ce5b7400a0878eb853b11d486507d");
}

TEST(EpaySignature, AnotherDialectIsNotAcceptedSilently) {
  FormFields fields = some_fields();
  fields.emplace_back("sign", md5_signature(fields, "K", "&key="));
  EXPECT_TRUE(has_md5_signature(fields, "K", "&key="));
  EXPECT_FALSE(has_md5_signature(fields, "K", ""));
}

TEST(EpaySignature, OnlyTheExactTextIsAccepted) {
  const std::string sign = md5_signature(some_fields(), "K", "");
  const auto accepts = [&](std::string given) {
    FormFields fields = some_fields();
    fields.emplace_back("sign", std::move(given));
    return has_md5_signature(fields, "K", "");
  };
  EXPECT_TRUE(accepts(sign));
  EXPECT_FALSE(accepts(""));
  EXPECT_FALSE(accepts(sign + " "));
  EXPECT_FALSE(accepts(base::upper(sign)));
  EXPECT_FALSE(accepts(std::string(32, '0')));
}

TEST(EpaySignature, RequestsAreSignedByTheMerchant) {
  for (const Version version : {Version::v1, Version::v2}) {
    FormFields fields = some_fields();
    sign_request(test_account(version), fields);
    EXPECT_EQ(field(fields, "sign_type"), sign_type_of(version));
    if (version == Version::v1) {
      EXPECT_TRUE(has_md5_signature(fields, test_merchant_key, ""));
    } else {
      EXPECT_TRUE(has_rsa_signature(fields, test_own_key().public_key()));
      EXPECT_FALSE(is_signed_by_gateway(test_account(version), fields));
      fields[1].second = "9.91";
      EXPECT_FALSE(has_rsa_signature(fields, test_own_key().public_key()));
    }
  }
}

TEST(EpaySignature, ARequestThatCouldPassForANotificationIsNeverSigned) {
  FormFields fields{{"pid", "1001"}, {"trade_status", "TRADE_SUCCESS"}};
  EXPECT_DEATH(sign_request(test_account(), fields), "trade_status");
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
