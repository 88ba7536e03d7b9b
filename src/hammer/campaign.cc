#include "hammer/campaign.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/format.h>

#include "base/hex.h"
#include "crypto/random.h"

namespace daozhang::hammer {
namespace {

using Requests = std::vector<std::string>;
using Orders = std::vector<PlacedOrder>;
template <class T>
using Outcome = base::Result<T, std::string>;

std::string describe(const Answer& answer) {
  return fmt::format("{} {}", answer.status, answer.body.substr(0, 300));
}

base::Instant wall_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

Outcome<crypto::RsaPrivateKey> read_key(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream) return base::refuse(fmt::format("{} can not be read", file));
  auto key = crypto::RsaPrivateKey::from_text(text);
  if (!key) return base::refuse(fmt::format("{}: {}", file, crypto::name(key.error())));
  return std::move(*key);
}

class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options) : options_(options) {}

  Outcome<Orders> place(std::size_t count, LoadResult& result) const {
    Requests requests;
    for (std::size_t i = 0; i < count; ++i)
      requests.push_back(
          place_request(options_.sku, options_.channel, base::to_hex(crypto::random_bytes(16))));
    auto sent = send_all(options_.load, requests);
    if (!sent) return base::refuse("placing: " + sent.error());
    Orders orders;
    for (const auto& answer : sent->answers) {
      auto order = read_placed(answer);
      if (!order) return base::refuse("an order was not placed: " + describe(answer));
      orders.push_back(std::move(*order));
    }
    result = std::move(*sent);
    return orders;
  }

  [[nodiscard]] Requests sign(const Orders& orders, const crypto::RsaPrivateKey& key) const {
    Requests requests(orders.size());
    const base::Instant now = wall_now();
    const auto sign_share = [&](std::size_t first) {
      for (std::size_t i = first; i < orders.size(); i += options_.signer_count)
        requests[i] = notify_request(options_.channel, orders[i], options_.merchant, key,
                                     trade_number(now, i), now);
    };
    std::vector<std::jthread> signers;
    for (std::size_t i = 0; i < options_.signer_count; ++i) signers.emplace_back(sign_share, i);
    signers.clear();
    return requests;
  }

  [[nodiscard]] Outcome<LoadResult> notify(const Requests& notices) const {
    auto sent = send_all(options_.load, notices);
    if (!sent) return base::refuse("notifying: " + sent.error());
    for (const auto& answer : sent->answers)
      if (!is_taken(answer))
        return base::refuse("a notification was not taken: " + describe(answer));
    return sent;
  }

  // Spread over the whole run.
  [[nodiscard]] Outcome<void> look(const Orders& orders) const {
    Requests requests;
    const std::size_t step = std::max<std::size_t>(1, orders.size() / options_.look_count);
    for (std::size_t i = 0; i < orders.size(); i += step)
      requests.push_back(order_request(orders[i]));
    const auto sent = send_all(options_.load, requests);
    if (!sent) return base::refuse("looking: " + sent.error());
    for (const auto& answer : sent->answers)
      if (state_in(answer) != "delivered")
        return base::refuse("an order was not delivered: " + describe(answer));
    return {};
  }

  [[nodiscard]] Outcome<LoadResult> open_pay_links(const Orders& orders) const {
    Requests requests;
    for (const auto& order : orders) requests.push_back(pay_request(order));
    auto sent = send_all(options_.load, requests);
    if (!sent) return base::refuse("pay links: " + sent.error());
    for (const auto& answer : sent->answers)
      if (!is_pay_link(answer)) return base::refuse("no pay link: " + describe(answer));
    return sent;
  }

 private:
  const CampaignOptions& options_;
};

}  // namespace

Outcome<Report> run_campaign(const CampaignOptions& options,
                             const std::function<void(std::string_view)>& tell) {
  const Campaign campaign(options);
  const auto key = read_key(options.alipay_key_file);
  if (!key) return base::refuse(key.error());
  Report report;
  LoadResult placed;
  tell(fmt::format("placing {} orders", options.order_count));
  const auto orders = campaign.place(options.order_count, placed);
  if (!orders) return base::refuse(orders.error());
  tell("signing their notifications");
  const Requests notices = campaign.sign(*orders, *key);
  tell("notifying");
  const auto delivered = campaign.notify(notices);
  if (!delivered) return base::refuse(delivered.error());
  if (const auto looked = campaign.look(*orders); !looked) return base::refuse(looked.error());
  tell(fmt::format("opening {} pay links", options.pay_link_count));
  LoadResult unpaid_placed;
  const auto unpaid = campaign.place(options.pay_link_count, unpaid_placed);
  if (!unpaid) return base::refuse(unpaid.error());
  const auto links = campaign.open_pay_links(*unpaid);
  if (!links) return base::refuse(links.error());

  report.orders = std::ssize(*orders);
  report.place_micros = placed.window_micros;
  report.notify_micros = delivered->window_micros;
  report.place = latency_of(placed.took_micros);
  report.delivery = latency_of(delivered->took_micros);
  report.pay_links = std::ssize(*unpaid);
  report.pay_links_micros = links->window_micros;
  return report;
}

}  // namespace daozhang::hammer
