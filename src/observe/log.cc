#include "observe/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/instant.h"

namespace daozhang::observe {
namespace {

constexpr std::size_t queued_line_count_max = 8192;
constexpr std::size_t text_bytes_max = 4096;  // A longer value is cut.

// Length of the UTF-8 sequence at the front, 0 if it is none (RFC 3629).
std::size_t sequence_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xc2 && first < 0xe0   ? 2
                           : first >= 0xe0 && first < 0xf0 ? 3
                           : first >= 0xf0 && first < 0xf5 ? 4
                                                           : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_foreign = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return is_overlong || is_foreign ? 0 : size;
}

void append_escaped(std::string& out, std::string_view text) {
  bool is_cut = false;
  if (text.size() > text_bytes_max) {
    text = text.substr(0, text_bytes_max);
    is_cut = true;
  }
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (size == 0) {
      out += "\\ufffd";
    } else if (text.front() == '"' || text.front() == '\\') {
      out.push_back('\\');
      out.push_back(text.front());
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else if (size == 2 && byte == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0) {
      // C1 controls: some terminals obey them.
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[1]));
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  if (is_cut) out += "\\u2026";
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  append_escaped(out, name);
  out += "\":\"";
  append_escaped(out, text);
  out.push_back('"');
}

void append_field(std::string& out, const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    return append_member(out, field.name, *text);
  }
  out += ",\"";
  append_escaped(out, field.name);
  out += "\":";
  if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    out += std::to_string(*integer);
  } else if (const auto* number = std::get_if<double>(&field.value)) {
    out += std::isfinite(*number) ? fmt::format("{}", *number) : "null";
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
}

std::string now_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return base::to_rfc3339({std::chrono::duration_cast<std::chrono::microseconds>(now).count()});
}

// One write per line: a line is whole, and in the kernel's hands when the process dies.
class DescriptorSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}
  ~DescriptorSink() override {
    if (descriptor_ != STDERR_FILENO) close(descriptor_);
  }
  DescriptorSink(const DescriptorSink&) = delete;
  DescriptorSink& operator=(const DescriptorSink&) = delete;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string_view rest(message.payload.data(), message.payload.size());
    while (!rest.empty()) {
      const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;  // A full disk must not stop the shop.
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void flush_() override {}

 private:
  const int descriptor_;
};

}  // namespace

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warn:
      return "warn";
    case LogLevel::error:
      return "error";
  }
  UNREACHABLE();
}

std::optional<LogLevel> log_level_from(std::string_view name) {
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
    if (to_string(level) == name) return level;
  }
  return std::nullopt;
}

std::string log_line(std::string_view time, LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) {
  std::string out = "{\"time\":\"";
  append_escaped(out, time);
  out.push_back('"');
  append_member(out, "level", to_string(level));
  append_member(out, "event", event);
  for (const LogField& field : fields) append_field(out, field);
  out += "}\n";
  return out;
}

class Log::Impl {
 public:
  explicit Impl(const LogOptions& options)
      : pool_(std::make_shared<spdlog::details::thread_pool>(queued_line_count_max, 1)),
        logger_(std::make_shared<spdlog::async_logger>(
            "daozhang", std::make_shared<DescriptorSink>(open_descriptor(options.file)), pool_,
            spdlog::async_overflow_policy::overrun_oldest)) {}

  void write(std::string_view line) {
    logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }
  [[nodiscard]] std::uint64_t dropped() const { return pool_->overrun_counter(); }

 private:
  static int open_descriptor(const std::string& file) {
    if (file.empty()) return STDERR_FILENO;
    const int descriptor = open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor >= 0) return descriptor;
    throw std::runtime_error("can not open the log file " + file + ": " + std::strerror(errno));
  }

  // Destroyed after the logger, and joins its thread when the queue is empty.
  const std::shared_ptr<spdlog::details::thread_pool> pool_;
  const std::shared_ptr<spdlog::async_logger> logger_;
};

Log::Log(const LogOptions& options)
    : level_(options.level), impl_(std::make_unique<Impl>(options)) {}
Log::~Log() = default;

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!is_enabled(level)) return;
  impl_->write(log_line(now_text(), level, event, fields));
}

std::uint64_t Log::dropped_line_count() const { return impl_->dropped(); }

}  // namespace daozhang::observe
