// Rules about single words and names. Each message names what to write instead.
#pragma once

#include <string>
#include <vector>

#include "tests/architecture/source_file.h"

namespace daozhang::architecture {

// Clocks, threads, randomness, floating point and unordered containers where the same inputs must
// give the same answer.
[[nodiscard]] std::vector<Violation> check_banned_words(const SourceFile& file);

// GCC 12 destroys an aggregate temporary inside a co_await expression twice.
[[nodiscard]] std::vector<Violation> check_co_await(const SourceFile& file);

// A machine answers one question: an enumeration called …State has at most 9 values.
[[nodiscard]] std::vector<Violation> check_state_count(const SourceFile& file);

// A file is a noun from the glossary.
[[nodiscard]] std::vector<Violation> check_file_name(const SourceFile& file);

// Notes to oneself, paths of one machine.
[[nodiscard]] std::vector<Violation> check_leftovers(const SourceFile& file);

// Lock files name no download host.
[[nodiscard]] std::vector<Violation> check_lock_file(const SourceFile& file);

[[nodiscard]] std::vector<Violation> check_root_entries(const std::vector<std::string>& entries);

}  // namespace daozhang::architecture
