#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "api/vault.h"
#include "intake/secret_file.h"
#include "lane/clock.h"
#include "load.h"
#include "storage/sqlite/sqlite_store.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

// Stores each chunk as a batch of its own and marks what the shop already had.
class Importer {
 public:
  Importer(storage::sqlite::SqliteStore& store, const api::Vault& vault, std::string sku)
      : store_(store), vault_(vault), sku_(std::move(sku)), clock_(store.time_high_water()) {}

  void take(std::span<intake::Line> lines) {
    const auto batch = vault_.new_batch(domain::first_shop, sku_, clock_.now());
    ports::StockImport import{batch.batch, {}};
    std::vector<intake::Line*> accepted;
    std::int64_t no = 0;
    for (auto& line : lines) {
      if (line.refusal) continue;
      // Ids rise within and between batches: the batch's microsecond and a place of up to 2^20 in
      // it.
      const domain::ItemId item_id{(batch.batch.batch_id.value << 10) + no++};
      import.items.push_back(vault_.seal(batch, item_id, line.secret));
      accepted.push_back(&line);
    }
    import.batch.item_count = static_cast<std::int64_t>(import.items.size());
    if (import.items.empty() || failed_) return;
    const auto stored = store_.import_stock(import);
    if (!stored) {
      failed_ = true;
      return;
    }
    for (std::size_t i = 0; i < accepted.size(); ++i) {
      if (!(*stored)[i]) accepted[i]->refusal = intake::LineRefusal::already_in_stock;
      stored_count_ += (*stored)[i];
    }
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::int64_t stored_count() const { return stored_count_; }

 private:
  storage::sqlite::SqliteStore& store_;
  const api::Vault& vault_;
  std::string sku_;
  lane::Clock clock_;
  bool failed_ = false;
  std::int64_t stored_count_ = 0;
};

intake::SecretFileOptions file_options(const ImportOptions& import) {
  intake::SecretFileOptions options;
  options.format = import.csv ? intake::Format::csv : intake::Format::text;
  options.header = import.header == "yes" ? intake::Header::present : intake::Header::absent;
  if (import.encoding == "utf-8") options.encoding = text::Encoding::utf8;
  if (import.encoding == "gb18030") options.encoding = text::Encoding::gb18030;
  if (import.file == "-" && !options.encoding) options.encoding = text::Encoding::utf8;
  return options;
}

}  // namespace

int import_secrets(const CommonOptions& options, const ImportOptions& import) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return 2;
  if (import.csv && import.header.empty()) {
    // Guessed wrong, a title would be sold as a secret.
    tell("say --header yes if the CSV's first row holds titles, --header no if it is goods");
    return 2;
  }
  const auto keys = load_keys_or_tell(settings->keys_file);
  const auto catalog = load_catalog_or_tell(settings->catalog_file);
  if (!keys || !catalog) return 1;
  const auto* product = catalog->find(import.sku);
  if (product == nullptr || product->kind != domain::ProductKind::secret) {
    tell(fmt::format("{} is no product with secrets in {}", import.sku, settings->catalog_file));
    return 1;
  }
  std::ifstream file;
  if (import.file != "-") {
    file.open(import.file, std::ios::binary);
    if (!file) {
      tell(fmt::format("{} can not be read", import.file));
      return 1;
    }
  }
  auto store = storage::sqlite::SqliteStore::open({.path = settings->store_path});
  if (!store) {
    tell(store.error().words);
    return 1;
  }
  const api::Vault vault(*keys);
  Importer importer(**store, vault, import.sku);
  const auto summary =
      intake::read_secrets(import.file == "-" ? std::cin : file, file_options(import),
                           [&](std::span<intake::Line> lines) {
                             importer.take(lines);
                             for (const auto& line : lines)
                               if (!import.quiet || line.refusal)
                                 fmt::print("{}\n", intake::report_of(line));
                           });
  if (!summary || importer.failed()) {
    tell(summary ? "the store could not be written; lines reported as accepted before are in stock"
                 : fmt::format("the file is refused: {}", base::name_of(summary.error())));
    return 1;
  }
  fmt::print("in stock: {} new secrets of {}; refused: {}\n", importer.stored_count(), import.sku,
             summary->refused_count());
  return 0;
}

}  // namespace daozhang::app
