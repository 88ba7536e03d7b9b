// Reads the whole file for fsck, in key order and with bounded memory: one order at a time. All
// calls see the one state that was committed when it was opened; while it is open the writer's log
// can not be emptied, so it is not for keeping.
//
// Thread: one. A server may run beside it.
#pragma once

#include <memory>
#include <string>

#include "ports/order_store.h"
#include "storage/sqlite/file_system.h"
#include "storage/sqlite/open_problem.h"

namespace daozhang::storage::sqlite {

class SqliteAudit final : public ports::AuditSource {
 public:
  // Refuses as OpenRefusal says.
  static base::Result<std::unique_ptr<SqliteAudit>, OpenProblem> open(const std::string& path,
                                                                      const FileSystem& files = {});
  ~SqliteAudit() override;

  void each_order(const std::function<void(const OrderStory&)>& visit) override;
  void each_item(const std::function<void(const domain::StockItem&)>& visit) override;
  void each_batch(const std::function<void(const domain::ImportBatch&)>& visit) override;
  void each_claim(const std::function<void(const domain::Claim&)>& visit) override;
  void each_balance(const std::function<void(const domain::Balance&)>& visit) override;
  void each_inbox_entry(const std::function<void(const domain::InboxEntry&)>& visit) override;
  void each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) override;
  std::map<std::string, std::int64_t> orphan_rows() override;
  std::vector<std::string> integrity_problems() override;

 private:
  struct Parts;
  explicit SqliteAudit(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace daozhang::storage::sqlite
