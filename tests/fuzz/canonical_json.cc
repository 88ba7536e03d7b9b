// The JSON that we hash: what is read is byte for byte what would be written.
#include "base/canonical_json.h"

#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

// False if there is something in it that is never hashed.
bool write(base::CanonicalWriter& out, const json::Value& value) {
  bool whole = true;
  if (const auto* array = value.array()) {
    out.open_array();
    for (const json::Value& element : *array) whole = write(out, element) && whole;
    out.close_array();
  } else if (const auto* object = value.object()) {
    out.open_object();
    for (const json::Member& member : *object) {
      out.key(member.name);
      whole = write(out, member.value) && whole;
    }
    out.close_object();
  } else if (const auto* text = value.text()) {
    out.value(std::string_view(*text));
  } else if (const auto* integer = value.integer()) {
    out.value(*integer);
  } else if (const auto* truth = value.boolean()) {
    out.value(*truth);
  } else {
    return false;
  }
  return whole;
}

bool is_canonical(std::string_view text) {
  base::CanonicalReader reader(text);
  reader.skip();
  return !reader.failed() && reader.at_end();
}

// What only a reader of foreign documents minds.
bool is_no_matter_of_form(json::ReadRefusal refusal) {
  return refusal == json::ReadRefusal::invalid_utf8 ||
         refusal == json::ReadRefusal::nul_character ||
         refusal == json::ReadRefusal::duplicate_name;
}

}  // namespace

void canonical_json(std::string_view bytes) {
  const bool canonical = is_canonical(bytes);
  const auto document = json::read(bytes);
  if (!document) {
    CHECK(!canonical || is_no_matter_of_form(document.error().refusal));
    return;
  }
  base::CanonicalWriter writer;
  if (!write(writer, *document)) {
    CHECK(!canonical);
    return;
  }
  const std::string text = writer.take();
  CHECK(is_canonical(text));
  CHECK(canonical == (text == bytes));
}

}  // namespace daozhang::fuzz
