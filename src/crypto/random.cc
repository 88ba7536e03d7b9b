#include "crypto/random.h"

#include <openssl/rand.h>

#include "base/check.h"

namespace daozhang::crypto {

void fill_random(unsigned char* out, std::size_t count) {
  if (count == 0) return;
  CHECK(count <= 1u << 20);
  CHECK(RAND_bytes(out, static_cast<int>(count)) == 1);
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  fill_random(reinterpret_cast<unsigned char*>(bytes.data()), count);
  return bytes;
}

}  // namespace daozhang::crypto
