// A JSON document written again, so that two can be compared as texts. Any thread.
#pragma once

#include <string>

#include "json/value.h"
#include "json/writer.h"

namespace daozhang::fuzz {

inline void write_value(json::Writer& out, const json::Value& value) {
  if (const auto* array = value.array()) {
    out.begin_array();
    for (const json::Value& element : *array) write_value(out, element);
    out.end_array();
  } else if (const auto* object = value.object()) {
    out.begin_object();
    for (const json::Member& member : *object) write_value(out.key(member.name), member.value);
    out.end_object();
  } else if (const auto* text = value.text()) {
    out.text(*text);
  } else if (const auto* integer = value.integer()) {
    out.integer(*integer);
  } else if (const auto* number = value.number()) {
    out.raw(number->text);
  } else if (const auto* truth = value.boolean()) {
    out.boolean(*truth);
  } else {
    out.null();
  }
}

inline std::string json_text(const json::Value& value) {
  std::string text;
  json::Writer writer(text);
  write_value(writer, value);
  return text;
}

}  // namespace daozhang::fuzz
