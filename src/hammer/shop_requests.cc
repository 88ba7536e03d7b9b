#include "hammer/shop_requests.h"

#include <fmt/format.h>

#include "base/hex.h"
#include "base/sha256.h"
#include "connectors/payment/alipay/alipay_provider.h"
#include "json/reader.h"
#include "json/writer.h"

namespace daozhang::hammer {
namespace {

constexpr std::string_view host = "Host: 127.0.0.1\r\n";

std::string post(std::string_view path, std::string_view headers, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\n{}{}Content-Length: {}\r\n\r\n{}", path, host, headers,
                     body.size(), body);
}

std::string yuan(std::int64_t minor) { return fmt::format("{}.{:02}", minor / 100, minor % 100); }

}  // namespace

std::string place_request(std::string_view sku, std::string_view channel, std::string_view key) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("sku", sku).member("quantity", 1).member("channel", channel);
  json.end_object();
  return post("/v1/orders",
              fmt::format("Idempotency-Key: {}\r\nContent-Type: application/json\r\n", key), body);
}

std::optional<PlacedOrder> read_placed(const Answer& answer) {
  if (answer.status != 201) return std::nullopt;
  const auto document = json::read(answer.body);
  if (!document) return std::nullopt;
  const auto* payment = document->find("payment");
  const auto* amount = payment ? payment->find("amount_minor") : nullptr;
  if (amount == nullptr || amount->integer() == nullptr) return std::nullopt;
  PlacedOrder order;
  order.order_no = document->text_of("order_no");
  order.access_code = document->text_of("access_code");
  order.amount_minor = *amount->integer();
  const std::string_view url = payment->text_of("redirect_url");
  const auto path = url.find("/pay/");
  if (path != std::string_view::npos) order.pay_path = url.substr(path);
  if (order.order_no.empty() || order.access_code.empty() || order.pay_path.empty())
    return std::nullopt;
  return order;
}

std::string pay_request(const PlacedOrder& order) {
  return fmt::format("GET {} HTTP/1.1\r\n{}\r\n", order.pay_path, host);
}

bool is_pay_link(const Answer& answer) {
  return answer.status == 302 && answer.header("Location").find("sign=") != std::string_view::npos;
}

std::string trade_number(base::Instant at, std::size_t count) {
  constexpr std::int64_t range = 1'000'000'000'000'000;
  std::string date = base::to_local_seconds(at, base::beijing_offset).substr(0, 10);
  std::erase(date, '-');
  return fmt::format("{}22001{:015}", date, (at.micros + static_cast<std::int64_t>(count)) % range);
}

std::string notify_request(std::string_view channel, const PlacedOrder& order,
                           const Merchant& merchant, const crypto::RsaPrivateKey& alipay_key,
                           std::string_view trade_no, base::Instant paid_at) {
  const std::string at = base::to_local_seconds(paid_at, base::beijing_offset);
  const std::string amount = yuan(order.amount_minor);
  const std::string body = connectors::payment::alipay::render_notice(
      {{"notify_type", "trade_status_sync"},
       {"notify_id", base::to_hex(base::view(base::sha256("notice of " + order.order_no)))},
       {"notify_time", at},
       {"app_id", merchant.app_id},
       {"auth_app_id", merchant.app_id},
       {"charset", "utf-8"},
       {"version", "1.0"},
       {"trade_no", std::string(trade_no)},
       {"out_trade_no", order.order_no + "_1"},
       {"buyer_id", "2088102100000001"},
       {"seller_id", merchant.seller_id},
       {"trade_status", "TRADE_SUCCESS"},
       {"total_amount", amount},
       {"receipt_amount", amount},
       {"buyer_pay_amount", amount},
       {"subject", "Steam gift card, 50 yuan"},
       {"gmt_create", at},
       {"gmt_payment", at}},
      alipay_key);
  return post(fmt::format("/v1/notify/{}", channel),
              "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n", body);
}

bool is_taken(const Answer& answer) { return answer.status == 200 && answer.body == "success"; }

std::string order_request(const PlacedOrder& order) {
  return fmt::format("GET /v1/orders/{} HTTP/1.1\r\n{}Authorization: Bearer {}\r\n\r\n",
                     order.order_no, host, order.access_code);
}

std::string state_in(const Answer& answer) {
  const auto document = json::read(answer.body);
  if (answer.status != 200 || !document) return "";
  return std::string(document->text_of("state"));
}

}  // namespace daozhang::hammer
