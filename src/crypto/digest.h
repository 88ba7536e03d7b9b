// MD5 for the protocols that still ask for it (Alipay's certificate serial numbers, epay), never
// for anything of ours, and comparison in constant time. SHA-256 and HMAC-SHA-256 are in
// base/sha256.h. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace daozhang::crypto {

// Lower-case hexadecimal.
std::string md5_hex(std::string_view bytes);

// Time depends on the lengths only. Different lengths are unequal.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace daozhang::crypto
