#include "crypto/envelope.h"

#include "base/check.h"
#include "base/sha256.h"
#include "crypto/aes.h"
#include "crypto/random.h"

namespace daozhang::crypto {
namespace {

constexpr char format = 1;
constexpr std::size_t key_size = 32;
constexpr std::size_t id_size = 8;
constexpr std::size_t head_size = 1 + id_size + gcm_nonce_size;

std::string big_endian(std::int64_t id) {
  std::string bytes(id_size, '\0');
  auto rest = static_cast<std::uint64_t>(id);
  for (std::size_t i = id_size; i-- > 0; rest >>= 8) bytes[i] = static_cast<char>(rest & 0xff);
  return bytes;
}

// Names the KEK without giving anything away.
std::string id_of_kek(std::string_view kek) {
  const base::Digest digest = base::hmac_sha256(kek, "daozhang kek id");
  return std::string(base::view(digest).substr(0, id_size));
}

std::string data_for_wrapping(std::int64_t id) { return "daozhang data key " + big_endian(id); }

std::string assemble(std::string_view id, std::string_view key, std::string_view plain,
                     std::string_view associated_data) {
  std::string sealed(1, format);
  sealed += id;
  const std::string nonce = random_bytes(gcm_nonce_size);
  sealed += nonce;
  sealed += aes_256_gcm_seal(key, nonce, plain, associated_data);
  return sealed;
}

base::Result<WipedBytes, OpenRefusal> take_apart(std::string_view sealed, std::string_view id,
                                                 std::string_view key,
                                                 std::string_view associated_data) {
  if (sealed.size() < head_size + gcm_tag_size) return base::refuse(OpenRefusal::malformed);
  if (sealed.front() != format) return base::refuse(OpenRefusal::malformed);
  if (sealed.substr(1, id_size) != id) return base::refuse(OpenRefusal::other_key);
  auto plain = aes_256_gcm_open(key, sealed.substr(1 + id_size, gcm_nonce_size),
                                sealed.substr(head_size), associated_data);
  if (!plain) return base::refuse(OpenRefusal::not_genuine);
  return std::move(*plain);
}

}  // namespace

DataKey new_data_key(std::int64_t id) {
  DataKey key{.id = id, .bytes = WipedBytes(key_size)};
  fill_random(key.bytes.data(), key_size);
  return key;
}

std::string wrap(const DataKey& key, std::string_view kek) {
  CHECK(key.bytes.size() == key_size);
  return assemble(id_of_kek(kek), kek, key.bytes.view(), data_for_wrapping(key.id));
}

base::Result<DataKey, OpenRefusal> unwrap(std::string_view wrapped, std::int64_t id,
                                          std::string_view kek) {
  auto bytes = take_apart(wrapped, id_of_kek(kek), kek, data_for_wrapping(id));
  if (!bytes) return base::refuse(bytes.error());
  if (bytes->size() != key_size) return base::refuse(OpenRefusal::malformed);
  return DataKey{.id = id, .bytes = std::move(*bytes)};
}

std::string seal(std::string_view secret, const DataKey& key, std::string_view associated_data) {
  return assemble(big_endian(key.id), key.bytes.view(), secret, associated_data);
}

base::Result<WipedBytes, OpenRefusal> open(std::string_view sealed, const DataKey& key,
                                           std::string_view associated_data) {
  return take_apart(sealed, big_endian(key.id), key.bytes.view(), associated_data);
}

std::optional<std::int64_t> data_key_id_of(std::string_view sealed) {
  if (sealed.size() < head_size + gcm_tag_size || sealed.front() != format) return std::nullopt;
  std::uint64_t id = 0;
  for (const char c : sealed.substr(1, id_size)) id = id << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(id);
}

std::string_view name(OpenRefusal refusal) {
  switch (refusal) {
    case OpenRefusal::malformed:
      return "malformed";
    case OpenRefusal::other_key:
      return "other_key";
    case OpenRefusal::not_genuine:
      return "not_genuine";
  }
  UNREACHABLE();
}

}  // namespace daozhang::crypto
