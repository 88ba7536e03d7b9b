// Envelope sealing for the vault: a secret is sealed by AES-256-GCM under a data key, the data key
// under the key file's KEK. Nonces are 96 random bits. Pure but for randomness; any thread.
//
//   sealed secret = 0x01 | data key id (8, big endian) | nonce (12) | ciphertext | tag (16)
//   wrapped key   = 0x01 | KEK id (8)                  | nonce (12) | ciphertext (32) | tag (16)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/wiped_bytes.h"

namespace daozhang::crypto {

// One per import batch. The id is the caller's (the batch's) and is bound into the wrapping.
struct DataKey {
  std::int64_t id = 0;
  WipedBytes bytes;
};

enum class OpenRefusal {
  malformed,   // Too short or of an unknown version.
  other_key,   // Sealed under another key than the one given.
  not_genuine  // The tag does not fit: changed bytes, other associated data or a forged key.
};
std::string_view name(OpenRefusal refusal);

DataKey new_data_key(std::int64_t id);
// `kek` has 32 bytes.
std::string wrap(const DataKey& key, std::string_view kek);
base::Result<DataKey, OpenRefusal> unwrap(std::string_view wrapped, std::int64_t id,
                                          std::string_view kek);

// `associated_data` names the row (shop, product, item, batch); opening needs the same bytes.
std::string seal(std::string_view secret, const DataKey& key, std::string_view associated_data);
base::Result<WipedBytes, OpenRefusal> open(std::string_view sealed, const DataKey& key,
                                           std::string_view associated_data);
// Under which data key a sealed secret stands, to find that key.
std::optional<std::int64_t> data_key_id_of(std::string_view sealed);

}  // namespace daozhang::crypto
