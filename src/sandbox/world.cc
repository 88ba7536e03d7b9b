#include "sandbox/world.h"

#include <chrono>

namespace daozhang::sandbox {

World::World(WorldOptions options)
    : deliveries_(options.notify_speed),
      alipay_(std::move(options.identity), faults_, deliveries_, options.seed),
      wechatpay_(std::move(options.wechatpay), faults_, deliveries_, options.seed),
      epay_(std::move(options.epay), faults_, deliveries_, options.seed),
      supplier_(std::move(options.terms), faults_, deliveries_, options.seed),
      journal_(std::move(options.journal_path)) {}

TradeBook* World::Books::holder(std::string_view out_trade_no) const {
  for (TradeBook* const book : channels())
    if (book->find(out_trade_no) != nullptr) return book;
  return nullptr;
}

TradeBook* World::Books::holder_by_trade_no(std::string_view trade_no) const {
  for (TradeBook* const book : channels())
    if (book->find_by_trade_no(trade_no) != nullptr) return book;
  return nullptr;
}

void World::Books::step() const {
  for (TradeBook* const book : channels()) book->step(now);
  supplier.step(now);
}

base::Result<void, std::string> World::open() {
  const std::scoped_lock lock(mutex_);
  auto content = journal_.open();
  if (!content) return base::refuse(content.error());
  const Books books = all();
  for (auto& trade : content->trades) books.of(channel_of(trade.product)).restore(std::move(trade));
  for (auto& order : content->orders) supplier_.restore(std::move(order));
  for (auto& delivery : content->deliveries) deliveries_.restore(std::move(delivery));
  return {};
}

void World::keep() {
  std::string lines;
  for (TradeBook* const book : all().channels())
    for (const auto& key : book->take_changed())
      if (const Trade* trade = book->find(key)) lines += to_line(*trade) + '\n';
  for (const auto& key : supplier_.take_changed())
    if (const SupplyOrder* order = supplier_.find(key)) lines += to_line(*order) + '\n';
  for (const auto& id : deliveries_.take_changed()) {
    const Delivery* delivery = deliveries_.find(id);
    lines += (delivery != nullptr ? to_line(*delivery) : to_line(FinishedDelivery{id})) + '\n';
  }
  journal_.append(lines);
}

void World::reset() {
  {
    const std::scoped_lock lock(mutex_);
    faults_.reset();
    deliveries_.reset();
    for (TradeBook* const book : all().channels()) book->reset();
    supplier_.reset();
    keep();
    journal_.append(to_line(ResetMark{}) + '\n');
  }
  if (on_change_) on_change_();
}

base::Instant World::next_due() {
  const std::scoped_lock lock(mutex_);
  base::Instant next = base::earlier_set(deliveries_.next_due(), supplier_.next_due());
  for (const TradeBook* const book : all().channels())
    next = base::earlier_set(next, book->next_due());
  return next;
}

base::Instant World::now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

}  // namespace daozhang::sandbox
