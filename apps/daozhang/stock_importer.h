// Seals what a file brings and hands it on, chunk by chunk, each as a batch of its own.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "api/admin/stock_sender.h"
#include "api/vault.h"
#include "intake/secret_file.h"

namespace daozhang::app {

class StockImporter {
 public:
  using Sink =
      std::function<base::Result<std::vector<bool>, api::StockProblem>(const ports::StockImport&)>;
  using Now = std::function<base::Instant()>;

  StockImporter(const api::Vault& vault, std::string sku, Sink sink, Now now)
      : vault_(vault), sku_(std::move(sku)), sink_(std::move(sink)), now_(std::move(now)) {}

  // Marks what the shop already had. After the first batch that could not be stored nothing more is
  // tried, and its lines and all later ones are marked not_confirmed.
  void take(std::span<intake::Line> lines);

  [[nodiscard]] const std::string& problem() const { return problem_; }  // Empty: none.
  [[nodiscard]] std::int64_t stored_count() const { return stored_count_; }

 private:
  base::Result<std::vector<bool>, api::StockProblem> store(std::span<intake::Line* const> accepted);
  base::Instant next_batch_time();

  const api::Vault& vault_;
  std::string sku_;
  Sink sink_;
  Now now_;
  base::Instant last_batch_;
  std::string problem_;
  std::int64_t stored_count_ = 0;
};

}  // namespace daozhang::app
