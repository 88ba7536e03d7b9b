#include "intake/secret_file.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "crypto/wiped_bytes.h"
#include "intake/seen_secrets.h"
#include "text/utf8.h"

namespace daozhang::intake {
namespace {

constexpr std::size_t detection_bytes = 64 * 1024;
constexpr std::size_t masked_secret_length_min = 6;
constexpr std::size_t head_length = 2;

void wipe(std::string& text) {
  crypto::wipe(text.data(), text.size());
  text.clear();
}

// Reads to the end and goes back.
base::Result<text::Encoding, FileRefusal> detect(std::istream& stream) {
  const auto start = stream.tellg();
  if (start == std::istream::pos_type(-1)) return base::refuse(FileRefusal::not_seekable);
  text::EncodingDetector detector;
  std::string piece(detection_bytes, '\0');
  std::string first;
  while (stream) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const std::string_view got(piece.data(), static_cast<std::size_t>(stream.gcount()));
    if (first.size() < 2) first += got.substr(0, 2 - first.size());
    detector.feed(got);
  }
  wipe(piece);
  if (stream.bad()) return base::refuse(FileRefusal::read_failed);
  stream.clear();
  if (!stream.seekg(start)) return base::refuse(FileRefusal::not_seekable);
  if (first == "\xFF\xFE" || first == "\xFE\xFF") {
    return base::refuse(FileRefusal::unsupported_encoding);
  }
  return detector.finish();
}

bool is_header_cell(std::string_view cell) {
  if (cell == "卡密") return true;
  return std::ranges::equal(cell, std::string_view("secret"), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

bool has_control_in_note(std::string_view note) {
  std::string text(note);
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text::first_control_character(text).has_value();
}

// One pass over one file.
class Reading {
 public:
  Reading(std::istream& stream, const SecretFileOptions& options, text::Encoding encoding,
          const ChunkHandler& handle)
      : options_(options),
        handle_(handle),
        reader_(stream, options.format, options.line_bytes_max),
        decoder_(encoding) {
    summary_.encoding = encoding;
  }

  base::Result<Summary, FileRefusal> run() {
    Record record;
    while (reader_.next(record)) {
      if (record.line_number + record.line_count - 1 > options_.line_count_max) {
        return base::refuse(FileRefusal::too_many_lines);
      }
      if (record.line_number == 1 && is_header(record)) {
        summary_.had_header = true;
        continue;
      }
      chunk_.push_back(judged(record));
      for (std::string& field : record.fields) wipe(field);
      if (chunk_.size() >= options_.chunk_line_count) hand_over();
    }
    hand_over();
    return summary_;
  }

 private:
  bool is_header(const Record& record) {
    if (options_.format != Format::csv || options_.header == Header::absent) return false;
    if (options_.header == Header::present) return true;
    const auto cell = decoder_.decode(record.fields.front());
    return cell && is_header_cell(text::trimmed(*cell));
  }

  Line judged(const Record& record) {
    Line line;
    line.number = record.line_number;
    line.line_count = record.line_count;
    line.head = "***";
    line.refusal = refusal_of(record, line);
    if (line.refusal) {
      wipe(line.secret);
      line.notes.clear();
    }
    return line;
  }

  // The rungs, in the order in which they are reported; fills in what was read on the way.
  std::optional<LineRefusal> refusal_of(const Record& record, Line& line) {
    if (record.bad_quoting) return LineRefusal::bad_quoting;
    if (record.too_long) return LineRefusal::too_long;
    auto decoded = decoder_.decode(record.fields.front());
    if (!decoded) return LineRefusal::undecodable;
    line.secret = text::trimmed(*decoded);
    wipe(*decoded);
    if (line.secret.empty()) return LineRefusal::empty;
    if (text::first_control_character(line.secret)) return LineRefusal::control_character;
    line.head = masked_head(line.secret);
    if (text::count_code_points(line.secret) > options_.secret_length_max) {
      return LineRefusal::too_long;
    }
    for (std::size_t i = 1; i < record.fields.size(); ++i) {
      const auto note = decoder_.decode(record.fields[i]);
      if (!note) return LineRefusal::undecodable;
      if (has_control_in_note(*note)) return LineRefusal::control_character;
      line.notes.emplace_back(text::trimmed(*note));
    }
    if (!seen_.insert(line.secret)) return LineRefusal::duplicate_in_file;
    return std::nullopt;
  }

  void hand_over() {
    if (chunk_.empty()) return;
    handle_(chunk_);
    for (Line& line : chunk_) {
      if (line.refusal) {
        ++summary_.refused_counts.at(static_cast<std::size_t>(*line.refusal));
      } else {
        ++summary_.accepted_count;
      }
      wipe(line.secret);
    }
    chunk_.clear();
  }

  const SecretFileOptions& options_;
  const ChunkHandler& handle_;
  RecordReader reader_;
  text::Decoder decoder_;
  SeenSecrets seen_;
  std::vector<Line> chunk_;
  Summary summary_;
};

}  // namespace

std::int64_t Summary::refused_count() const {
  return std::accumulate(refused_counts.begin(), refused_counts.end(), std::int64_t{0});
}

base::Result<Summary, FileRefusal> read_secrets(std::istream& stream,
                                                const SecretFileOptions& options,
                                                const ChunkHandler& handle) {
  CHECK(handle != nullptr);
  CHECK(options.chunk_line_count > 0);
  text::Encoding encoding = text::Encoding::utf8;
  if (options.encoding) {
    encoding = *options.encoding;
  } else {
    const auto detected = detect(stream);
    if (!detected) return base::refuse(detected.error());
    encoding = *detected;
  }
  auto summary = Reading(stream, options, encoding, handle).run();
  if (summary && stream.bad()) return base::refuse(FileRefusal::read_failed);
  return summary;
}

std::string report_of(const Line& line) {
  std::string report = std::to_string(line.number);
  report += line.refusal ? "\trefused\t" : "\taccepted\t";
  report += line.refusal ? base::name_of(*line.refusal) : "-";
  return report + "\t" + line.head;
}

std::string masked_head(std::string_view secret) {
  if (text::count_code_points(secret) < masked_secret_length_min) return "***";
  return std::string(text::first_code_points(secret, head_length)) + "***";
}

}  // namespace daozhang::intake
