// What the sandbox still has to tell others: notifications of payment channels and supplier
// callbacks, each with its content, its retry table and a log of the answers. Pure: `now` is passed
// in, nothing is sent here. One thread at a time, the owner locks.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"

namespace daozhang::sandbox {

using Fields = std::vector<std::pair<std::string, std::string>>;

// The value of the first field of that name; empty if there is none.
std::string_view field(const Fields& fields, std::string_view name);
// Changes the field or appends it.
void set_field(Fields& fields, std::string_view name, std::string_view value);

// The path of an http address without its query; `/` if it has none.
std::string path_of(std::string_view url);

// The journal holds them as numbers: new ones go to the end.
enum class DeliveryKind { alipay_notify, supplier_callback, wechatpay_notify, epay_notify };
constexpr auto names_of(std::type_identity<DeliveryKind>) {
  return base::words("alipay_notify", "supplier_callback", "wechatpay_notify", "epay_notify");
}
enum class DeliveryState { waiting, sending, acknowledged, given_up };

std::string_view name_of(DeliveryState state);

// One thing to be told until the receiver says that it knows. `id` stays the same over retries.
struct Delivery {
  std::string id;
  DeliveryKind kind = DeliveryKind::alipay_notify;
  std::string number;  // out_trade_no or reference
  std::string title;   // subject, or sku and target, for the matching of faults
  std::string url;
  Fields fields;
  std::uint32_t attempts = 0;
  std::uint32_t copies_out = 0;
  base::Instant due_at;
  DeliveryState state = DeliveryState::waiting;
};

// One sending (or one that a fault swallowed) and what came back.
struct DeliveryLog {
  std::string id;
  DeliveryKind kind = DeliveryKind::alipay_notify;
  std::string number;
  std::string url;
  std::uint32_t attempt = 0;
  base::Instant at;
  std::string tampering;  // names of the faults that struck, joined with commas
  int status = 0;         // 0: no answer
  std::string answer;     // cut to 256 bytes
  bool acknowledged = false;
};

// Alipay's and WeChat Pay's published tables; ours for callbacks and for epay, whose gateways do
// not publish any.
std::span<const base::Duration> retry_table(DeliveryKind kind);

class DeliveryQueue {
 public:
  static constexpr std::size_t open_max = 100'000;
  static constexpr std::size_t log_max = 10'000;

  // `speed` divides every wait of the retry tables; at least 1.
  explicit DeliveryQueue(std::int64_t speed) : speed_(speed < 1 ? 1 : speed) {}

  // Dropped with a log entry if `open_max` are waiting already.
  void add(Delivery delivery);
  // Also takes a delivery back from the journal.
  void restore(Delivery delivery);

  // Up to `limit` deliveries whose time has come, oldest first; they become `sending` with the
  // attempt counted.
  std::vector<Delivery> take_due(base::Instant now, std::size_t limit);
  // How many copies of the present attempt were sent; zero means that a fault swallowed it.
  void sent(std::string_view id, std::uint32_t copies, base::Instant now);
  // One copy came back. Acknowledged by any copy; the next attempt is planned when the last is
  // back.
  void answered(DeliveryLog entry);
  void log(DeliveryLog entry);

  [[nodiscard]] base::Instant next_due() const;  // Unset if nothing waits.
  [[nodiscard]] const std::deque<DeliveryLog>& entries() const { return log_; }
  [[nodiscard]] std::size_t open_count() const { return open_.size(); }
  [[nodiscard]] const Delivery* find(std::string_view id) const;
  // Ids added or changed since the last call, for the journal; a gone id is finished.
  std::vector<std::string> take_changed();
  void reset();

 private:
  void plan_next(Delivery& delivery, base::Instant now);
  void finish(const std::string& id);

  std::int64_t speed_;
  std::map<std::string, Delivery, std::less<>> open_;
  std::set<std::pair<base::Instant, std::string>> due_;
  std::deque<DeliveryLog> log_;
  std::set<std::string> changed_;
};

}  // namespace daozhang::sandbox
