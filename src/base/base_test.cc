#include <gtest/gtest.h>

#include "base/hex.h"
#include "base/instant.h"
#include "base/prng.h"
#include "base/sha256.h"

namespace daozhang::base {
namespace {

TEST(Instant, WritesAndReadsRfc3339) {
  const auto t = from_rfc3339("2026-11-22T21:05:06.789+08:00");
  ASSERT_TRUE(t);
  EXPECT_EQ(to_rfc3339(*t), "2026-11-22T13:05:06.789Z");
  EXPECT_EQ(from_rfc3339(to_rfc3339(*t)), t);
}

TEST(Instant, RefusesWhatIsNotAPointInTime) {
  for (const char* bad :
       {"", "2026-11-22", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22T00:00:00", "2026-11-22T00:00:00Zx", "2026-11-22T00:00:00.Z"})
    EXPECT_FALSE(from_rfc3339(bad)) << bad;
}

TEST(Instant, BeijingTimeHasNoZoneSuffix) {
  const auto t = from_local_seconds("2026-11-22 21:05:06", beijing_offset);
  ASSERT_TRUE(t);
  EXPECT_EQ(to_rfc3339(*t), "2026-11-22T13:05:06.000Z");
  EXPECT_EQ(to_local_seconds(*t, beijing_offset), "2026-11-22 21:05:06");
  EXPECT_EQ(from_local_seconds("2026-11-22 21:05:06.000", beijing_offset), t);
}

TEST(Hex, RoundTripsAndRefusesOddOrForeignText) {
  EXPECT_EQ(to_hex("\x01\xff"), "01ff");
  EXPECT_EQ(from_hex("01FF"), std::string("\x01\xff"));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(Sha256, KnownAnswers) {  // FIPS 180-4 "abc"; RFC 4231 case 2
  EXPECT_EQ(to_hex(view(sha256("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(view(hmac_sha256("Jefe", "what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Prng, SameSeedSameStreamAndNamesSeparate) {
  Prng a(7, "x"), b(7, "x"), c(7, "y");
  const auto first = a.next();
  EXPECT_EQ(first, b.next());
  EXPECT_NE(first, c.next());
  for (int i = 0; i < 1000; ++i) EXPECT_LT(a.below(10), 10u);
}

}  // namespace
}  // namespace daozhang::base
