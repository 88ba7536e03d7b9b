// The sandbox's own page: what happened, and a switch for every fault.
#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sandbox/assets.h"
#include "sandbox/page.h"
#include "sandbox/service.h"
#include "sandbox/truth.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t rows_max = 10;

std::string clock_of(base::Instant t) {
  return t.is_set() ? base::to_local_seconds(t, base::beijing_offset).substr(5) : std::string();
}

std::string cell(std::string_view text) { return "<td>" + escape_html(text) + "</td>"; }
std::string time_cell(base::Instant t) { return "<td class=\"time\">" + clock_of(t) + "</td>"; }
std::string code_cell(std::string_view text) {
  return "<td class=\"mono\">" + escape_html(text) + "</td>";
}
std::string number_cell(std::string_view text) {
  return "<td class=\"number\">" + escape_html(text) + "</td>";
}
std::string state_cell(std::string_view tone, std::string_view text) {
  return fmt::format("<td><span class=\"state {}\">{}</span></td>", tone, escape_html(text));
}

std::string empty_row(Language language, int columns) {
  return fmt::format("<tr><td class=\"empty\" colspan=\"{}\">{}</td></tr>", columns,
                     escape_html(word(language, "nothing_yet")));
}

std::string_view tone_of(const Trade& trade) {
  if (trade.refunded_minor > 0) return "warn";
  return trade.status == TradeStatus::success ? "good" : trade.paid_minor == 0 ? "calm" : "warn";
}

std::string_view tone_of(SupplyStatus status) {
  switch (status) {
    case SupplyStatus::accepted:
      return "calm";
    case SupplyStatus::done:
      return "good";
    case SupplyStatus::failed:
    case SupplyStatus::reversed:
      return "bad";
    case SupplyStatus::canceled:
      return "warn";
  }
  return "calm";
}

// The newest of a map's values by an instant, newest first.
template <class Map, class Time>
auto newest(const Map& map, Time time_of) {
  std::vector<const typename Map::mapped_type*> values;
  values.reserve(map.size());
  for (const auto& [key, value] : map) values.push_back(&value);
  const auto later = [&](const auto* a, const auto* b) { return time_of(*b) < time_of(*a); };
  const auto kept = std::min(values.size(), rows_max);
  std::partial_sort(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(kept),
                    values.end(), later);
  values.resize(kept);
  return values;
}

// The newest of every channel, newest first.
std::vector<const Trade*> newest_trades(const World::Books& books) {
  const auto offered_at = [](const Trade& one) { return one.offered_at; };
  std::vector<const Trade*> all;
  for (const TradeBook* const book : books.channels())
    for (const Trade* const trade : newest(book->trades(), offered_at)) all.push_back(trade);
  std::stable_sort(all.begin(), all.end(),
                   [](const Trade* a, const Trade* b) { return b->offered_at < a->offered_at; });
  all.resize(std::min(all.size(), rows_max));
  return all;
}

std::string trade_rows(const World::Books& books, Language language) {
  std::string rows;
  for (const Trade* trade : newest_trades(books)) {
    const auto status = name_of(trade->status);
    rows += "<tr>" + time_cell(trade->offered_at);
    rows += fmt::format("<td class=\"mono\"><a href=\"/pay/{}\">{}</a></td>", trade->trade_no,
                        escape_html(trade->out_trade_no));
    rows += cell(trade->subject);
    rows += state_cell(tone_of(*trade), status.empty() ? "QR" : status);
    rows += number_cell(minor_to_yuan(trade->amount_minor()));
    rows += number_cell(minor_to_yuan(trade->refunded_minor)) + "</tr>";
  }
  return rows.empty() ? empty_row(language, 6) : rows;
}

std::string order_rows(const SupplierBook& supplier, Language language) {
  std::string rows;
  for (const SupplyOrder* order :
       newest(supplier.orders(), [](const SupplyOrder& one) { return one.accepted_at; })) {
    std::string target;
    for (const auto& [name, value] : order->request.target)
      target += (target.empty() ? "" : " · ") + value;
    rows += "<tr>" + time_cell(order->accepted_at) + code_cell(order->request.reference);
    rows += cell(order->request.sku) + cell(target);
    rows += state_cell(tone_of(order->status), base::name_of(order->status));
    rows += number_cell(std::to_string(order->executed)) + "</tr>";
  }
  return rows.empty() ? empty_row(language, 6) : rows;
}

std::string notification_rows(const DeliveryQueue& deliveries, Language language) {
  std::string rows;
  const auto& entries = deliveries.entries();
  for (auto entry = entries.rbegin(); entry != entries.rend() && rows.size() < 16'384; ++entry) {
    if (static_cast<std::size_t>(entry - entries.rbegin()) >= rows_max) break;
    std::string said =
        entry->status == 0 ? entry->answer : fmt::format("{} {}", entry->status, entry->answer);
    if (!entry->tampering.empty()) said += " [" + entry->tampering + "]";
    rows +=
        "<tr>" + time_cell(entry->at) + code_cell(entry->number) + code_cell(path_of(entry->url));
    rows += number_cell(std::to_string(entry->attempt));
    rows += state_cell(entry->acknowledged ? "good" : "warn", said) + "</tr>";
  }
  return rows.empty() ? empty_row(language, 5) : rows;
}

std::string state_html(const World::Books& books, Language language) {
  const Sums sums = sums_of(books);
  return fill("state.html", language,
              {{"taken", minor_to_yuan(sums.taken_minor)},
               {"given_back", minor_to_yuan(sums.given_back_minor)},
               {"executed", std::to_string(sums.executed)},
               {"reversed", std::to_string(sums.reversed)},
               {"balance", minor_to_yuan(books.supplier.balance_minor())},
               {"waiting", std::to_string(books.deliveries.open_count())},
               {"trades", trade_rows(books, language)},
               {"orders", order_rows(books.supplier, language)},
               {"notifications", notification_rows(books.deliveries, language)}});
}

std::string fault_html(const FaultSpec& spec, const FaultSetting& setting, Language language) {
  std::string parameters;
  for (const FaultParameter& parameter : spec.parameters) {
    if (parameter.name.empty()) continue;
    parameters += fmt::format(
        "<label>{0} <input name=\"{0}\" type=\"number\" min=\"{1}\" max=\"{2}\" "
        "value=\"{3}\"></label> ",
        parameter.name, parameter.least, parameter.most,
        setting.numbers.find(parameter.name)->second);
  }
  return fill(
      "fault.html", language,
      {{"on", setting.on ? " on" : ""},
       {"checked", setting.on ? " checked" : ""},
       {"name", std::string(spec.name)},
       {"meaning", std::string(language == Language::zh ? spec.meaning_zh : spec.meaning_en)},
       {"parameters", parameters},
       {"times", setting.times ? std::to_string(*setting.times) : std::string()},
       {"match", setting.match},
       {"struck", std::to_string(setting.struck)}});
}

std::string faults_html(const FaultBoard& board, FaultSide side, Language language) {
  std::string html;
  for (const FaultSpec& spec : all_faults())
    if (spec.side == side) html += fault_html(spec, board.setting(spec.name), language);
  return html;
}

void show_board(Service& service, const net::Request& request, net::Responder responder) {
  const Language language = language_of(request);
  const bool only_state = request.query.once("part") == "state";
  std::string html = service.world.with([&](World::Books& books) {
    books.step();
    std::string state = state_html(books, language);
    if (only_state) return state;
    return fill("board.html", language,
                {{"state", state},
                 {"alipay_faults", faults_html(books.faults, FaultSide::alipay, language)},
                 {"wechatpay_faults", faults_html(books.faults, FaultSide::wechatpay, language)},
                 {"epay_faults", faults_html(books.faults, FaultSide::epay, language)},
                 {"bill_faults", faults_html(books.faults, FaultSide::bill, language)},
                 {"supplier_faults", faults_html(books.faults, FaultSide::supplier, language)}});
  });
  responder.send(html_response(200, std::move(html)));
}

void show_asset(const net::Request& request, net::Responder responder) {
  const auto name = request.capture("name");
  const bool is_style = name == "sandbox.css";
  const auto found = std::find_if(assets.begin(), assets.end(),
                                  [&](const Asset& one) { return one.name == name; });
  if (found == assets.end() || (!is_style && name.find(".js") == name.npos)) {
    responder.send(net::problem_response(404, "not_found"));
    return;
  }
  net::Response response;
  response.body = found->text;
  response
      .with("Content-Type", is_style ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8")
      .with("Cache-Control", "no-cache")
      .with("X-Content-Type-Options", "nosniff");
  responder.send(std::move(response));
}

}  // namespace

void add_board_routes(net::Router& router, Service& service) {
  router.add(net::Method::get, "/", [&service](net::Request&& request, net::Responder responder) {
    show_board(service, request, std::move(responder));
  });
  router.add(net::Method::get, "/assets/{name}",
             [](net::Request&& request, net::Responder responder) {
               show_asset(request, std::move(responder));
             });
}

}  // namespace daozhang::sandbox
