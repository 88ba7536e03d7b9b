// Random bytes for keys, nonces and codes, from OpenSSL's generator; the process ends if the system
// gives none. Any thread. Never used by engine or simulator decisions.
#pragma once

#include <cstddef>
#include <string>

namespace daozhang::crypto {

std::string random_bytes(std::size_t count);
void fill_random(unsigned char* out, std::size_t count);

}  // namespace daozhang::crypto
