// The books in the file that SqliteStore writes, read beside it: a page of facts a call, so that no
// reading holds the write-ahead log for long.
//
// Threads: any; one call at a time, the others wait. One connection with a cache of 4 MiB.
#pragma once

#include <memory>
#include <string>

#include "ports/ledger_reader.h"
#include "storage/sqlite/file_system.h"
#include "storage/sqlite/open_problem.h"

namespace daozhang::storage::sqlite {

class SqliteLedgerReader final : public ports::LedgerReader {
 public:
  // The store must have been opened before. Refuses as OpenRefusal says.
  static base::Result<std::unique_ptr<SqliteLedgerReader>, OpenProblem> open(
      const std::string& path, const FileSystem& files = {});
  ~SqliteLedgerReader() override;

  std::vector<ports::LedgerFact> facts(ports::BillLineKind kind, const std::string& channel,
                                       base::Instant from, base::Instant until,
                                       const ports::FactPlace& after, std::size_t limit) override;
  std::optional<ports::LedgerFact> find_payment(const std::string& channel,
                                                const std::string& trade_no) override;
  std::optional<ports::LedgerFact> find_refund(const std::string& channel,
                                               const std::string& trade_no,
                                               const std::string& refund_ref) override;
  base::Instant first_order_at() override;
  void read_money(const std::function<void(const domain::Balance&)>& balance,
                  const std::function<void(const ports::HeldEscrow&)>& escrow) override;

 private:
  struct Parts;
  explicit SqliteLedgerReader(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace daozhang::storage::sqlite
