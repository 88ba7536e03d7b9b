// MD5 and SHA-1 for the protocols that still ask for them (Alipay's certificate serial numbers,
// epay; the hash of WeChat Pay's bills), never for anything of ours, and comparison in constant
// time. SHA-256 and HMAC-SHA-256 are in
// base/sha256.h. Pure; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace daozhang::crypto {

// Lower-case hexadecimal.
std::string md5_hex(std::string_view bytes);

// SHA-1 over a text that comes in pieces. One thread.
class Sha1 {
 public:
  Sha1();
  void update(std::string_view bytes);
  // Lower-case hexadecimal; once, and nothing may be added afterwards.
  std::string finish_hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// Time depends on the lengths only. Different lengths are unequal.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace daozhang::crypto
