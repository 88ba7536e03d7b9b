#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <streambuf>

#include "intake/secret_file.h"
#include "intake/seen_secrets.h"

namespace daozhang::intake {
namespace {

using ::testing::ElementsAre;

// What a reading told: one word a line, secrets as they were while the handler ran.
struct Told {
  std::vector<std::string> lines;  // "1 SECRET|note" or "1 !refusal".
  std::vector<std::string> reports;
  base::Result<Summary, FileRefusal> result;
  std::size_t chunk_length_max = 0;
};

Told read(const std::string& bytes, SecretFileOptions options = {}) {
  std::istringstream stream(bytes);
  Told told;
  told.result = read_secrets(stream, options, [&told](std::span<Line> chunk) {
    told.chunk_length_max = std::max(told.chunk_length_max, chunk.size());
    for (const Line& line : chunk) {
      std::string text = std::to_string(line.number) + " ";
      text += line.refusal ? "!" + std::string(base::name_of(*line.refusal)) : line.secret;
      for (const std::string& note : line.notes) text.append("|").append(note);
      told.lines.push_back(text);
      told.reports.push_back(report_of(line));
    }
  });
  return told;
}

Told read_csv(const std::string& bytes) {
  SecretFileOptions options;
  options.format = Format::csv;
  return read(bytes, options);
}

TEST(TextFile, EachLineIsASecret) {
  const Told told = read("AAAA-1111\nBBBB-2222\r\n  CCCC 3333 \nlast,\"one\"");
  EXPECT_THAT(told.lines,
              ElementsAre("1 AAAA-1111", "2 BBBB-2222", "3 CCCC 3333", "4 last,\"one\""));
  ASSERT_TRUE(told.result);
  EXPECT_EQ(told.result->accepted_count, 4);
  EXPECT_EQ(told.result->refused_count(), 0);
  EXPECT_EQ(told.result->encoding, text::Encoding::utf8);
}

TEST(TextFile, AnEmptyFileHasNoLines) {
  EXPECT_THAT(read("").lines, ElementsAre());
  EXPECT_TRUE(read("").result);
  EXPECT_THAT(read("\xEF\xBB\xBF").lines, ElementsAre());
}

TEST(TextFile, EveryBadLineIsNamedAndTheOthersStay) {
  const std::string long_secret(1025, 'x');
  const Told told = read("good-1\n\n   \ngood-1\nta\tb\nnul" + std::string(1, '\0') + "\n" +
                         long_secret + "\nescape\x1B[31m\ngood-2\n");
  EXPECT_THAT(told.lines, ElementsAre("1 good-1", "2 !empty", "3 !empty", "4 !duplicate_in_file",
                                      "5 !control_character", "6 !control_character", "7 !too_long",
                                      "8 !control_character", "9 good-2"));
  EXPECT_EQ(told.result->accepted_count, 2);
  EXPECT_EQ(told.result->refused_count(), 7);
  EXPECT_EQ(
      told.result->refused_counts.at(static_cast<std::size_t>(LineRefusal::control_character)), 3);
}

TEST(TextFile, ALineLongerThanAllMemoryCostsOnlyItself) {
  const Told told = read("a-secret\n" + std::string(5'000'000, 'y') + "\nb-secret");
  EXPECT_THAT(told.lines, ElementsAre("1 a-secret", "2 !too_long", "3 b-secret"));
}

TEST(TextFile, TheLimitOfASecretCountsCharacters) {
  SecretFileOptions options;
  options.secret_length_max = 4;
  EXPECT_THAT(read("卡密卡密\n卡密卡密x\n", options).lines,
              ElementsAre("1 卡密卡密", "2 !too_long"));
}

TEST(TextFile, Gb18030IsFoundAndDecoded) {
  const Told told = read("plain-1\n\xBF\xA8\xC3\xDC-2\nbad\xFF\n");
  EXPECT_THAT(told.lines, ElementsAre("1 plain-1", "2 卡密-2", "3 !undecodable"));
  EXPECT_EQ(told.result->encoding, text::Encoding::gb18030);
}

TEST(TextFile, AMarkedFileIsUtf8AlsoWithABadLine) {
  const Told told = read(
      "\xEF\xBB\xBF"
      "first-1\nbad\xBF\xA8\n卡密-3\n");
  EXPECT_THAT(told.lines, ElementsAre("1 first-1", "2 !undecodable", "3 卡密-3"));
  EXPECT_EQ(told.result->encoding, text::Encoding::utf8);
}

TEST(TextFile, ASaidEncodingIsNotDoubted) {
  SecretFileOptions options;
  options.encoding = text::Encoding::utf8;
  EXPECT_THAT(read("\xBF\xA8\xC3\xDC-2\nok-secret\n", options).lines,
              ElementsAre("1 !undecodable", "2 ok-secret"));
}

TEST(CsvFile, TheFirstColumnIsTheSecretAndTheOthersAreNotes) {
  EXPECT_THAT(read_csv("AAAA-1,5 yuan,east\nBBBB-2\nCCCC-3,\n").lines,
              ElementsAre("1 AAAA-1|5 yuan|east", "2 BBBB-2", "3 CCCC-3|"));
}

TEST(CsvFile, QuotedFieldsHoldCommasQuotesAndBreaks) {
  EXPECT_THAT(
      read_csv("\"a,b-secret\",\"say \"\"hi\"\"\"\r\n\"cc\",\"two\r\nlines\"\r\ndd,x\r\n").lines,
      ElementsAre("1 a,b-secret|say \"hi\"", "2 cc|two\r\nlines", "4 dd|x"));
}

TEST(CsvFile, AHeaderIsNoSecret) {
  for (const char* header : {"secret,note\n", "Secret\n", "\"SECRET\",x\r\n", "卡密,备注\n",
                             "\xEF\xBB\xBF"
                             "secret,note\n",
                             "\xEF\xBB\xBF"
                             "\"secret\",note\n"}) {
    const Told told = read_csv(header + std::string("AAAA-1\n"));
    EXPECT_THAT(told.lines, ElementsAre("2 AAAA-1")) << header;
    EXPECT_TRUE(told.result->had_header);
  }
  EXPECT_THAT(read_csv("\xBF\xA8\xC3\xDC,\xB1\xB8\xD7\xA2\nAAAA-1\n").lines,
              ElementsAre("2 AAAA-1"));
  EXPECT_THAT(read("secret\n").lines, ElementsAre("1 secret")) << "text has no header";
}

TEST(CsvFile, AHeaderCanBeSaid) {
  SecretFileOptions options;
  options.format = Format::csv;
  options.header = Header::present;
  EXPECT_THAT(read("code,x\nAAAA-1\n", options).lines, ElementsAre("2 AAAA-1"));
  options.header = Header::absent;
  EXPECT_THAT(read("secret\nAAAA-1\n", options).lines, ElementsAre("1 secret", "2 AAAA-1"));
}

TEST(CsvFile, BadQuotingIsRefusedAndTheNextLineIsRead) {
  EXPECT_THAT(read_csv("a\"b,x\n\"c\"d,x\n\"e\" ,x\ngood-1\n").lines,
              ElementsAre("1 !bad_quoting", "2 !bad_quoting", "3 !bad_quoting", "4 good-1"));
  // A carriage return that no line feed follows does not let a second quotation begin.
  EXPECT_THAT(read_csv("\"ABCDEF\"\r\"GHIJKL\"\n\"ABCDEF\"\r,x\n\"good-1\"\r\n\"good-2\"\r").lines,
              ElementsAre("1 !bad_quoting", "2 !bad_quoting", "3 good-1", "4 good-2"));
}

TEST(CsvFile, AQuoteThatNeverClosesTakesNothingIn) {
  EXPECT_THAT(read_csv("good-1\n\"open,x\nlost-1\nlost-2\n").lines,
              ElementsAre("1 good-1", "2 !bad_quoting"));
  EXPECT_THAT(read_csv("\"" + std::string(100'000, 'z')).lines, ElementsAre("1 !bad_quoting"));
}

TEST(CsvFile, BadFieldsRefuseTheirLine) {
  EXPECT_THAT(
      read_csv(",note\n\"two\nlines\",x\nok-1,bell\x07\nok-2,\"tab\there\"\nok-2,again\n").lines,
      ElementsAre("1 !empty", "2 !control_character", "4 !control_character", "5 ok-2|tab\there",
                  "6 !duplicate_in_file"));
  EXPECT_THAT(read_csv(std::string(1'000'000, ',') + "\nok-1\n").lines,
              ElementsAre("1 !too_long", "2 ok-1"));
}

TEST(CsvFile, ALineRefusedForItsNoteDoesNotMakeTheNextADuplicate) {
  EXPECT_THAT(read_csv("same-1,\x07\nsame-1,ok\n").lines,
              ElementsAre("1 !control_character", "2 same-1|ok"));
}

TEST(Report, CarriesNumberVerdictAndTwoCharacters) {
  EXPECT_THAT(
      read("SECRET-1\nSECRET-1\n\nabc\n卡密卡密卡密\n").reports,
      ElementsAre("1\taccepted\t-\tSE***", "2\trefused\tduplicate_in_file\tSE***",
                  "3\trefused\tempty\t***", "4\taccepted\t-\t***", "5\taccepted\t-\t卡密***"));
}

TEST(Report, NeverCarriesControlCharacters) {
  for (const std::string& report : read("\x1B[31mred-secret\n\xE2\x80\xAE"
                                        "abcdefgh\n")
                                       .reports) {
    EXPECT_TRUE(report.ends_with("\t***")) << report;
  }
}

TEST(Chunks, ManyLinesComeInChunksOfTheSaidLength) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes.append("SECRET-").append(std::to_string(i)).append("\n");
  bytes += "SECRET-0\n";
  SecretFileOptions options;
  options.chunk_line_count = 64;
  const Told told = read(bytes, options);
  EXPECT_EQ(told.chunk_length_max, 64U);
  EXPECT_EQ(told.result->accepted_count, 100'000);
  EXPECT_EQ(told.lines.back(), "100001 !duplicate_in_file");
}

TEST(Chunks, ARefusalOfTheHandlerCounts) {
  std::istringstream stream("known-1\nfresh-2\n");
  const auto summary = read_secrets(stream, {}, [](std::span<Line> chunk) {
    chunk.front().refusal = LineRefusal::already_in_stock;
  });
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->accepted_count, 1);
  EXPECT_EQ(summary->refused_counts.at(static_cast<std::size_t>(LineRefusal::already_in_stock)), 1);
}

TEST(File, TooManyLinesRefuseTheFile) {
  SecretFileOptions options;
  options.line_count_max = 2;
  EXPECT_TRUE(read("a\nb\n", options).result);
  EXPECT_EQ(read("a\nb\nc\n", options).result.error(), FileRefusal::too_many_lines);
}

TEST(File, Utf16IsRefusedAsAWhole) {
  EXPECT_EQ(read(std::string("\xFF\xFE"
                             "a\0b\0",
                             6))
                .result.error(),
            FileRefusal::unsupported_encoding);
  EXPECT_EQ(read(std::string("\xFE\xFF\0a\0b", 6)).result.error(),
            FileRefusal::unsupported_encoding);
}

// A pipe: gives its bytes once.
class Pipe final : public std::streambuf {
 public:
  explicit Pipe(std::string bytes) : bytes_(std::move(bytes)) {
    setg(bytes_.data(), bytes_.data(), bytes_.data() + bytes_.size());
  }

 private:
  std::string bytes_;
};

TEST(File, APipeNeedsASaidEncoding) {
  Pipe pipe("secret-1\n");
  std::istream stream(&pipe);
  const ChunkHandler ignore = [](std::span<Line>) {};
  EXPECT_EQ(read_secrets(stream, {}, ignore).error(), FileRefusal::not_seekable);
  stream.clear();
  SecretFileOptions options;
  options.encoding = text::Encoding::utf8;
  const auto summary = read_secrets(stream, options, ignore);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->accepted_count, 1);
}

// A disk that fails in the middle.
class BrokenDisk final : public std::streambuf {
  int_type underflow() override { throw std::ios_base::failure("broken"); }
};

TEST(File, AReadErrorIsNotTheEndOfTheFile) {
  BrokenDisk disk;
  std::istream stream(&disk);
  SecretFileOptions options;
  options.encoding = text::Encoding::utf8;
  const auto summary = read_secrets(stream, options, [](std::span<Line>) {});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error(), FileRefusal::read_failed);
}

TEST(SeenSecrets, RemembersAllWhileItGrows) {
  SeenSecrets seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(std::to_string(i)));
  for (int i = 0; i < 10'000; ++i) EXPECT_FALSE(seen.insert(std::to_string(i)));
  EXPECT_EQ(seen.size(), 10'000U);
}

}  // namespace
}  // namespace daozhang::intake
