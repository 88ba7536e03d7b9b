#include "intake/record_reader.h"

#include <string_view>

#include "base/check.h"
#include "crypto/wiped_bytes.h"
#include "text/encoding.h"

namespace daozhang::intake {
namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;

}  // namespace

RecordReader::RecordReader(std::istream& stream, Format format, std::size_t record_bytes_max)
    : stream_(stream), format_(format), record_bytes_max_(record_bytes_max), buffer_(buffer_bytes) {
  CHECK(record_bytes_max > 0);
}

RecordReader::~RecordReader() { crypto::wipe(buffer_.data(), buffer_.size()); }

// Behind it a quotation mark still opens the first field.
void RecordReader::skip_mark() {
  const std::string_view start(buffer_.data(), buffer_size_);
  if (start.starts_with(text::utf8_mark)) buffer_position_ = text::utf8_mark.size();
}

bool RecordReader::fill() {
  stream_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_position_ = 0;
  buffer_size_ = static_cast<std::size_t>(stream_.gcount());
  return buffer_size_ > 0;
}

void RecordReader::begin(Record& record) {
  record.line_number = lines_read_ + 1;
  record.line_count = 1;
  record.fields.resize(1);
  record.fields.front().clear();
  record.too_long = false;
  record.bad_quoting = false;
  state_ = State::field_start;
  field_was_quoted_ = false;
  record_bytes_ = 0;
}

void RecordReader::keep(Record& record, char c) {
  if (++record_bytes_ > record_bytes_max_) {
    record.too_long = true;
  } else {
    record.fields.back().push_back(c);
  }
}

void RecordReader::drop_carriage_return(Record& record) {
  std::string& field = record.fields.back();
  if (!record.too_long && field.ends_with('\r')) field.pop_back();
}

bool RecordReader::take_text(Record& record, char c) {
  if (c != '\n') {
    keep(record, c);
    return false;
  }
  drop_carriage_return(record);
  return true;
}

bool RecordReader::take_csv(Record& record, char c) {
  if (state_ == State::quoted) {
    if (c == '"') {
      state_ = State::quote_in_quoted;
    } else {
      if (c == '\n') ++record.line_count;
      keep(record, c);
    }
    return false;
  }
  if (c == '\n') {
    if (!field_was_quoted_) drop_carriage_return(record);
    return true;
  }
  // A carriage return behind a closing mark belongs to the line end or nowhere.
  if (state_ == State::return_after_quote) {
    record.bad_quoting = true;
    state_ = State::unquoted;
  }
  if (c == ',') {
    // Fields count as bytes too, so that a line of commas stays within the limit.
    if (++record_bytes_ > record_bytes_max_) {
      record.too_long = true;
    } else {
      record.fields.emplace_back();
    }
    state_ = State::field_start;
    field_was_quoted_ = false;
  } else if (c == '"' && state_ == State::field_start) {
    state_ = State::quoted;
    field_was_quoted_ = true;
  } else if (c == '"' && state_ == State::quote_in_quoted) {
    keep(record, c);
    state_ = State::quoted;
  } else if (state_ == State::quote_in_quoted) {
    record.bad_quoting = record.bad_quoting || c != '\r';
    state_ = c == '\r' ? State::return_after_quote : State::unquoted;
  } else {
    record.bad_quoting = record.bad_quoting || c == '"';
    keep(record, c);
    state_ = State::unquoted;
  }
  return false;
}

bool RecordReader::next(Record& record) {
  begin(record);
  if (lines_read_ == 0 && buffer_size_ == 0 && fill()) skip_mark();
  bool began = false;
  bool ended = false;
  while (!ended && (buffer_position_ < buffer_size_ || fill())) {
    began = true;
    const char c = buffer_[buffer_position_++];
    ended = format_ == Format::text ? take_text(record, c) : take_csv(record, c);
  }
  if (!ended && began) {
    if (state_ == State::quoted) record.bad_quoting = true;
    if (!field_was_quoted_) drop_carriage_return(record);
  }
  lines_read_ += record.line_count;
  return began;
}

}  // namespace daozhang::intake
