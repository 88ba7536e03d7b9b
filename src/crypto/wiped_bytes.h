// A buffer for plaintext and keys that is overwritten before its memory goes back. Move only; one
// owner; no thread of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace daozhang::crypto {

// Overwrites `size` bytes so that no optimizer drops the write.
void wipe(void* memory, std::size_t size);

class WipedBytes {
 public:
  WipedBytes() = default;
  explicit WipedBytes(std::size_t size) : bytes_(size, '\0') {}
  explicit WipedBytes(std::string_view copy_of) : bytes_(copy_of) {}
  WipedBytes(WipedBytes&& other) noexcept { take(other); }
  WipedBytes& operator=(WipedBytes&& other) noexcept {
    if (this != &other) {
      clear();
      take(other);
    }
    return *this;
  }
  WipedBytes(const WipedBytes&) = delete;
  WipedBytes& operator=(const WipedBytes&) = delete;
  ~WipedBytes() { clear(); }

  [[nodiscard]] std::string_view view() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] unsigned char* data() { return reinterpret_cast<unsigned char*>(bytes_.data()); }
  // Drops the tail; what is cut off is overwritten too.
  void shrink_to(std::size_t size);
  void clear();

 private:
  void take(WipedBytes& other) noexcept;

  std::string bytes_;
};

}  // namespace daozhang::crypto
