#include "hammer/report.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace daozhang::hammer {
namespace {

double per_second(std::int64_t count, std::int64_t micros) {
  return micros == 0 ? 0 : static_cast<double>(count) * 1e6 / static_cast<double>(micros);
}

double rank_ms(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return static_cast<double>(sorted[rank - 1]) / 1000;
}

}  // namespace

Latency latency_of(std::span<const std::int64_t> took_micros) {
  if (took_micros.empty()) return {};
  std::vector<std::int64_t> sorted(took_micros.begin(), took_micros.end());
  std::sort(sorted.begin(), sorted.end());
  return {rank_ms(sorted, 50), rank_ms(sorted, 99)};
}

double Report::orders_per_s() const { return per_second(orders, place_micros + notify_micros); }

double Report::pay_links_per_s() const { return per_second(pay_links, pay_links_micros); }

double Report::ratio() const {
  return baseline_orders_per_s > 0 ? orders_per_s() / baseline_orders_per_s : 0;
}

std::string as_json(const Report& report) {
  return fmt::format(
      R"({{"orders_per_s":{:.0f},"pay_links_per_s":{:.0f},"baseline_orders_per_s":{:.0f},)"
      R"("ratio":{:.2f},"p50_ms":{:.2f},"p99_ms":{:.2f},"orders":{},"placed_per_s":{:.0f},)"
      R"("delivered_per_s":{:.0f},"place_p50_ms":{:.2f},"place_p99_ms":{:.2f}}})",
      report.orders_per_s(), report.pay_links_per_s(), report.baseline_orders_per_s, report.ratio(),
      report.delivery.p50_ms, report.delivery.p99_ms, report.orders,
      per_second(report.orders, report.place_micros),
      per_second(report.orders, report.notify_micros), report.place.p50_ms, report.place.p99_ms);
}

std::string as_words(const Report& report) {
  std::string text = fmt::format(
      "{} orders placed, paid and delivered, everything durable before it was answered\n"
      "orders               {:8.0f} /s\n"
      "  placing            {:8.0f} /s   p50 {:.2f} ms   p99 {:.2f} ms\n"
      "  notify to delivered{:8.0f} /s   p50 {:.2f} ms   p99 {:.2f} ms\n"
      "signed pay links     {:8.0f} /s\n",
      report.orders, report.orders_per_s(), per_second(report.orders, report.place_micros),
      report.place.p50_ms, report.place.p99_ms, per_second(report.orders, report.notify_micros),
      report.delivery.p50_ms, report.delivery.p99_ms, report.pay_links_per_s());
  if (report.baseline_orders_per_s > 0)
    text += fmt::format(
        "hand-written SQL     {:8.0f} /s   (PostgreSQL 15 under pgbench)\n"
        "ratio                {:8.2f}\n",
        report.baseline_orders_per_s, report.ratio());
  return text;
}

}  // namespace daozhang::hammer
