#include <gtest/gtest.h>

#include "zip/zip_reader.h"
#include "zip/zip_writer.h"

namespace daozhang::zip {
namespace {

std::FILE* file_of(const std::string& bytes) {
  std::FILE* const file = std::tmpfile();
  EXPECT_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size());
  std::rewind(file);
  return file;
}

base::Result<std::unique_ptr<ZipReader>, ZipRefusal> open(const std::string& bytes,
                                                          const ZipLimits& limits = {}) {
  return ZipReader::open(file_of(bytes), limits);
}

// "账单" in GBK.
const std::string gbk_name = "\xD5\xCB\xB5\xA5.csv";

TEST(Zip, WhatWasWrittenIsReadInPieces) {
  std::string large;
  for (int i = 0; i < 100'000; ++i) large += std::to_string(i) + ",";
  const ZipContent contents[] = {{gbk_name, large}, {"empty", ""}};
  const auto reader = open(zip_of(contents));
  ASSERT_TRUE(reader.has_value());
  ASSERT_EQ((*reader)->entries().size(), 2U);
  EXPECT_EQ((*reader)->entries()[0].name, gbk_name);
  std::string got;
  std::size_t largest = 0;
  const auto read = (*reader)->read(0, [&](std::string_view piece) {
    got += piece;
    largest = std::max(largest, piece.size());
    return true;
  });
  EXPECT_TRUE(read.has_value());
  EXPECT_EQ(got, large);
  EXPECT_LE(largest, 64U * 1024);
  EXPECT_TRUE((*reader)->read(1, [](std::string_view) { return true; }).has_value());
}

TEST(Zip, TheSameEntriesGiveTheSameBytes) {
  const ZipContent contents[] = {{"a", "b"}};
  EXPECT_EQ(zip_of(contents), zip_of(contents));
}

TEST(Zip, WhatIsNoZipIsRefused) {
  const ZipContent contents[] = {{"a", std::string(5000, 'a')}};
  const std::string whole = zip_of(contents);
  EXPECT_EQ(open("").error(), ZipRefusal::not_a_zip);
  EXPECT_EQ(open("<html>not yet</html>").error(), ZipRefusal::not_a_zip);
  EXPECT_EQ(open(whole.substr(0, whole.size() - 10)).error(), ZipRefusal::not_a_zip);
}

TEST(Zip, ABombIsRefusedBeforeItUnpacks) {
  const ZipContent contents[] = {{"a", std::string(10'000'000, '0')}};
  const std::string bomb = zip_of(contents);
  EXPECT_LT(bomb.size(), 50'000U);
  EXPECT_EQ(open(bomb, {.unpacked_bytes_max = 9'999'999}).error(), ZipRefusal::too_large);
  EXPECT_TRUE(open(bomb, {.unpacked_bytes_max = 10'000'000}).has_value());
  const ZipContent many[] = {{"a", ""}, {"b", ""}, {"c", ""}};
  EXPECT_EQ(open(zip_of(many), {.entry_count_max = 2}).error(), ZipRefusal::too_many_files);
}

// A size that lies about what comes out would be a way around the limit.
TEST(Zip, AnEntryThatIsNotWhatItSaysIsRefused) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i);
  const ZipContent contents[] = {{"a", text}};
  const std::string whole = zip_of(contents);
  int refused = 0;
  for (std::size_t at = 40; at < whole.size() - 100; at += 97) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    auto reader = open(damaged);
    if (!reader) continue;
    const auto read = (*reader)->read(0, [](std::string_view) { return true; });
    ASSERT_FALSE(read.has_value()) << at;
    EXPECT_EQ(read.error(), ZipRefusal::damaged);
    ++refused;
  }
  EXPECT_GT(refused, 5);
}

TEST(Zip, TheTakerMaySayNo) {
  const ZipContent contents[] = {{"a", "b"}};
  const auto reader = open(zip_of(contents));
  EXPECT_EQ((*reader)->read(0, [](std::string_view) { return false; }).error(),
            ZipRefusal::not_taken);
}

}  // namespace
}  // namespace daozhang::zip
