#include "sandbox/delivery_queue.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t answer_length_max = 256;

constexpr auto notify_waits = std::to_array<base::Duration>(
    {base::minutes(4), base::minutes(10), base::minutes(10), base::hours(1), base::hours(2),
     base::hours(6), base::hours(15)});
constexpr auto wechatpay_waits = std::to_array<base::Duration>(
    {base::seconds(15), base::seconds(15), base::seconds(30), base::minutes(3), base::minutes(10),
     base::minutes(20), base::minutes(30), base::minutes(30), base::minutes(30), base::minutes(60),
     base::hours(3), base::hours(3), base::hours(3), base::hours(6), base::hours(6)});
constexpr auto epay_waits = std::to_array<base::Duration>(
    {base::minutes(1), base::minutes(3), base::minutes(20), base::hours(1), base::hours(2)});
constexpr auto callback_waits = std::to_array<base::Duration>(
    {base::seconds(5), base::seconds(15), base::minutes(1), base::minutes(5), base::minutes(15),
     base::hours(1), base::hours(6)});

}  // namespace

std::string_view field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

void set_field(Fields& fields, std::string_view name, std::string_view value) {
  for (auto& [key, present] : fields) {
    if (key != name) continue;
    present = value;
    return;
  }
  fields.emplace_back(name, value);
}

std::string path_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = url.find('/', scheme == url.npos ? 0 : scheme + 3);
  if (begin == url.npos) return "/";
  return std::string(url.substr(begin, url.find_first_of("?#", begin) - begin));
}

std::string_view name_of(DeliveryState state) {
  switch (state) {
    case DeliveryState::waiting:
      return "waiting";
    case DeliveryState::sending:
      return "sending";
    case DeliveryState::acknowledged:
      return "acknowledged";
    case DeliveryState::given_up:
      return "given_up";
  }
  UNREACHABLE();
}

std::span<const base::Duration> retry_table(DeliveryKind kind) {
  switch (kind) {
    case DeliveryKind::alipay_notify:
      return notify_waits;
    case DeliveryKind::supplier_callback:
      return callback_waits;
    case DeliveryKind::wechatpay_notify:
      return wechatpay_waits;
    case DeliveryKind::epay_notify:
      return epay_waits;
  }
  UNREACHABLE();
}

void DeliveryQueue::add(Delivery delivery) {
  if (open_.size() >= open_max) {
    log({delivery.id,
         delivery.kind,
         delivery.number,
         delivery.url,
         0,
         delivery.due_at,
         "queue_full",
         0,
         {},
         false});
    return;
  }
  delivery.state = DeliveryState::waiting;
  changed_.insert(delivery.id);
  restore(std::move(delivery));
}

void DeliveryQueue::restore(Delivery delivery) {
  // A process that died while sending does not know the answer, so it sends again.
  delivery.state = DeliveryState::waiting;
  delivery.copies_out = 0;
  due_.emplace(delivery.due_at, delivery.id);
  const std::string id = delivery.id;
  const bool is_new = open_.emplace(id, std::move(delivery)).second;
  CHECK(is_new);
}

std::vector<Delivery> DeliveryQueue::take_due(base::Instant now, std::size_t limit) {
  std::vector<Delivery> taken;
  while (!due_.empty() && due_.begin()->first <= now && taken.size() < limit) {
    Delivery& delivery = open_.find(due_.begin()->second)->second;
    due_.erase(due_.begin());
    delivery.state = DeliveryState::sending;
    ++delivery.attempts;
    changed_.insert(delivery.id);
    taken.push_back(delivery);
  }
  return taken;
}

void DeliveryQueue::sent(std::string_view id, std::uint32_t copies, base::Instant now) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  found->second.copies_out = copies;
  if (copies == 0) plan_next(found->second, now);
}

void DeliveryQueue::answered(DeliveryLog entry) {
  const auto found = open_.find(entry.id);
  const base::Instant now = entry.at;
  const bool acknowledged = entry.acknowledged;
  log(std::move(entry));
  if (found == open_.end()) return;
  Delivery& delivery = found->second;
  if (delivery.copies_out > 0) --delivery.copies_out;
  if (acknowledged) delivery.state = DeliveryState::acknowledged;
  if (delivery.copies_out > 0) return;
  if (delivery.state == DeliveryState::acknowledged)
    finish(delivery.id);
  else
    plan_next(delivery, now);
}

void DeliveryQueue::log(DeliveryLog entry) {
  if (entry.answer.size() > answer_length_max) entry.answer.resize(answer_length_max);
  if (log_.size() >= log_max) log_.pop_front();
  log_.push_back(std::move(entry));
}

void DeliveryQueue::plan_next(Delivery& delivery, base::Instant now) {
  const auto waits = retry_table(delivery.kind);
  if (delivery.attempts > waits.size()) {
    finish(delivery.id);
    return;
  }
  delivery.state = DeliveryState::waiting;
  delivery.due_at = now + waits[delivery.attempts - 1] / speed_;
  due_.emplace(delivery.due_at, delivery.id);
  changed_.insert(delivery.id);
}

void DeliveryQueue::finish(const std::string& id) {
  const std::string gone = id;
  changed_.insert(gone);
  open_.erase(gone);
}

base::Instant DeliveryQueue::next_due() const {
  return due_.empty() ? base::Instant{} : due_.begin()->first;
}

const Delivery* DeliveryQueue::find(std::string_view id) const {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second;
}

std::vector<std::string> DeliveryQueue::take_changed() {
  std::vector<std::string> ids(changed_.begin(), changed_.end());
  changed_.clear();
  return ids;
}

void DeliveryQueue::reset() {
  for (const auto& [id, delivery] : open_) changed_.insert(id);
  open_.clear();
  due_.clear();
  log_.clear();
}

}  // namespace daozhang::sandbox
