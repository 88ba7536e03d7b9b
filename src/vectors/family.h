// Files of test vectors (title, sources, vectors[]) and what of ours each kind of vector is checked
// against. A new protocol is a new family with its table of kinds; a family that is named but has
// no table waits for a later release.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "json/value.h"

namespace daozhang::vectors {

// Nothing if our code gives what the vector expects; otherwise what differed, for people.
using Difference = std::optional<std::string>;
using Check = Difference (*)(const json::Value& vector);

struct Kind {
  std::string_view name;
  Check check;
};

struct Family {
  std::string_view name;   // What the file's name begins with.
  std::string_view title;  // What the file's title begins with.
  std::span<const Kind> kinds;
  bool waits = false;  // Not ours yet: counted neither as passed nor as failed.
};

std::span<const Family> families();
// By file name (without folder and ending), else by title; null pointer for neither.
const Family* family_of(std::string_view file_stem, std::string_view title);

std::span<const Kind> alipay_kinds();
std::span<const Kind> epay_kinds();
std::span<const Kind> phone_kinds();
std::span<const Kind> wechatpay_kinds();

// "expected a, got b"; nothing if they are equal.
Difference differs(std::string_view expected, std::string_view got);
Difference differs(bool expected, bool got);
// A boolean member; nothing if absent or of another type.
std::optional<bool> truth_of(const json::Value& vector, std::string_view name);

}  // namespace daozhang::vectors
