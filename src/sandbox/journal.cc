#include "sandbox/journal.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace daozhang::sandbox {
namespace {

struct Latest {
  // The same number may stand at two channels.
  std::map<std::pair<Channel, std::string>, Trade> trades;
  std::map<std::string, SupplyOrder> orders;
  std::map<std::string, Delivery> deliveries;

  void take(Trade trade) {
    std::pair key(channel_of(trade.product), trade.out_trade_no);
    trades.insert_or_assign(std::move(key), std::move(trade));
  }
  void take(SupplyOrder order) {
    orders.insert_or_assign(order.request.reference, std::move(order));
  }
  void take(Delivery delivery) { deliveries.insert_or_assign(delivery.id, std::move(delivery)); }
  void take(const FinishedDelivery& finished) { deliveries.erase(finished.id); }
  void take(const ResetMark&) { *this = {}; }
};

template <class Map>
auto values_of(Map& map) {
  std::vector<typename Map::mapped_type> values;
  values.reserve(map.size());
  for (auto& [key, value] : map) values.push_back(std::move(value));
  return values;
}

std::string failure(std::string_view what, const std::string& path) {
  return fmt::format("{} {}: {}", what, path, std::strerror(errno));
}

}  // namespace

base::Result<JournalContent, std::string> Journal::open() {
  JournalContent content;
  if (path_.empty()) return content;
  std::ifstream in(path_, std::ios::binary);
  if (in) {
    Latest latest;
    std::string line;
    std::size_t number = 0;
    while (std::getline(in, line)) {
      ++number;
      const bool cut = in.eof();
      auto record = from_line(line);
      if (!record && !cut)
        return base::refuse(fmt::format("journal {}: line {} is no record", path_, number));
      if (record) std::visit([&](auto&& one) { latest.take(std::move(one)); }, *std::move(record));
    }
    content = {values_of(latest.trades), values_of(latest.orders), values_of(latest.deliveries)};
  }
  if (const auto written = rewrite(content); !written) return base::refuse(written.error());
  return content;
}

base::Result<void, std::string> Journal::rewrite(const JournalContent& content) {
  const std::string fresh = path_ + ".new";
  file_.reset(std::fopen(fresh.c_str(), "wbe"));
  if (file_ == nullptr) return base::refuse(failure("can not write", fresh));
  std::string lines;
  for (const auto& trade : content.trades) lines += to_line(trade) + '\n';
  for (const auto& order : content.orders) lines += to_line(order) + '\n';
  for (const auto& delivery : content.deliveries) lines += to_line(delivery) + '\n';
  append(lines);
  if (std::rename(fresh.c_str(), path_.c_str()) != 0)
    return base::refuse(failure("can not replace", path_));
  return {};
}

void Journal::append(const std::string& lines) {
  if (file_ == nullptr || lines.empty()) return;
  CHECK(std::fwrite(lines.data(), 1, lines.size(), file_.get()) == lines.size());
  CHECK(std::fflush(file_.get()) == 0);
}

}  // namespace daozhang::sandbox
