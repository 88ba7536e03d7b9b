// Bill files between the answer that promises one and its download. Any thread. Bounded: of more
// than `files_max` the oldest is thrown away.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/hex.h"
#include "crypto/random.h"

namespace daozhang::sandbox {

class BillShelf {
 public:
  static constexpr std::size_t files_max = 32;

  // Gives the token by which the file is fetched.
  std::string put(std::string file) {
    const std::scoped_lock lock(mutex_);
    if (files_.size() >= files_max) files_.pop_front();
    files_.emplace_back(base::to_hex(crypto::random_bytes(16)), std::move(file));
    return files_.back().first;
  }
  [[nodiscard]] std::optional<std::string> find(std::string_view token) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, file] : files_)
      if (name == token) return file;
    return std::nullopt;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<std::pair<std::string, std::string>> files_;
};

}  // namespace daozhang::sandbox
