#include "reconciliation/day_run.h"

#include <memory>
#include <utility>

#include "reconciliation/calendar.h"
#include "reconciliation/fund_flow.h"

namespace daozhang::reconciliation {
namespace {

using ports::BillLineKind;

constexpr std::size_t batch_size = 2000;

std::string channel_list(const Account& account) {
  std::string list;
  for (const auto& channel : account.channels) list += (list.empty() ? "" : " ") + channel;
  return list;
}

// Reads a sorted stream page by page. `fetch(place)` gives the rows after a place.
template <class Row, class Fetch, class Place>
std::function<std::optional<Row>()> paged(Fetch fetch, Place place_of) {
  struct Pages {
    std::vector<Row> page;
    std::size_t next = 0;
    ports::WorkPlace place;
    bool is_over = false;
  };
  return [pages = std::make_shared<Pages>(), fetch, place_of]() -> std::optional<Row> {
    if (pages->next == pages->page.size() && !pages->is_over) {
      pages->page = fetch(pages->place);
      pages->next = 0;
      pages->is_over = pages->page.empty();
      if (!pages->is_over) pages->place = place_of(pages->page.back());
    }
    if (pages->is_over) return std::nullopt;
    return std::move(pages->page[pages->next++]);
  };
}

}  // namespace

DayRun::DayRun(ports::ReconcileStore& store, ports::LedgerReader& ledger, const Rules& rules,
               IsOurs is_ours, Account account, std::string day, ports::ChannelFees* fees)
    : store_(store),
      ledger_(ledger),
      rules_(rules),
      is_ours_(std::move(is_ours)),
      account_(std::move(account)),
      day_(std::move(day)),
      fees_(fees) {
  is_refused_ = !store_.clear_work();
}

void DayRun::take(ports::BillLine&& line) {
  count(line);
  if (line.kind == BillLineKind::fund_other) return;
  batch_.push_back(std::move(line));
  if (batch_.size() >= batch_size) store_lines();
}

void DayRun::count(const ports::BillLine& line) {
  if (line.kind == BillLineKind::fund_due) return;
  if (ports::is_of_funds(line.kind)) {
    const std::int64_t moved = line.amount_minor - line.fee_minor;
    ++counted_.fund_count;
    (moved > 0 ? counted_.fund_in_minor : counted_.fund_out_minor) += moved > 0 ? moved : -moved;
    if (line.kind != BillLineKind::fund_other) return;
    ++other_count_;
    other_minor_ += moved;
    return;
  }
  currency_ = line.currency;
  const bool is_refund = line.kind == BillLineKind::refund;
  ++(is_refund ? counted_.refund_count : counted_.payment_count);
  (is_refund ? counted_.refund_minor : counted_.payment_minor) += line.amount_minor;
  counted_.fee_minor += line.fee_minor;
}

void DayRun::store_lines() {
  if (!is_refused_ && !batch_.empty()) is_refused_ = !store_.add_lines(batch_);
  batch_.clear();
}

base::Result<domain::BillDay, ports::ReconcileRefusal> DayRun::finish(
    const ports::BillResult& result, base::Instant now) {
  if (const auto problem = problem_of(result)) return put_off(*problem, now);
  store_lines();
  collect_facts(BillLineKind::payment);
  collect_facts(BillLineKind::refund);
  if (is_refused_) return base::refuse(ports::ReconcileRefusal::unavailable);

  const OutcomesOf of{store_,   ledger_, rules_, account_,
                      is_ours_, day_,    now,    known_row().done_at.is_set()};
  if (!match_funds(of)) return base::refuse(ports::ReconcileRefusal::unavailable);
  Outcomes outcomes(of);
  if (of.is_again) outcomes.take_back();
  match_all(outcomes);
  outcomes.settle();
  if (!outcomes.flush() || !book_fees(of, outcomes.fees()))
    return base::refuse(ports::ReconcileRefusal::unavailable);
  domain::BillDay row = done_row(result, now);
  row.matched_count = outcomes.matched_count();
  return save(std::move(row));
}

void DayRun::match_all(Outcomes& outcomes) {
  match(stored_lines(), stored_facts(),
        {.pair = [&](const auto& line, const auto& fact) { outcomes.pair(line, fact); },
         .line_alone = [&](const auto& line) { outcomes.line_alone(line); },
         .fact_alone = [&](const auto& fact) { outcomes.fact_alone(fact); },
         .line_again = [&](const auto& line) { outcomes.line_again(line); }});
}

// Before the books: what is due and did not move waits with the facts, and is settled with them.
bool DayRun::match_funds(const OutcomesOf& of) {
  if (!account_.bill_has_funds) return true;
  FundFlow funds(of);
  funds.match(stored_lines(BillLineKind::fund_due), stored_lines(BillLineKind::fund_moved));
  funds.add_other(other_count_, other_minor_);
  return funds.flush();
}

// Every channel of the account: what was booked before of one that has no fees now is taken back.
bool DayRun::book_fees(const OutcomesOf& of, const std::map<std::string, std::int64_t>& fees) {
  if (fees_ == nullptr) return true;
  ports::ReconcileChanges changes;
  for (const auto& channel : account_.channels) {
    const auto found = fees.find(channel);
    const std::int64_t sum = found == fees.end() ? 0 : found->second;
    const auto postings = fees_->book_fees({channel, day_, sum, currency_, of.now});
    if (!postings) return false;
    std::int64_t booked = 0;
    for (const auto& posting : *postings) {
      const std::int64_t before = booked;
      booked += domain::signed_minor(posting);
      if (posting.posting_no == 1) continue;
      auto item = new_difference(of, domain::DifferenceKind::fee_corrected, day_,
                                 channel + "#" + std::to_string(posting.posting_no));
      item.bill_minor = booked;
      item.ledger_minor = before;
      item.currency = posting.currency;
      item.at = posting.at;
      changes.opened.push_back(std::move(item));
    }
  }
  return changes.opened.empty() || store_.save(changes).has_value();
}

domain::BillDay DayRun::done_row(const ports::BillResult& result, base::Instant now) const {
  domain::BillDay row = ledger_sums_;
  row.account = account_.name;
  row.channels = channel_list(account_);
  row.day = day_;
  row.state = domain::BillDayState::done;
  row.done_at = now;
  row.try_count = known_row().try_count + 1;
  if (!result) {
    row.refusal = base::name_of(result.error().refusal);
    row.problem = result.error().problem;
  }
  row.bill_payment_count = counted_.payment_count;
  row.bill_payment_minor = counted_.payment_minor;
  row.bill_refund_count = counted_.refund_count;
  row.bill_refund_minor = counted_.refund_minor;
  row.bill_fee_minor = counted_.fee_minor;
  row.fund_count = counted_.fund_count;
  row.fund_in_minor = counted_.fund_in_minor;
  row.fund_out_minor = counted_.fund_out_minor;
  return row;
}

// An empty day is a bill without lines: what we booked on it is missing there.
std::optional<ports::BillProblem> DayRun::problem_of(const ports::BillResult& result) const {
  if (result) {
    if (*result == counted_) return std::nullopt;
    return ports::BillProblem{ports::BillRefusal::totals_differ,
                              "the channel's lines do not add up to its totals"};
  }
  if (result.error().refusal != ports::BillRefusal::empty_day) return result.error();
  if (counted_ == ports::BillTotals{}) return std::nullopt;
  return ports::BillProblem{ports::BillRefusal::totals_differ, "an empty day has lines"};
}

base::Result<domain::BillDay, ports::ReconcileRefusal> DayRun::put_off(
    const ports::BillProblem& problem, base::Instant now) {
  domain::BillDay row = known_row();
  row.refusal = base::name_of(problem.refusal);
  row.problem = problem.problem;
  ++row.try_count;
  row.next_try_at = now + wait_after(problem.refusal, row.try_count, rules_);
  return save(std::move(row));
}

domain::BillDay DayRun::known_row() const {
  if (auto known = store_.find_day(account_.name, day_)) return std::move(*known);
  domain::BillDay row;
  row.account = account_.name;
  row.channels = channel_list(account_);
  row.day = day_;
  return row;
}

base::Result<domain::BillDay, ports::ReconcileRefusal> DayRun::save(domain::BillDay row) {
  ports::ReconcileChanges changes;
  changes.day = row;
  if (!store_.save(changes) || !store_.clear_work())
    return base::refuse(ports::ReconcileRefusal::unavailable);
  return row;
}

void DayRun::count(const ports::LedgerFact& fact) {
  const bool is_refund = fact.kind == BillLineKind::refund;
  ++(is_refund ? ledger_sums_.ledger_refund_count : ledger_sums_.ledger_payment_count);
  (is_refund ? ledger_sums_.ledger_refund_minor : ledger_sums_.ledger_payment_minor) +=
      fact.amount_minor;
}

void DayRun::collect_facts(BillLineKind kind) {
  const base::Instant from = start_of(day_);
  const base::Instant until = from + base::hours(24);
  for (const auto& channel : account_.channels) {
    ports::FactPlace after;
    while (!is_refused_) {
      const auto page = ledger_.facts(kind, channel, from, until, after, batch_size);
      for (const auto& fact : page) count(fact);
      if (!page.empty()) is_refused_ = !store_.add_facts(page);
      if (page.size() < batch_size) break;
      after = page.back().place;
    }
  }
}

NextLine DayRun::stored_lines(std::optional<BillLineKind> kind) {
  const auto fetch = [this, kind](const ports::WorkPlace& after) {
    const bool is_first = after.key.empty() && after.line_no == 0;
    auto page =
        store_.lines_after(kind && is_first ? ports::WorkPlace{*kind, {}, 0} : after, batch_size);
    if (kind) std::erase_if(page, [&](const auto& line) { return line.kind != *kind; });
    return page;
  };
  return paged<ports::BillLine>(fetch, [](const ports::BillLine& line) {
    return ports::WorkPlace{line.kind, ports::key_of(line), line.line_no};
  });
}

NextFact DayRun::stored_facts() {
  return paged<ports::LedgerFact>(
      [this](const ports::WorkPlace& after) { return store_.facts_after(after, batch_size); },
      [](const ports::LedgerFact& fact) {
        return ports::WorkPlace{fact.kind, ports::key_of(fact), 0};
      });
}

}  // namespace daozhang::reconciliation
