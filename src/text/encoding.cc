#include "text/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <array>
#include <optional>
#include <utility>

#include "base/check.h"
#include "text/utf8.h"

namespace daozhang::text {

void EncodingDetector::feed(std::string_view piece) {
  if (head_.size() < utf8_mark.size()) head_ += piece.substr(0, utf8_mark.size() - head_.size());
  if (!all_valid_utf8_) return;
  // Finish the open sequence byte by byte; it needs at most three more.
  while (!open_.empty() && !piece.empty()) {
    open_ += piece.front();
    piece.remove_prefix(1);
    if (is_valid_utf8(open_)) {
      open_.clear();
    } else if (complete_utf8_prefix(open_) == open_.size()) {
      all_valid_utf8_ = false;
      return;
    }
  }
  const std::size_t complete = complete_utf8_prefix(piece);
  all_valid_utf8_ = is_valid_utf8(piece.substr(0, complete));
  open_ += piece.substr(complete);
}

Encoding EncodingDetector::finish() const {
  if (head_ == utf8_mark) return Encoding::utf8;
  return all_valid_utf8_ && open_.empty() ? Encoding::utf8 : Encoding::gb18030;
}

Encoding detect_encoding(std::string_view bytes) {
  EncodingDetector detector;
  detector.feed(bytes);
  return detector.finish();
}

struct Decoder::Converter {
  UConverter* handle = nullptr;

  Converter() {
    UErrorCode status = U_ZERO_ERROR;
    handle = ucnv_open("gb18030", &status);
    CHECK(U_SUCCESS(status));
    ucnv_setToUCallBack(handle, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    CHECK(U_SUCCESS(status));
  }
  ~Converter() { ucnv_close(handle); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
};

Decoder::Decoder(Encoding encoding) : encoding_(encoding) {
  if (encoding == Encoding::gb18030) converter_ = std::make_unique<Converter>();
}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

namespace {

// A sequence that ICU gave up on is still in the converter, so it began before what was consumed.
std::size_t position_of_error(UConverter* converter, std::size_t consumed) {
  std::array<char, 8> bytes{};
  auto length = static_cast<std::int8_t>(bytes.size());
  UErrorCode status = U_ZERO_ERROR;
  ucnv_getInvalidChars(converter, bytes.data(), &length, &status);
  CHECK(U_SUCCESS(status));
  return consumed - static_cast<std::size_t>(length);
}

void append_utf8(std::u16string_view text, std::string& out) {
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  const std::size_t before = out.size();
  out.resize(before + text.size() * 3);  // No UTF-16 unit takes more than three bytes.
  u_strToUTF8(out.data() + before, static_cast<std::int32_t>(text.size() * 3), &length, text.data(),
              static_cast<std::int32_t>(text.size()), &status);
  CHECK(U_SUCCESS(status));
  out.resize(before + static_cast<std::size_t>(length));
}

base::Result<std::string, Undecodable> convert(UConverter* converter, std::string_view bytes) {
  ucnv_resetToUnicode(converter);
  std::u16string text(bytes.size() + 1, u'\0');  // A byte never becomes more than one unit.
  const char* source = bytes.data();
  char16_t* target = text.data();
  UErrorCode status = U_ZERO_ERROR;
  ucnv_toUnicode(converter, &target, text.data() + text.size(), &source,
                 bytes.data() + bytes.size(), nullptr, /*flush=*/1, &status);
  if (U_FAILURE(status)) {
    CHECK(status != U_BUFFER_OVERFLOW_ERROR);
    const auto consumed = static_cast<std::size_t>(source - bytes.data());
    return base::refuse(Undecodable{position_of_error(converter, consumed)});
  }
  std::string out;
  append_utf8({text.data(), static_cast<std::size_t>(target - text.data())}, out);
  return out;
}

}  // namespace

base::Result<std::string, Undecodable> Decoder::decode(std::string_view bytes) {
  if (encoding_ == Encoding::gb18030) return convert(converter_->handle, bytes);
  if (const std::optional<std::size_t> bad = first_invalid_utf8(bytes)) {
    return base::refuse(Undecodable{*bad});
  }
  return std::string(bytes);
}

std::string gb18030_of(std::string_view utf8) {
  CHECK(is_valid_utf8(utf8));
  std::u16string text(utf8.size() + 1, u'\0');
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8(text.data(), static_cast<std::int32_t>(text.size()), &length, utf8.data(),
                static_cast<std::int32_t>(utf8.size()), &status);
  CHECK(U_SUCCESS(status));
  const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open("gb18030", &status),
                                                                     ucnv_close);
  CHECK(U_SUCCESS(status));
  std::string out(static_cast<std::size_t>(length) * 4 + 8, '\0');
  const std::int32_t written =
      ucnv_fromUChars(converter.get(), out.data(), static_cast<std::int32_t>(out.size()),
                      text.data(), length, &status);
  CHECK(U_SUCCESS(status));
  out.resize(static_cast<std::size_t>(written));
  return out;
}

base::Result<Decoded, Undecodable> decode(std::string_view bytes) {
  const Encoding encoding = detect_encoding(bytes);
  const std::size_t skipped = bytes.starts_with(utf8_mark) ? utf8_mark.size() : 0;
  auto text = Decoder(encoding).decode(bytes.substr(skipped));
  if (!text) return base::refuse(Undecodable{text.error().position + skipped});
  return Decoded{std::move(*text), encoding};
}

}  // namespace daozhang::text
