#include <chrono>
#include <fstream>
#include <iostream>
#include <thread>

#include <fmt/format.h>

#include "lane/clock.h"
#include "load.h"
#include "stock_importer.h"
#include "storage/sqlite/sqlite_store.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

using storage::sqlite::OpenRefusal;
using storage::sqlite::SqliteStore;

intake::SecretFileOptions file_options(const ImportOptions& import) {
  intake::SecretFileOptions options;
  options.format = import.csv ? intake::Format::csv : intake::Format::text;
  options.header = import.header == "yes" ? intake::Header::present : intake::Header::absent;
  if (import.encoding == "utf-8") options.encoding = text::Encoding::utf8;
  if (import.encoding == "gb18030") options.encoding = text::Encoding::gb18030;
  if (import.file == "-" && !options.encoding) options.encoding = text::Encoding::utf8;
  return options;
}

// Where the stock goes: into the store, or, while a shop holds it, to that shop.
class Destination {
 public:
  // Gives nothing after telling the operator what is wrong.
  static std::unique_ptr<Destination> open(const settings::Settings& settings,
                                           const crypto::MasterKeys& keys,
                                           const ImportOptions& import) {
    auto store = SqliteStore::open({.path = settings.store_path});
    std::unique_ptr<Destination> destination(new Destination);
    if (store) {
      destination->clock_ = std::make_unique<lane::Clock>((*store)->time_high_water());
      destination->store_ = std::move(*store);
      return destination;
    }
    if (store.error().refusal != OpenRefusal::in_use) {
      tell(store.error().words);
      return nullptr;
    }
    destination->in_use_ = store.error().words;
    destination->clock_ = std::make_unique<lane::Clock>(base::Instant{});
    destination->client_ =
        operator_client(settings, keys, import.acting, fmt::format("import of {}", import.file));
    return destination;
  }

  base::Result<std::vector<bool>, api::StockProblem> take(const ports::StockImport& import) {
    return store_ ? write(import) : send(import);
  }
  [[nodiscard]] base::Instant now() const { return clock_->now(); }
  [[nodiscard]] bool is_on_sale() const { return on_sale_; }

 private:
  Destination() = default;

  base::Result<std::vector<bool>, api::StockProblem> write(const ports::StockImport& import) {
    auto stored = store_->import_stock(import);
    if (stored) return std::move(*stored);
    api::StockProblem problem;
    problem.batch_taken = stored.error() == ports::CommitRefusal::claim_taken;
    problem.words = fmt::format("the store refused: {}", base::name_of(stored.error()));
    return base::refuse(std::move(problem));
  }

  base::Result<std::vector<bool>, api::StockProblem> send(const ports::StockImport& import) {
    api::StockSender sender(*client_, [](base::Duration time) {
      std::this_thread::sleep_for(std::chrono::microseconds(time.micros));
    });
    auto answer = sender.send(import);
    if (!answer) {
      if (answer.error().shop_missing)
        answer.error().words = fmt::format("{} And {}", in_use_, answer.error().words);
      return base::refuse(std::move(answer.error()));
    }
    on_sale_ = answer->on_sale;
    return std::move(answer->are_new);
  }

  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<lane::Clock> clock_;
  std::unique_ptr<api::OperatorClient> client_;
  std::string in_use_;
  bool on_sale_ = true;
};

int told_outcome(const StockImporter& importer, const ImportOptions& import,
                 const base::Result<intake::Summary, intake::FileRefusal>& summary) {
  if (!importer.problem().empty()) {
    tell(importer.problem());
    tell(
        fmt::format("the store could not be written; {} secrets are in stock, and lines reported "
                    "as not_confirmed may be: import the file again",
                    importer.stored_count()));
    return exit_status::failed;
  }
  if (!summary) {
    tell(fmt::format("the file is refused: {}; {} secrets of it are in stock",
                     base::name_of(summary.error()), importer.stored_count()));
    return exit_status::usage;
  }
  fmt::print("in stock: {} new secrets of {}; refused: {}\n", importer.stored_count(), import.sku,
             summary->refused_count());
  if (importer.stored_count() == 0) return exit_status::nothing_accepted;
  return summary->refused_count() == 0 ? exit_status::ok : exit_status::some_refused;
}

bool is_usable(const settings::Settings& settings, const ImportOptions& import) {
  if (import.csv && import.header.empty()) {
    // Guessed wrong, a title would be sold as a secret.
    tell("say --header yes if the CSV's first row holds titles, --header no if it is goods");
    return false;
  }
  const auto catalog = load_catalog_or_tell(settings.catalog_file);
  if (!catalog) return false;
  const auto* product = catalog->find(import.sku);
  if (product != nullptr && product->kind == domain::ProductKind::secret) return true;
  tell(fmt::format("{} is no product with secrets in {}", import.sku, settings.catalog_file));
  return false;
}

}  // namespace

int import_secrets(const CommonOptions& options, const ImportOptions& import) {
  const auto settings = load_settings_or_tell(options);
  if (!settings || !is_usable(*settings, import)) return exit_status::usage;
  const auto keys = load_keys_or_tell(settings->keys_file);
  if (!keys) return exit_status::usage;
  std::ifstream file;
  if (import.file != "-") {
    file.open(import.file, std::ios::binary);
    if (!file) {
      tell(fmt::format("{} can not be read", import.file));
      return exit_status::usage;
    }
  }
  const auto destination = Destination::open(*settings, *keys, import);
  if (!destination) return exit_status::failed;
  const api::Vault vault(*keys);
  StockImporter importer(
      vault, import.sku, [&](const ports::StockImport& batch) { return destination->take(batch); },
      [&] { return destination->now(); });
  const auto summary =
      intake::read_secrets(import.file == "-" ? std::cin : file, file_options(import),
                           [&](std::span<intake::Line> lines) {
                             importer.take(lines);
                             for (const auto& line : lines)
                               if (!import.quiet || line.refusal)
                                 fmt::print("{}\n", intake::report_of(line));
                           });
  const int status = told_outcome(importer, import, summary);
  if (!destination->is_on_sale())
    tell(fmt::format("the running shop does not sell {} yet: start it anew to read {}", import.sku,
                     settings->catalog_file));
  return status;
}

}  // namespace daozhang::app
