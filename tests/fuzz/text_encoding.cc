// Bytes of unknown encoding: our two judges of UTF-8 agree, pieces are judged as the whole, and
// what is decoded is UTF-8.
#include "text/encoding.h"

#include "json/utf8.h"
#include "tests/fuzz/input.h"
#include "text/utf8.h"

namespace daozhang::fuzz {
namespace {

void check_utf8(std::string_view bytes) {
  const bool is_utf8 = text::is_valid_utf8(bytes);
  CHECK(json::is_utf8(bytes) == is_utf8);
  if (const auto bad = text::first_invalid_utf8(bytes)) {
    CHECK(*bad < bytes.size() && text::is_valid_utf8(bytes.substr(0, *bad)));
    CHECK(json::utf8_length_at(bytes, *bad) == 0);
  }
  const std::size_t complete = text::complete_utf8_prefix(bytes);
  CHECK(complete <= bytes.size() && bytes.size() - complete <= 3);
  if (is_utf8) CHECK(complete == bytes.size());
  const std::size_t count = text::count_code_points(bytes);
  CHECK(text::first_code_points(bytes, count) == bytes);
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 20); ++i) {
    CHECK(text::count_code_points(text::first_code_points(bytes, i)) == i);
  }
  const std::string_view trimmed = text::trimmed(bytes);
  CHECK(text::trimmed(trimmed) == trimmed && trimmed.size() <= bytes.size());
  if (const auto control = text::first_control_character(bytes)) CHECK(*control < bytes.size());
}

void check_detection(std::string_view bytes) {
  const text::Encoding whole = text::detect_encoding(bytes);
  for (const std::size_t step : {1, 3, 5}) {
    text::EncodingDetector detector;
    for (std::size_t at = 0; at < bytes.size(); at += step) detector.feed(bytes.substr(at, step));
    CHECK(detector.finish() == whole);
  }
  CHECK((whole == text::Encoding::utf8) ==
        (bytes.starts_with(text::utf8_mark) || text::is_valid_utf8(bytes)));
}

}  // namespace

void text_encoding(std::string_view bytes) {
  check_utf8(bytes);
  check_detection(bytes);
  text::Decoder decoder(text::Encoding::gb18030);
  const auto first = decoder.decode(bytes);
  const auto second = decoder.decode(bytes);
  CHECK(first == second);
  if (first) {
    CHECK(text::is_valid_utf8(*first));
  } else {
    CHECK(first.error().position < bytes.size());
    CHECK(decoder.decode(bytes.substr(0, first.error().position)).has_value());
  }
  const auto decoded = text::decode(bytes);
  if (!decoded) {
    CHECK(decoded.error().position < bytes.size());
    return;
  }
  CHECK(text::is_valid_utf8(decoded->utf8));
  if (decoded->encoding == text::Encoding::utf8) CHECK(bytes.ends_with(decoded->utf8));
}

}  // namespace daozhang::fuzz
