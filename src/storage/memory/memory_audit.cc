#include "storage/memory/memory_store.h"

namespace daozhang::storage::memory {

void MemoryStore::each_order(const std::function<void(const OrderStory&)>& visit) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, story] : orders_) visit(story);
}

void MemoryStore::each_item(const std::function<void(const domain::StockItem&)>& visit) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, item] : items_) visit(item);
}

void MemoryStore::each_batch(const std::function<void(const domain::ImportBatch&)>& visit) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, batch] : batches_) visit(batch);
}

void MemoryStore::each_claim(const std::function<void(const domain::Claim&)>& visit) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, claim] : claims_) visit(claim);
}

void MemoryStore::each_balance(const std::function<void(const domain::Balance&)>& visit) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, balance] : balances_) visit(balance);
}

void MemoryStore::each_inbox_entry(const std::function<void(const domain::InboxEntry&)>& visit) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, entry] : inbox_) visit(entry);
}

void MemoryStore::each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, postings] : fees_)
    for (const auto& posting : postings) visit(posting);
}

std::map<std::string, std::int64_t> MemoryStore::orphan_rows() { return {}; }

std::vector<std::string> MemoryStore::integrity_problems() { return {}; }

}  // namespace daozhang::storage::memory
