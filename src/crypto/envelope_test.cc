#include "crypto/envelope.h"

#include <gtest/gtest.h>

namespace daozhang::crypto {
namespace {

const std::string kek_one(32, '1');
const std::string kek_two(32, '2');

TEST(Envelope, ASecretComesBackUnderItsKeyAndRow) {
  const DataKey key = new_data_key(42);
  const std::string sealed = seal("CARD-0001", key, "shop 1|item 7");
  EXPECT_EQ(sealed.find("CARD"), std::string::npos);
  EXPECT_EQ(data_key_id_of(sealed), 42);
  const auto opened = open(sealed, key, "shop 1|item 7");
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->view(), "CARD-0001");
}

TEST(Envelope, TheSameSecretNeverLooksTheSame) {
  const DataKey key = new_data_key(1);
  EXPECT_NE(seal("A", key, "row"), seal("A", key, "row"));
}

TEST(Envelope, ASecretOpensInNoOtherRow) {
  const DataKey key = new_data_key(1);
  const auto opened = open(seal("A", key, "row 1"), key, "row 2");
  EXPECT_EQ(opened.error(), OpenRefusal::not_genuine);
}

TEST(Envelope, AnotherDataKeyIsNamedAsSuch) {
  const std::string sealed = seal("A", new_data_key(1), "row");
  EXPECT_EQ(open(sealed, new_data_key(2), "row").error(), OpenRefusal::other_key);
  EXPECT_EQ(open(sealed, new_data_key(1), "row").error(), OpenRefusal::not_genuine);
}

TEST(Envelope, BrokenBytesAreMalformed) {
  const DataKey key = new_data_key(1);
  const std::string sealed = seal("", key, "row");
  EXPECT_TRUE(open(sealed, key, "row").has_value());
  EXPECT_EQ(open("", key, "row").error(), OpenRefusal::malformed);
  EXPECT_EQ(open(sealed.substr(0, sealed.size() - 1), key, "row").error(), OpenRefusal::malformed);
  EXPECT_EQ(open(std::string("\x02").append(sealed.substr(1)), key, "row").error(),
            OpenRefusal::malformed);
  EXPECT_FALSE(data_key_id_of("").has_value());
}

TEST(Envelope, ADataKeyComesBackUnderItsKekAndId) {
  const DataKey key = new_data_key(7);
  const std::string wrapped = wrap(key, kek_one);
  const auto again = unwrap(wrapped, 7, kek_one);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->id, 7);
  EXPECT_EQ(again->bytes.view(), key.bytes.view());
  EXPECT_EQ(unwrap(wrapped, 8, kek_one).error(), OpenRefusal::not_genuine);
  EXPECT_EQ(unwrap(wrapped, 7, kek_two).error(), OpenRefusal::other_key);
  std::string changed = wrapped;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  EXPECT_EQ(unwrap(changed, 7, kek_one).error(), OpenRefusal::not_genuine);
  EXPECT_EQ(unwrap("short", 7, kek_one).error(), OpenRefusal::malformed);
}

TEST(WipedBytes, MovingLeavesNothingBehind) {
  WipedBytes first(std::string_view("short secret"));
  WipedBytes second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the point.
  EXPECT_EQ(second.view(), "short secret");
  second.shrink_to(5);
  EXPECT_EQ(second.view(), "short");
  second.clear();
  EXPECT_TRUE(second.empty());
}

}  // namespace
}  // namespace daozhang::crypto
