// Cuts a stream of bytes into records, in bounded memory, before it is decoded (text/encoding.h
// says why that is safe). One thread; the stream must outlive the reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "base/enum_names.h"

namespace daozhang::intake {

enum class Format {
  text,  // One field a line.
  csv,   // RFC 4180: commas, quotation marks, line breaks inside quotation marks.
};
constexpr auto names_of(std::type_identity<Format>) { return base::words("text", "csv"); }

// Lines end with LF or CRLF; the last one needs no end. A UTF-8 mark before the first is skipped.
struct Record {
  std::int64_t line_number = 0;     // Of its first line, from 1.
  std::int64_t line_count = 0;      // More than 1 if quotation marks span lines.
  std::vector<std::string> fields;  // At least one; still in the encoding of the file.
  bool too_long = false;            // More bytes than the limit; `fields` hold what came before it.
  bool bad_quoting = false;  // A quotation mark inside an unquoted field, bytes behind a closing
                             // one, or none that closes.
};

class RecordReader {
 public:
  RecordReader(std::istream& stream, Format format, std::size_t record_bytes_max);
  ~RecordReader();  // Wipes its buffer.
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  // False at the end. The record's memory is reused.
  [[nodiscard]] bool next(Record& record);

 private:
  enum class State { field_start, unquoted, quoted, quote_in_quoted, return_after_quote };

  bool fill();
  void skip_mark();
  void begin(Record& record);
  // True if the byte ended the record.
  bool take_text(Record& record, char c);
  bool take_csv(Record& record, char c);
  void keep(Record& record, char c);
  static void drop_carriage_return(Record& record);

  std::istream& stream_;
  Format format_;
  std::size_t record_bytes_max_;
  std::vector<char> buffer_;
  std::size_t buffer_position_ = 0;
  std::size_t buffer_size_ = 0;
  State state_ = State::field_start;
  bool field_was_quoted_ = false;
  std::size_t record_bytes_ = 0;
  std::int64_t lines_read_ = 0;
};

}  // namespace daozhang::intake
