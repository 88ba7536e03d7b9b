#include "stock_importer.h"

#include <algorithm>

namespace daozhang::app {
namespace {

constexpr int batch_tries_max = 3;

}  // namespace

// A batch is known by its microsecond, so no two may share one.
base::Instant StockImporter::next_batch_time() {
  last_batch_ = std::max(now_(), last_batch_ + base::microseconds(1));
  return last_batch_;
}

base::Result<std::vector<bool>, api::StockProblem> StockImporter::store(
    std::span<intake::Line* const> accepted) {
  for (int tries = 1;; ++tries) {
    const auto batch = vault_.new_batch(domain::first_shop, sku_, next_batch_time());
    ports::StockImport import{batch.batch, {}};
    std::int64_t place = 0;
    for (const auto* line : accepted)
      import.items.push_back(
          vault_.seal(batch, api::Vault::item_id(batch.batch.batch_id, place++), line->secret));
    import.batch.item_count = place;
    auto stored = sink_(import);
    if (stored || !stored.error().batch_taken || tries == batch_tries_max) return stored;
  }
}

void StockImporter::take(std::span<intake::Line> lines) {
  std::vector<intake::Line*> accepted;
  for (auto& line : lines)
    if (!line.refusal) accepted.push_back(&line);
  if (accepted.empty()) return;
  base::Result<std::vector<bool>, api::StockProblem> stored;
  if (problem_.empty()) {
    stored = store(accepted);
    if (!stored) problem_ = stored.error().words;
  }
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    if (!problem_.empty())
      accepted[i]->refusal = intake::LineRefusal::not_confirmed;
    else if ((*stored)[i])
      ++stored_count_;
    else
      accepted[i]->refusal = intake::LineRefusal::already_in_stock;
  }
}

}  // namespace daozhang::app
