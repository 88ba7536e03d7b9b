// For tests of this folder only: books as a list of facts, and lines to match them with.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "ports/ledger_reader.h"
#include "reconciliation/calendar.h"

namespace daozhang::reconciliation {

// `22 13:05:00` of November 2026 in Beijing.
inline base::Instant moment(const std::string& day_and_time) {
  const auto at = base::from_local_seconds("2026-11-" + day_and_time, base::beijing_offset);
  CHECK(at);
  return *at;
}

inline ports::LedgerFact payment_fact(const std::string& trade_no, std::int64_t amount_minor,
                                      const std::string& at, const std::string& channel = "ali") {
  ports::LedgerFact fact;
  fact.channel = channel;
  fact.trade_no = trade_no;
  fact.order_no = "ORDER" + trade_no;
  fact.amount_minor = amount_minor;
  fact.place = {moment(at), domain::OrderId{std::stoll(trade_no)}, domain::Partition{0}, 1};
  return fact;
}

inline ports::LedgerFact refund_fact(const std::string& trade_no, std::int64_t amount_minor,
                                     const std::string& at) {
  ports::LedgerFact fact = payment_fact(trade_no, amount_minor, at);
  fact.kind = ports::BillLineKind::refund;
  fact.refund_ref = fact.order_no + "_r1s";
  return fact;
}

// As the channel prints the same.
inline ports::BillLine line_of(const ports::LedgerFact& fact) {
  ports::BillLine line;
  line.kind = fact.kind;
  line.trade_ref = fact.order_no + "_1";
  line.trade_no = fact.trade_no;
  line.refund_ref = fact.refund_ref;
  line.amount_minor = fact.amount_minor;
  line.currency = fact.currency;
  line.at = fact.place.at;
  return line;
}

class TestBooks final : public ports::LedgerReader {
 public:
  std::vector<ports::LedgerFact> all;
  std::vector<domain::Balance> balances;
  std::vector<ports::HeldEscrow> escrow;
  base::Instant first;

  std::vector<ports::LedgerFact> facts(ports::BillLineKind kind, const std::string& channel,
                                       base::Instant from, base::Instant until,
                                       const ports::FactPlace& after, std::size_t limit) override {
    std::vector<ports::LedgerFact> page;
    for (const auto& fact : all)
      if (fact.kind == kind && fact.channel == channel && fact.is_booked && fact.place.at >= from &&
          fact.place.at < until && fact.place > after)
        page.push_back(fact);
    std::sort(page.begin(), page.end(),
              [](const auto& a, const auto& b) { return a.place < b.place; });
    if (page.size() > limit) page.resize(limit);
    return page;
  }
  std::optional<ports::LedgerFact> find_payment(const std::string& channel,
                                                const std::string& trade_no) override {
    return find(ports::BillLineKind::payment, channel, trade_no);
  }
  std::optional<ports::LedgerFact> find_refund(const std::string& channel,
                                               const std::string& trade_no,
                                               const std::string& refund_ref) override {
    return find(ports::BillLineKind::refund, channel, ports::fact_key(trade_no, refund_ref));
  }
  base::Instant first_order_at() override { return first; }
  void read_money(const std::function<void(const domain::Balance&)>& balance,
                  const std::function<void(const ports::HeldEscrow&)>& held) override {
    for (const auto& row : balances) balance(row);
    for (const auto& row : escrow) held(row);
  }

 private:
  std::optional<ports::LedgerFact> find(ports::BillLineKind kind, const std::string& channel,
                                        const std::string& key) const {
    for (const auto& fact : all)
      if (fact.kind == kind && fact.channel == channel && ports::key_of(fact) == key) return fact;
    return std::nullopt;
  }
};

}  // namespace daozhang::reconciliation
