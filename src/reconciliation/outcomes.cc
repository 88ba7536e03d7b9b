#include "reconciliation/outcomes.h"

#include <utility>

#include "base/hex.h"
#include "base/sha256.h"
#include "domain/order/references.h"
#include "reconciliation/calendar.h"

namespace daozhang::reconciliation {

using domain::DifferenceKind;
using ports::BillLineKind;

namespace {

constexpr std::size_t batch_size = 500;

std::pair<std::string, std::string> split_key(const std::string& key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string::npos) return {key, {}};
  return {key.substr(0, slash), key.substr(slash + 1)};
}

DifferenceKind missing_there(BillLineKind kind) {
  if (kind == BillLineKind::fund_due) return DifferenceKind::movement_missing_there;
  return kind == BillLineKind::payment ? DifferenceKind::payment_missing_there
                                       : DifferenceKind::refund_missing_there;
}

bool is_of_refund(DifferenceKind kind) {
  return kind == DifferenceKind::refund_missing_here ||
         kind == DifferenceKind::refund_not_accepted_here;
}

}  // namespace

std::string difference_id(const std::string& account, const std::string& day, DifferenceKind kind,
                          const std::string& key) {
  std::string text = account + "\n" + day + "\n";
  text.append(base::name_of(kind)).append("\n").append(key);
  return base::to_hex(base::view(base::sha256(text))).substr(0, 16);
}

domain::Difference new_difference(const OutcomesOf& of, DifferenceKind kind, const std::string& day,
                                  const std::string& key) {
  domain::Difference item;
  item.difference_id = difference_id(of.account.name, day, kind, key);
  item.account = of.account.name;
  item.day = day;
  item.kind = kind;
  item.key = key;
  item.cause = domain::proposed_cause(kind);
  item.owner = of.rules.owner;
  item.opened_at = of.now;
  return item;
}

ports::ClosedDifference mended(const OutcomesOf& of, DifferenceKind kind, const std::string& day,
                               const std::string& key) {
  return {difference_id(of.account.name, day, kind, key), std::string(domain::closed_by_itself),
          "the bill was read again and agrees", "", of.now};
}

std::string order_no_of(const std::string& trade_ref) {
  auto parsed = domain::parse_trade_ref(trade_ref);
  return parsed ? std::move(parsed->order_no) : std::string();
}

void Outcomes::open(DifferenceKind kind, const ports::BillLine& line,
                    const ports::LedgerFact* fact) {
  std::string key = ports::key_of(line);
  if (kind == DifferenceKind::duplicate_line) key += "#" + std::to_string(line.line_no);
  domain::Difference item = difference(kind, of_.day, key);
  item.trade_ref = line.trade_ref;
  item.order_no = fact != nullptr ? fact->order_no : order_no_of(line.trade_ref);
  item.line_no = line.line_no;
  item.bill_minor = line.amount_minor;
  item.ledger_minor = fact != nullptr ? fact->amount_minor : 0;
  item.currency = line.currency;
  item.at = line.at;
  changes_.opened.push_back(std::move(item));
  flush_if_large();
}

void Outcomes::pair(const ports::BillLine& line, const ports::LedgerFact& fact) {
  make_good(line, fact);
  fees_[fact.channel] += line.fee_minor;
  if (const auto kind = difference_of(line, fact)) return open(*kind, line, &fact);
  ++matched_count_;
  if (of_.is_again) mend(line, fact);
}

void Outcomes::mend(const ports::BillLine& line, const ports::LedgerFact& fact) {
  const std::string key = ports::key_of(line);
  const auto amounts = line.kind == BillLineKind::payment ? DifferenceKind::amount_differs
                                                          : DifferenceKind::refund_amount_differs;
  changes_.closed.push_back(mended(of_, amounts, of_.day, key));
  changes_.closed.push_back(mended(of_, missing_there(line.kind), day_of(fact.place.at), key));
  flush_if_large();
}

// The fact may have been missed on its own day, or may be about to be.
void Outcomes::make_good(const ports::BillLine& line, const ports::LedgerFact& fact) {
  if (!fact.is_booked) return;
  const std::string fact_day = day_of(fact.place.at);
  if (fact_day == of_.day) return;
  const std::string key = ports::key_of(line);
  stands_in(of_.day, line.kind, key);
  const auto kind = missing_there(line.kind);
  changes_.closed.push_back(
      {difference_id(of_.account.name, fact_day, kind, key), std::string(domain::closed_by_itself),
       "it stands in the bill of " + of_.day, "line " + std::to_string(line.line_no), of_.now});
  flush_if_large();
}

void Outcomes::stands_in(const std::string& bill_day, BillLineKind kind, const std::string& key) {
  changes_.elsewhere.push_back({of_.account.name, kind, key, bill_day});
  ports::WaitingFact waited;
  waited.account = of_.account.name;
  waited.kind = kind;
  waited.key = key;
  changes_.waited.push_back(std::move(waited));
}

void Outcomes::line_alone(const ports::BillLine& line) {
  if (const auto fact = look_up(line.kind, line.trade_no, line.refund_ref))
    return pair(line, *fact);
  if (!of_.is_ours(line.trade_ref)) {
    ++foreign_count_;
    foreign_minor_ += line.kind == BillLineKind::payment ? line.amount_minor : -line.amount_minor;
    return;
  }
  fees_[of_.account.channels.front()] += line.fee_minor;
  open(line.kind == BillLineKind::payment ? DifferenceKind::payment_missing_here
                                          : DifferenceKind::refund_missing_here,
       line, nullptr);
}

void Outcomes::fact_alone(const ports::LedgerFact& fact) {
  const bool is_refund = fact.kind == BillLineKind::refund;
  if (is_refund && !of_.account.bill_has_refunds) return;
  // It stood in the bill of another day, which was read before.
  const std::string key = ports::key_of(fact);
  if (of_.store.is_elsewhere(of_.account.name, fact.kind, key)) return;
  wait_for_line(fact, key);
  flush_if_large();
}

void Outcomes::wait_for_line(const ports::LedgerFact& fact, const std::string& key) {
  const base::Duration grace =
      fact.kind == BillLineKind::refund ? of_.rules.refund_grace : of_.rules.payment_grace;
  changes_.waiting.push_back({of_.account.name, fact.kind, key, day_of(fact.place.at),
                              day_of(fact.place.at + grace), fact.order_no, fact.amount_minor,
                              fact.currency, fact.place.at});
}

// A fact whose own day has not been read needs no waiting: it will be missed or found there.
void Outcomes::take_back() {
  while (flush()) {
    changes_.taken_back = of_.store.elsewhere_in(of_.account.name, of_.day, batch_size);
    if (changes_.taken_back.empty()) return;
    for (const auto& line : changes_.taken_back) {
      const auto [trade_no, refund_ref] = split_key(line.key);
      const auto fact = look_up(line.kind, trade_no, refund_ref);
      if (!fact || !fact->is_booked) continue;
      const std::string fact_day = day_of(fact->place.at);
      const auto read = of_.store.find_day(of_.account.name, fact_day);
      if (fact_day != of_.day && read && read->done_at.is_set()) wait_for_line(*fact, line.key);
    }
  }
}

void Outcomes::line_again(const ports::BillLine& line) {
  const auto fact = look_up(line.kind, line.trade_no, line.refund_ref);
  open(DifferenceKind::duplicate_line, line, fact ? &*fact : nullptr);
}

std::optional<ports::LedgerFact> Outcomes::look_up(BillLineKind kind, const std::string& trade_no,
                                                   const std::string& refund_ref) const {
  for (const auto& channel : of_.account.channels) {
    auto fact = kind == BillLineKind::payment
                    ? of_.ledger.find_payment(channel, trade_no)
                    : of_.ledger.find_refund(channel, trade_no, refund_ref);
    if (fact) return fact;
  }
  return std::nullopt;
}

void Outcomes::settle() {
  if (foreign_count_ > 0) {
    domain::Difference item = difference(DifferenceKind::trade_of_other_system, of_.day, "*");
    item.line_count = foreign_count_;
    item.bill_minor = foreign_minor_;
    item.at = start_of(of_.day);
    changes_.opened.push_back(std::move(item));
  }
  // First: a fact that came later would else be missed on the day on which it came.
  for (const auto kind : {DifferenceKind::payment_missing_here, DifferenceKind::refund_missing_here,
                          DifferenceKind::refund_not_accepted_here})
    settle_missing_here(kind);
  settle_waiting();
}

// Bills may have been read out of their order.
std::string Outcomes::last_day_read() const {
  std::string last = of_.day;
  for (std::string next = day_after(last);; next = day_after(next)) {
    const auto known = of_.store.find_day(of_.account.name, next);
    if (!known || known->state != domain::BillDayState::done) return last;
    last = next;
  }
}

// A refund that was accepted may have been given back by hand since. What can not be found any more
// (its channel is gone from the settings) was booked when it began to wait.
bool Outcomes::is_still_booked(const ports::WaitingFact& waited) const {
  if (ports::is_of_funds(waited.kind)) return true;
  const auto [trade_no, refund_ref] = split_key(waited.key);
  const auto fact = look_up(waited.kind, trade_no, refund_ref);
  return !fact || fact->is_booked;
}

void Outcomes::settle_waiting() {
  const std::string until = last_day_read();
  while (flush()) {
    const auto due = of_.store.waiting_until(of_.account.name, until, batch_size);
    if (due.empty()) return;
    for (const auto& fact : due) {
      changes_.waited.push_back(fact);
      if (!is_still_booked(fact)) continue;
      domain::Difference item = difference(missing_there(fact.kind), fact.day, fact.key);
      item.order_no = fact.order_no;
      (fact.kind == BillLineKind::fund_due ? item.bill_minor : item.ledger_minor) =
          fact.amount_minor;
      item.currency = fact.currency;
      item.at = fact.at;
      changes_.opened.push_back(std::move(item));
    }
  }
}

void Outcomes::settle_missing_here(DifferenceKind kind) {
  ports::DifferenceFilter filter;
  filter.account = of_.account.name;
  filter.state = domain::DifferenceState::open;
  filter.kind = kind;
  filter.limit = batch_size;
  while (flush()) {
    const auto page = of_.store.differences(filter);
    if (page.empty()) return;
    for (const auto& missing : page) settle_one(missing);
    filter.after_day = page.back().day;
    filter.after = page.back().difference_id;
  }
}

void Outcomes::settle_one(const domain::Difference& missing) {
  const auto [trade_no, refund_ref] = split_key(missing.key);
  const bool is_refund = is_of_refund(missing.kind);
  const auto fact =
      look_up(is_refund ? BillLineKind::refund : BillLineKind::payment, trade_no, refund_ref);
  if (!fact || !fact->is_booked) return;
  changes_.closed.push_back({missing.difference_id, std::string(domain::closed_by_itself),
                             "our books have it now", "order " + fact->order_no, of_.now});
  stands_in(missing.day, fact->kind, missing.key);
  if (fact->amount_minor == missing.bill_minor && fact->currency == missing.currency) return;
  const auto kind =
      is_refund ? DifferenceKind::refund_amount_differs : DifferenceKind::amount_differs;
  domain::Difference item = difference(kind, missing.day, missing.key);
  item.trade_ref = missing.trade_ref;
  item.order_no = fact->order_no;
  item.line_no = missing.line_no;
  item.bill_minor = missing.bill_minor;
  item.ledger_minor = fact->amount_minor;
  item.currency = missing.currency;
  item.at = missing.at;
  changes_.opened.push_back(std::move(item));
}

void Outcomes::flush_if_large() {
  if (changes_.row_count() >= batch_size) static_cast<void>(flush());
}

bool Outcomes::flush() {
  if (!is_refused_ && changes_.row_count() > 0) is_refused_ = !of_.store.save(changes_);
  changes_ = {};
  return !is_refused_;
}

}  // namespace daozhang::reconciliation
