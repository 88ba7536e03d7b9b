#include "connectors/payment/epay/form_fields.h"

#include <gtest/gtest.h>

namespace daozhang::connectors::payment::epay {
namespace {

TEST(EpayText, LeavesOutSignaturesAndEmptyValuesAndSortsByBytes) {
  EXPECT_EQ(text_to_sign({{"pid", "1"},
                          {"sign", "abc"},
                          {"sign_type", "MD5"},
                          {"param", ""},
                          {"zero", "0"},
                          {"blank", " "},
                          {"Name", "x y"},
                          {"money", "1.00"}}),
            "Name=x y&blank= &money=1.00&pid=1&zero=0");
  EXPECT_EQ(text_to_sign({}), "");
}

TEST(EpayText, IsAmbiguousOnlyWhereAnotherFieldCouldBegin) {
  for (const char* value : {"a&b=", "a&b=c", "other&out_trade_no=order", "&_x1=", "&&money=1",
                            "a&1&b=2", "\xe4\xb8\xad&B9="}) {
    EXPECT_TRUE(is_ambiguous(value)) << value;
  }
  for (const char* value :
       {"", "a=b", "a&b", "a & b = c", "&=", "&1a=2", "a&b c=d", "M&M", "&", "&\xe4\xb8\xad="}) {
    EXPECT_FALSE(is_ambiguous(value)) << value;
  }
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
