// The channels' bills: each simulated day's lines, from what the channels know to be true, with the
// lines that a fault made false. What is false is drawn at the healing, of all that has moved by
// then; what moves later stands in the bill as it is.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/order/order_number.h"
#include "domain/reconciliation/difference.h"
#include "ports/bill.h"
#include "sim/peers/channel_model.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

// The one item that a false line must become.
struct DueItem {
  domain::DifferenceKind kind = domain::DifferenceKind::payment_missing_there;
  std::string key;
  friend auto operator<=>(const DueItem&, const DueItem&) = default;
};

// One thread. What it is given must outlive it.
class BillModel {
 public:
  using Channels = std::map<std::string, ChannelModel*>;

  BillModel(Scene& scene, const domain::OrderNumbers& numbers)
      : scene_(scene), numbers_(numbers), prng_(scene.stream("bills")) {}

  // Asks the faults about each line that there would be now.
  void draw(const Channels& channels);

  // The lines of a day of Beijing, numbered from 1.
  [[nodiscard]] std::vector<ports::BillLine> bill_of(const ChannelModel& channel,
                                                     const std::string& day) const;
  // Of all days of the channel.
  // `is_booked`: whether the shop counts the payment as its own.
  using IsBooked = std::function<bool(const Trade&)>;
  [[nodiscard]] std::multiset<DueItem> due_of(const ChannelModel& channel,
                                              const IsBooked& is_booked) const;
  // Gateways like epay's list orders, not what was given back.
  [[nodiscard]] static bool has_refunds(const ChannelModel& channel) {
    return channel.terms().refund_query;
  }

 private:
  enum class Falsehood { missing, doubled, sum_changed };

  void draw_line(const std::string& channel, const ports::BillLine& line);
  void draw_unknown(const std::string& channel);

  Scene& scene_;
  const domain::OrderNumbers& numbers_;
  base::Prng prng_;
  std::map<std::pair<std::string, std::string>, Falsehood> false_;  // By channel and key.
  std::map<std::string, std::vector<ports::BillLine>> unknown_;     // By channel.
  std::int64_t unknown_count_ = 0;
};

}  // namespace daozhang::sim
