// Files of card secrets. The first line chooses format (0 text, 1 CSV), encoding (0 detected,
// 1 UTF-8, 2 GB18030) and header (0 detected, 1 present, 2 absent); the rest is the file. Every
// record is compared with a second, whole-buffer reader of the format.
#include "intake/secret_file.h"

#include <set>
#include <sstream>

#include "tests/fuzz/input.h"
#include "text/utf8.h"

namespace daozhang::fuzz {
namespace {

using intake::Format;
using intake::LineRefusal;

struct FileRead {
  std::vector<intake::Line> lines;
  std::string reports;
  intake::Summary summary;
};

std::optional<FileRead> read_file(std::string_view bytes, intake::SecretFileOptions options,
                                  std::size_t chunk_line_count) {
  std::istringstream stream{std::string(bytes)};
  options.chunk_line_count = chunk_line_count;
  FileRead read;
  const auto summary = intake::read_secrets(stream, options, [&](std::span<intake::Line> chunk) {
    CHECK(!chunk.empty() && chunk.size() <= chunk_line_count);
    for (const intake::Line& line : chunk) {
      read.lines.push_back(line);
      read.reports += intake::report_of(line) + '\n';
    }
  });
  if (!summary) {
    CHECK(summary.error() == intake::FileRefusal::unsupported_encoding);
    return std::nullopt;
  }
  read.summary = *summary;
  return read;
}

// The record as the format's grammar has it: RFC 4180, and what is outside it named as such.
struct PlainRecord {
  std::vector<std::string> fields;
  bool is_bad = false;
};

class PlainReader {
 public:
  PlainReader(std::string_view bytes, Format format) : rest_(bytes), format_(format) {
    if (rest_.starts_with(text::utf8_mark)) rest_.remove_prefix(text::utf8_mark.size());
  }

  std::vector<PlainRecord> all() {
    std::vector<PlainRecord> records;
    while (!rest_.empty()) records.push_back(format_ == Format::text ? text_line() : csv_record());
    return records;
  }

 private:
  // Without the line end and the carriage return before it.
  static std::string without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return std::string(line);
  }
  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  bool take_if(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  PlainRecord text_line() {
    const std::string line = without_return(take(rest_.find('\n')));
    take(1);
    return {{line}, false};
  }

  std::string quoted(PlainRecord& record) {
    std::string field;
    for (;;) {
      field += take(rest_.find('"'));
      if (rest_.empty()) {
        record.is_bad = true;
        return field;
      }
      take(1);
      if (!take_if("\"")) return field;
      field += '"';
    }
  }
  void unquoted(PlainRecord& record) {
    const std::string_view field = take(rest_.find_first_of(",\n"));
    const bool ends_record = rest_.empty() || rest_.front() == '\n';
    record.fields.push_back(ends_record ? without_return(field) : std::string(field));
    record.is_bad = record.is_bad || field.find('"') != std::string_view::npos;
  }

  PlainRecord csv_record() {
    PlainRecord record;
    do {
      if (!take_if("\"")) {
        unquoted(record);
        continue;
      }
      record.fields.push_back(quoted(record));
      if (rest_ == "\r" || rest_.starts_with("\r\n")) take(1);
      if (rest_.empty() || rest_.front() == ',' || rest_.front() == '\n') continue;
      record.is_bad = true;
      take(rest_.find_first_of(",\n"));
    } while (take_if(","));
    take_if("\n");
    return record;
  }

  std::string_view rest_;
  Format format_;
};

void check_line(const intake::Line& line, const PlainRecord& record, text::Encoding encoding) {
  CHECK(record.is_bad == (line.refusal == LineRefusal::bad_quoting));
  if (line.refusal) {
    CHECK(line.secret.empty() && line.notes.empty());
    return;
  }
  text::Decoder decoder(encoding);
  const auto secret = decoder.decode(record.fields.front());
  CHECK(secret && text::trimmed(*secret) == line.secret);
  CHECK(line.notes.size() == record.fields.size() - 1);
  for (std::size_t i = 0; i < line.notes.size(); ++i) {
    const auto note = decoder.decode(record.fields[i + 1]);
    CHECK(note && text::trimmed(*note) == line.notes[i]);
  }
}

void check_secret(const intake::Line& line) {
  CHECK(!line.secret.empty() && text::is_valid_utf8(line.secret));
  CHECK(text::trimmed(line.secret) == line.secret);
  CHECK(!text::first_control_character(line.secret));
  CHECK(text::count_code_points(line.secret) <= intake::SecretFileOptions{}.secret_length_max);
  CHECK(line.head == intake::masked_head(line.secret));
}

void check_lines(const FileRead& read, const std::vector<PlainRecord>& records) {
  const std::size_t skipped = read.summary.had_header ? 1 : 0;
  CHECK(read.lines.size() + skipped == records.size());
  std::set<std::string> secrets;
  std::int64_t accepted = 0;
  std::int64_t next_number = read.lines.empty() ? 1 : read.lines.front().number;
  if (skipped == 0) CHECK(next_number == 1);
  for (std::size_t i = 0; i < read.lines.size(); ++i) {
    const intake::Line& line = read.lines[i];
    CHECK(line.number == next_number);
    next_number += line.line_count;
    check_line(line, records[i + skipped], read.summary.encoding);
    CHECK(text::count_code_points(line.head) <= 5);
    CHECK(line.refusal != LineRefusal::already_in_stock);
    if (line.refusal) continue;
    ++accepted;
    check_secret(line);
    CHECK(secrets.insert(line.secret).second);
  }
  CHECK(read.summary.accepted_count == accepted);
  CHECK(read.summary.refused_count() + accepted == static_cast<std::int64_t>(read.lines.size()));
}

}  // namespace

void secret_file(std::string_view bytes) {
  Input input(bytes);
  intake::SecretFileOptions options;
  options.format = input.choice(2) == 0 ? Format::text : Format::csv;
  const std::size_t encoding = input.choice(3);
  if (encoding == 1) options.encoding = text::Encoding::utf8;
  if (encoding == 2) options.encoding = text::Encoding::gb18030;
  options.header = static_cast<intake::Header>(input.choice(3));
  input.line();
  const std::string_view file = input.rest();
  if (file.size() > options.line_bytes_max) return;  // Longer lines have a unit test.
  const auto read = read_file(file, options, 1000);
  const auto one_by_one = read_file(file, options, 1);
  CHECK(read.has_value() == one_by_one.has_value());
  if (!read) return;
  CHECK(read->reports == one_by_one->reports);
  check_lines(*read, PlainReader(file, options.format).all());
}

}  // namespace daozhang::fuzz
