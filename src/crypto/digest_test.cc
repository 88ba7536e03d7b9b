#include "crypto/digest.h"

#include <gtest/gtest.h>

namespace daozhang::crypto {
namespace {

TEST(Digests, AreThoseOfTheStandards) {
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");  // RFC 1321
  Sha1 sha1;
  sha1.update("abc");
  EXPECT_EQ(sha1.finish_hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");  // FIPS 180
  EXPECT_EQ(Sha1().finish_hex(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(Digests, ATextInPiecesHasTheHashOfTheWhole) {
  Sha1 pieces;
  for (const char* piece : {"a", "", "bc"}) pieces.update(piece);
  EXPECT_EQ(pieces.finish_hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Digests, ComparisonSeesLengthAndContent) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace daozhang::crypto
