// Byte buffers as UTF-8 text. Spreadsheets in China save CSV as GB18030 without saying so; a file
// is UTF-8 if it has the UTF-8 mark or if all its bytes are valid UTF-8, and GB18030 otherwise.
//
// Line feed, comma and quotation mark are never part of a longer GB18030 or UTF-8 sequence, so a
// file may be cut at these bytes first and decoded piece by piece afterwards.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/result.h"

namespace daozhang::text {

enum class Encoding { utf8, gb18030 };

constexpr auto names_of(std::type_identity<Encoding>) { return base::words("utf8", "gb18030"); }

// U+FEFF as UTF-8; not part of the text that it precedes.
inline constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

// Why a buffer has no text: the offset in bytes of the first sequence that means nothing.
struct Undecodable {
  std::size_t position = 0;
  friend bool operator==(const Undecodable&, const Undecodable&) = default;
};

// Detects the encoding of bytes that come in pieces of any size, a sequence may be cut between two.
// Memory: four bytes. One thread.
class EncodingDetector {
 public:
  void feed(std::string_view piece);
  // The encoding of everything that was fed; a sequence still open at the end is not UTF-8.
  [[nodiscard]] Encoding finish() const;

 private:
  std::string open_;  // The start of a sequence whose end has not come.
  std::string head_;  // The first bytes, at most as many as the mark.
  bool all_valid_utf8_ = true;
};

// Detects the encoding of a whole buffer.
Encoding detect_encoding(std::string_view bytes);

// Turns bytes of one known encoding into UTF-8. Reusable, so the converter is opened once per file.
// One thread at a time.
class Decoder {
 public:
  explicit Decoder(Encoding encoding);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  // Decodes `bytes` as a whole; nothing is kept between calls and no mark is removed.
  [[nodiscard]] base::Result<std::string, Undecodable> decode(std::string_view bytes);

 private:
  struct Converter;
  Encoding encoding_;
  std::unique_ptr<Converter> converter_;  // Null for UTF-8.
};

// The other way, for whoever plays a sender of such files. `utf8` must be UTF-8.
std::string gb18030_of(std::string_view utf8);

struct Decoded {
  std::string utf8;  // Without the mark.
  Encoding encoding = Encoding::utf8;
};

// Detects and decodes a whole buffer. The position in a refusal counts the mark.
base::Result<Decoded, Undecodable> decode(std::string_view bytes);

}  // namespace daozhang::text
