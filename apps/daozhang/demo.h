// The demo: keys for a sandbox, a catalogue and stock, so that a newcomer can buy within a minute.
#pragma once

#include <filesystem>

#include "verbs.h"

namespace daozhang::app {

// Writes the sandbox's keys and settings. Throws std::runtime_error with a sentence.
void write_sandbox_files(const InitOptions& options, const std::filesystem::path& directory);

// The settings of channels and supplier that talk to that sandbox, as TOML.
std::string demo_connections(const InitOptions& options, const std::filesystem::path& directory);

// A file of made-up card secrets, one a line.
void write_demo_secrets(const std::filesystem::path& file, int count);

// Writes a file that did not exist, with mode 0600 if it is secret. Throws std::runtime_error.
void write_new_file(const std::filesystem::path& file, const std::string& text, bool is_secret);

}  // namespace daozhang::app
