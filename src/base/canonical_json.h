// The JSON that we hash: objects whose members stand in the writer's order, no white space,
// integers, strings, true and false; nothing else. Writing the same values gives the same bytes for
// ever. Reading accepts exactly what is written. Input from outside goes through json/, never
// through here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daozhang::base {

// Appends to a string that it owns. One thread.
class CanonicalWriter {
 public:
  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_array() { open('['); }
  void close_array() { close(']'); }
  void key(std::string_view name);
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::int64_t number);
  void value(bool truth);

  [[nodiscard]] std::size_t size() const { return size_; }
  // All that was written; the writer is then as new.
  std::string take();

 private:
  // Where `size` more characters can be put.
  char* room(std::size_t size) {
    if (text_.size() - size_ < size) grow(size);
    return text_.data() + size_;
  }
  void grow(std::size_t size);
  void put(char c) {
    *room(1) = c;
    ++size_;
  }
  void put(std::string_view text);
  void put_quoted(std::string_view text);
  void put_escaped(std::string_view text);
  void separate();
  void open(char bracket);
  void close(char bracket);

  std::string text_;  // Longer than what is written: it grows by doubling.
  std::size_t size_ = 0;
  bool first_ = true;
  bool after_key_ = false;
};

// Pulls values from left to right. After the first mismatch `failed()` is true and every further
// read gives a zero value.
class CanonicalReader {
 public:
  explicit CanonicalReader(std::string_view text)
      : at_(text.data()), end_(text.data() + text.size()) {}

  bool open_object() { return open('{'); }
  bool open_array() { return open('['); }
  // In an object: the next key, or nothing at its closing brace (which is consumed). Good until the
  // next call.
  std::optional<std::string_view> next_key();
  // In an array: whether another element follows; the closing bracket is consumed.
  bool next_element();
  std::string text() { return std::string(text_view()); }
  // The same without a copy. Good until the next call.
  std::string_view text_view();
  std::int64_t number();
  bool truth();
  // Passes over one value of any kind; fails at more than `skip_depth_max` brackets inside each
  // other.
  void skip() { skip(skip_depth_max); }
  static constexpr std::size_t skip_depth_max = 32;

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return at_ == end_; }

 private:
  [[nodiscard]] bool is_next(char c) const { return at_ != end_ && *at_ == c; }
  bool open(char bracket);
  bool take(char expected) {
    if (failed_ || !is_next(expected)) return fail();
    ++at_;
    return true;
  }
  // What stands in the object or array before its next member: a comma, but for the first.
  bool take_separator();
  // The characters up to the next quote, backslash or control character, consumed.
  std::string_view take_plain();
  // Up to the closing quote, which stays.
  std::string_view take_text() {
    const auto plain = take_plain();
    return is_next('"') ? plain : take_escaped(plain);
  }
  std::string_view take_escaped(std::string_view plain);
  void skip(std::size_t depth_left);
  // What stands behind a backslash, or nothing (and failed) if the writer never puts it there.
  std::optional<char> escaped();
  // False, to be returned.
  bool fail() {
    failed_ = true;
    return false;
  }

  const char* at_;
  const char* end_;
  std::string escaped_;  // The last text that was written with a backslash.
  bool first_ = true;
  bool failed_ = false;
};

}  // namespace daozhang::base
