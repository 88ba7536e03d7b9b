// Reads card secrets from a file that a shop owner uploads or imports: text with one secret a line,
// or CSV whose first column is the secret and whose others are notes. UTF-8 or GB18030. A file of a
// million lines is read in bounded memory: the lines come to the handler in chunks.
//
// Nothing is stored here and no fingerprint is made; that is the handler's. No report carries a
// secret: a line is named by its number and at most its first two characters.
// One thread for a call; different streams may be read at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/result.h"
#include "intake/record_reader.h"
#include "text/encoding.h"

namespace daozhang::intake {

enum class LineRefusal {
  empty,              // No secret in the line.
  too_long,           // The secret or the whole line, see SecretFileOptions.
  bad_quoting,        // CSV: see Record.
  undecodable,        // Bytes that are nothing in the file's encoding.
  control_character,  // In the secret; notes may have tabs and line breaks.
  duplicate_in_file,  // The same secret stood further up.
  already_in_stock,   // Never set here: for the handler, whose store knows the fingerprint.
  not_confirmed,      // Never set here: the store could not be written, or did not say that it was.
};
constexpr auto names_of(std::type_identity<LineRefusal>) {
  return base::words("empty", "too_long", "bad_quoting", "undecodable", "control_character",
                     "duplicate_in_file", "already_in_stock", "not_confirmed");
}
inline constexpr std::size_t line_refusal_count = 8;

struct Line {
  std::int64_t number = 0;  // From 1; of the first line, if quotation marks span several.
  std::int64_t line_count = 1;
  std::optional<LineRefusal> refusal;  // The handler may add one.
  std::string head;                    // "ab***", or "***" for short or unreadable ones.
  std::string secret;                  // Blanks at both ends removed; empty if refused.
  std::vector<std::string> notes;
};

enum class Header { detect, present, absent };

struct SecretFileOptions {
  Format format = Format::text;
  // Unset: detected, for which the stream is read twice and must be able to seek.
  std::optional<text::Encoding> encoding;
  // Only in CSV. Detected means that the first cell is `secret` or `卡密`.
  Header header = Header::detect;
  std::size_t secret_length_max = 1024;    // Code points.
  std::size_t line_bytes_max = 16 * 1024;  // A record with its notes.
  std::int64_t line_count_max = 5'000'000;
  std::size_t chunk_line_count = 1000;
};

// What the handler is given: lines in their order, accepted and refused ones. The secrets are wiped
// when it returns. It may set `refusal`, then the line counts as refused.
using ChunkHandler = std::function<void(std::span<Line>)>;

struct Summary {
  text::Encoding encoding = text::Encoding::utf8;
  bool had_header = false;
  std::int64_t accepted_count = 0;
  std::array<std::int64_t, line_refusal_count> refused_counts{};  // By LineRefusal.

  [[nodiscard]] std::int64_t refused_count() const;
};

// Why a whole file is refused. What was handed over before stays handed over: a handler that wants
// all or nothing keeps its chunks until read_secrets() returns.
enum class FileRefusal {
  not_seekable,          // Detection was asked of a stream that can not go back.
  unsupported_encoding,  // UTF-16, which spreadsheets call "Unicode text".
  too_many_lines,
  read_failed,  // The stream reported an error.
};
constexpr auto names_of(std::type_identity<FileRefusal>) {
  return base::words("not_seekable", "unsupported_encoding", "too_many_lines", "read_failed");
}

[[nodiscard]] base::Result<Summary, FileRefusal> read_secrets(std::istream& stream,
                                                              const SecretFileOptions& options,
                                                              const ChunkHandler& handle);

// One line of a report, tab separated and without line end: `17 refused duplicate_in_file ab***` or
// `18 accepted - cd***`.
[[nodiscard]] std::string report_of(const Line& line);

// At most two characters of a secret of six or more; of shorter ones none.
[[nodiscard]] std::string masked_head(std::string_view secret);

}  // namespace daozhang::intake
