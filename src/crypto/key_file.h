// The installation's master keys, in one text file outside the database, readable by its owner
// only. Losing it loses every sealed secret; the backup guide says so. Called at start, one thread.
//
// Format, version 1 (names in this order, values 64 hexadecimal digits):
//   daozhang-keys 1
//   kek …            wraps the data keys
//   fingerprint …    finds a secret that was imported before
//   order_number …   the permutation and MAC of public order numbers
//   access_code …    derives a buyer's access code
//   leaf_salt …      salts the leaf hashes of events
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/wiped_bytes.h"

namespace daozhang::crypto {

// Five independent keys of 32 bytes.
struct MasterKeys {
  WipedBytes kek;
  WipedBytes fingerprint;
  WipedBytes order_number;
  WipedBytes access_code;
  WipedBytes leaf_salt;
};

enum class KeyFileRefusal {
  file_missing,
  file_exists,           // create_key_file never overwrites.
  not_a_regular_file,    // A link, device or folder.
  permissions_too_wide,  // Group or others may read or write it, or it is another user's.
  unknown_version,
  malformed_line,
  key_missing,
  keys_repeat,  // Two names with one value, or a value of one repeated byte.
  can_not_write,
  can_not_read,
};
std::string_view name(KeyFileRefusal refusal);

// Writes fresh random keys with mode 0600 and syncs file and folder before it returns.
// Refuses: file_exists, can_not_write.
base::Result<void, KeyFileRefusal> create_key_file(const std::string& path);

// Refuses everything but file_exists and can_not_write.
base::Result<MasterKeys, KeyFileRefusal> load_key_file(const std::string& path);

}  // namespace daozhang::crypto
