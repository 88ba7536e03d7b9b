#include "storage/sqlite/page_cache.h"

#include <sqlite3.h>

#include <algorithm>

namespace daozhang::storage::sqlite {
namespace {

constexpr unsigned pending_byte = 0x40000000;

sqlite3_pcache_methods2& default_methods() {
  static sqlite3_pcache_methods2 methods{};
  return methods;
}

// What SQLite holds as an sqlite3_pcache.
struct PageCache {
  sqlite3_pcache* cache;
  unsigned parking_key;  // No page of a file ever has this number.
  unsigned largest_key;  // None above it is in the cache, but for one that is parked.
};

PageCache& unwrap(sqlite3_pcache* cache) { return *reinterpret_cast<PageCache*>(cache); }

sqlite3_pcache* create(int page_size, int extra_size, int is_purgeable) {
  sqlite3_pcache* cache = default_methods().xCreate(page_size, extra_size, is_purgeable);
  if (cache == nullptr) return nullptr;
  const unsigned parking_key = pending_byte / static_cast<unsigned>(page_size) + 1;
  return reinterpret_cast<sqlite3_pcache*>(new PageCache{cache, parking_key, 0});
}

void set_size(sqlite3_pcache* cache, int pages) {
  default_methods().xCachesize(unwrap(cache).cache, pages);
}

int page_count(sqlite3_pcache* cache) { return default_methods().xPagecount(unwrap(cache).cache); }

sqlite3_pcache_page* fetch(sqlite3_pcache* cache, unsigned key, int create_flag) {
  auto& ours = unwrap(cache);
  if (create_flag != 0) ours.largest_key = std::max(ours.largest_key, key);
  return default_methods().xFetch(ours.cache, key, create_flag);
}

void unpin(sqlite3_pcache* cache, sqlite3_pcache_page* page, int discard) {
  default_methods().xUnpin(unwrap(cache).cache, page, discard);
}

void rekey(sqlite3_pcache* cache, sqlite3_pcache_page* page, unsigned old_key, unsigned new_key) {
  auto& ours = unwrap(cache);
  if (new_key != ours.parking_key) ours.largest_key = std::max(ours.largest_key, new_key);
  default_methods().xRekey(ours.cache, page, old_key, new_key);
}

void truncate(sqlite3_pcache* cache, unsigned limit) {
  auto& ours = unwrap(cache);
  if (limit > ours.largest_key) return;
  default_methods().xTruncate(ours.cache, limit);
  ours.largest_key = limit == 0 ? 0 : limit - 1;
}

void destroy(sqlite3_pcache* cache) {
  default_methods().xDestroy(unwrap(cache).cache);
  delete &unwrap(cache);
}

void shrink(sqlite3_pcache* cache) { default_methods().xShrink(unwrap(cache).cache); }

bool install() {
  if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &default_methods()) != SQLITE_OK) return false;
  sqlite3_pcache_methods2 methods = default_methods();
  methods.xCreate = create;
  methods.xCachesize = set_size;
  methods.xPagecount = page_count;
  methods.xFetch = fetch;
  methods.xUnpin = unpin;
  methods.xRekey = rekey;
  methods.xTruncate = truncate;
  methods.xDestroy = destroy;
  methods.xShrink = shrink;
  return sqlite3_config(SQLITE_CONFIG_PCACHE2, &methods) == SQLITE_OK;
}

}  // namespace

void install_page_cache() { [[maybe_unused]] static const bool installed = install(); }

}  // namespace daozhang::storage::sqlite
