#include "json/reader.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <optional>

#include "base/check.h"
#include "json/utf8.h"

namespace daozhang::json {
namespace {

using ErrorCode = boost::json::error_code;
using Text = boost::json::string_view;

std::optional<std::string> first_duplicate(const Object& members) {
  if (members.size() < 2) return std::nullopt;
  std::vector<std::string_view> names;
  names.reserve(members.size());
  for (const Member& member : members) names.push_back(member.name);
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin == names.end()) return std::nullopt;
  return std::string(*twin);
}

// Receives the parser's events. A false return stops the parser; `refusal` then says why.
class Builder {
 public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  Builder() = default;
  explicit Builder(Numbers numbers) : numbers_(numbers) {}

  std::optional<ReadRefusal> refusal;
  std::string refused_member;
  Value root;

  bool on_document_begin(ErrorCode&) { return true; }
  bool on_document_end(ErrorCode&) { return true; }
  bool on_object_begin(ErrorCode& error) { return open(Value(Object{}), error); }
  bool on_array_begin(ErrorCode& error) { return open(Value(Array{}), error); }
  bool on_array_end(std::size_t, ErrorCode& error) { return close(error); }
  bool on_object_end(std::size_t, ErrorCode& error) {
    auto twin = first_duplicate(*open_.back().value.object());
    if (!twin) return close(error);
    open_.back().member = std::move(*twin);
    return refuse(ReadRefusal::duplicate_name, error);
  }
  bool on_key_part(Text part, std::size_t, ErrorCode&) { return append(part); }
  bool on_key(Text part, std::size_t, ErrorCode& error) {
    append(part);
    if (has_nul()) return refuse(ReadRefusal::nul_character, error);
    open_.back().member = std::move(text_);
    text_.clear();
    return true;
  }
  bool on_string_part(Text part, std::size_t, ErrorCode&) { return append(part); }
  bool on_string(Text part, std::size_t, ErrorCode& error) {
    append(part);
    if (has_nul()) return refuse(ReadRefusal::nul_character, error);
    Value value(std::move(text_));
    text_.clear();
    return add(std::move(value));
  }
  bool on_number_part(Text part, ErrorCode&) { return append(part); }
  bool on_int64(std::int64_t, Text part, ErrorCode& error) { return number(part, error); }
  bool on_uint64(std::uint64_t, Text part, ErrorCode& error) { return number(part, error); }
  bool on_double(double, Text part, ErrorCode& error) { return number(part, error); }
  bool on_bool(bool truth, ErrorCode&) { return add(Value(truth)); }
  bool on_null(ErrorCode&) { return add(Value()); }
  bool on_comment_part(Text, ErrorCode&) { return true; }
  bool on_comment(Text, ErrorCode&) { return true; }

 private:
  struct Open {
    Value value;
    std::string member;  // The name that the next value inside gets.
  };

  bool append(Text part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool has_nul() const { return text_.find('\0') != std::string::npos; }

  bool refuse(ReadRefusal why, ErrorCode& error) {
    refusal = why;
    for (const Open& each : open_) {
      if (each.member.empty()) continue;
      if (!refused_member.empty()) refused_member += '.';
      refused_member += each.member;
    }
    error = boost::json::error::exception;
    return false;
  }

  bool open(Value container, ErrorCode& error) {
    if (open_.size() >= depth_max) return refuse(ReadRefusal::too_deep, error);
    open_.push_back({std::move(container), {}});
    return true;
  }
  bool close(ErrorCode&) {
    Value done = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(done));
  }

  bool add(Value value) {
    if (open_.empty()) {
      root = std::move(value);
      return true;
    }
    Open& into = open_.back();
    // Containers under construction are ours to change; everyone else sees them constant.
    if (auto* array = const_cast<Array*>(into.value.array())) {
      array->push_back(std::move(value));
    } else {
      const_cast<Object*>(into.value.object())
          ->push_back({std::move(into.member), std::move(value)});
      into.member.clear();
    }
    return true;
  }

  bool number(Text part, ErrorCode& error) {
    append(part);
    std::string text = std::move(text_);
    text_.clear();
    const bool whole = text.find_first_of(".eE") == std::string::npos;
    std::int64_t integer = 0;
    const char* const end = text.data() + text.size();
    const auto converted = std::from_chars(text.data(), end, integer);
    if (whole && converted.ec == std::errc{} && converted.ptr == end) return add(Value(integer));
    if (numbers_ == Numbers::as_text) return add(Value(NumberText{std::move(text)}));
    return refuse(whole ? ReadRefusal::number_out_of_range : ReadRefusal::fraction, error);
  }

  Numbers numbers_ = Numbers::integers;
  std::vector<Open> open_;
  std::string text_;
};

ReadRefusal refusal_of(const ErrorCode& error) {
  using Error = boost::json::error;
  if (error == Error::too_deep) return ReadRefusal::too_deep;
  if (error == Error::illegal_leading_surrogate || error == Error::illegal_trailing_surrogate ||
      error == Error::expected_utf16_escape) {
    return ReadRefusal::invalid_utf8;
  }
  return ReadRefusal::syntax;
}

}  // namespace

base::Result<Value, ReadError> read(std::string_view text, Numbers numbers) {
  if (text.starts_with("\xef\xbb\xbf")) {
    return base::refuse(ReadError{ReadRefusal::byte_order_mark, 0, {}});
  }
  boost::json::parse_options options;
  options.max_depth = depth_max + 1;
  boost::json::basic_parser<Builder> parser(options, numbers);
  ErrorCode error;
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
  Builder& built = parser.handler();
  if (built.refusal) {
    return base::refuse(ReadError{*built.refusal, taken, std::move(built.refused_member)});
  }
  if (error) {
    // The parser calls a broken character a syntax error.
    const auto refusal = is_utf8(text) ? refusal_of(error) : ReadRefusal::invalid_utf8;
    return base::refuse(ReadError{refusal, taken, {}});
  }
  const std::size_t rest = text.find_first_not_of(" \t\r\n", taken);
  if (rest != std::string_view::npos) {
    return base::refuse(ReadError{ReadRefusal::trailing_bytes, rest, {}});
  }
  return std::move(built.root);
}

std::string_view name(ReadRefusal refusal) {
  switch (refusal) {
    case ReadRefusal::byte_order_mark:
      return "byte_order_mark";
    case ReadRefusal::syntax:
      return "syntax";
    case ReadRefusal::invalid_utf8:
      return "invalid_utf8";
    case ReadRefusal::too_deep:
      return "too_deep";
    case ReadRefusal::duplicate_name:
      return "duplicate_name";
    case ReadRefusal::fraction:
      return "fraction";
    case ReadRefusal::number_out_of_range:
      return "number_out_of_range";
    case ReadRefusal::nul_character:
      return "nul_character";
    case ReadRefusal::trailing_bytes:
      return "trailing_bytes";
  }
  UNREACHABLE();
}

}  // namespace daozhang::json
