// The program's log: one JSON object per line, so that no value can forge a line or a terminal
// command (line breaks and control characters are escaped, broken UTF-8 is replaced).
// Never log a secret, an access code, a key, a full phone number or a request body.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace daozhang::observe {

enum class LogLevel { debug, info, warn, error };
std::string_view to_string(LogLevel level);
std::optional<LogLevel> log_level_from(std::string_view name);

// One member of the line. Names used everywhere: order_no, request_id, unit_no, channel, supplier,
// attempt, status, took_ms, fault. The views must live until `write` returns.
struct LogField {
  LogField(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  LogField(std::string_view field_name, const char* text)
      : name(field_name), value(std::string_view(text)) {}
  LogField(std::string_view field_name, const std::string& text)
      : name(field_name), value(std::string_view(text)) {}
  LogField(std::string_view field_name, bool flag) : name(field_name), value(flag) {}
  LogField(std::string_view field_name, double number) : name(field_name), value(number) {}
  template <std::integral Integer>
  LogField(std::string_view field_name, Integer number)
      : name(field_name), value(static_cast<std::int64_t>(number)) {}

  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

struct LogOptions {
  LogLevel level = LogLevel::info;
  std::string file;  // Appended to, so it may be rotated by copy and truncate. Empty: stderr.
};

// `{"time":"…Z","level":"…","event":"…",…}` with a line feed. `event` is a short constant in
// snake_case, so that a line can be found by it. For Log and its tests.
std::string log_line(std::string_view time, LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields);

// Any thread. Writing never blocks on the disk: lines wait in a queue for a thread of the log's
// own; when it is full the oldest are dropped and counted.
class Log {
 public:
  // Throws std::runtime_error with a sentence for the operator when the file can not be opened.
  explicit Log(const LogOptions& options);
  ~Log();  // Writes out what waits.
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  [[nodiscard]] bool is_enabled(LogLevel level) const { return level >= level_; }
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::info, event, fields);
  }
  void warn(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::warn, event, fields);
  }
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::error, event, fields);
  }

  [[nodiscard]] std::uint64_t dropped_line_count() const;

 private:
  class Impl;
  const LogLevel level_;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace daozhang::observe
