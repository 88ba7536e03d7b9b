// SQLite's own page cache without a scan of itself at every commit. When SQLite balances a tree it
// parks a page for a moment at a number far beyond the file's end; its cache then believes to hold
// such pages and searches all of itself for them at the next commit, a millisecond when it is full.
// This layer knows that they are gone. Nothing else differs.
// Source: sqlite3.c, balance_nonroot, pcache1Rekey, pcache1Truncate.
#pragma once

namespace daozhang::storage::sqlite {

// Before the process opens its first database; later it changes nothing. Any thread, idempotent.
void install_page_cache();

}  // namespace daozhang::storage::sqlite
