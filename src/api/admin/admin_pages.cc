#include "api/admin/admin_pages.h"

#include <memory>
#include <vector>

#include "json/writer.h"

namespace daozhang::api {
namespace {

constexpr base::Duration turn_age_max = base::seconds(5);
constexpr std::int64_t free_disk_percent_min = 5;

bool is_alive(const AdminParts& parts) {
  return parts.clock.now() - parts.lane.counts().last_turn < turn_age_max;
}

std::vector<std::string> not_ready_reasons(const AdminParts& parts) {
  std::vector<std::string> reasons;
  if (!is_alive(parts)) reasons.emplace_back("lane_stuck");
  if (!parts.lane.counts().writable) reasons.emplace_back("store_unavailable");
  if (parts.free_disk_percent() < free_disk_percent_min) reasons.emplace_back("disk_nearly_full");
  for (const auto doubt : parts.clock.doubts()) reasons.emplace_back(doubt);
  return reasons;
}

net::Response readiness(const AdminParts& parts) {
  const auto reasons = not_ready_reasons(parts);
  std::string body;
  json::Writer json(body);
  json.begin_object().member("ready", reasons.empty()).key("reasons").begin_array();
  for (const auto& reason : reasons) json.text(reason);
  if (parts.peers_missing) json.text("peer_missing");
  json.end_array().end_object();
  return net::json_response(reasons.empty() ? 200 : 503, std::move(body));
}

}  // namespace

void add_admin_routes(net::Router& router, AdminParts parts) {
  const auto shared = std::make_shared<const AdminParts>(std::move(parts));
  router.add(net::Method::get, "/livez", [shared](net::Request&&, net::Responder responder) {
    const bool alive = is_alive(*shared);
    responder.send(net::text_response(alive ? 200 : 503, alive ? "ok\n" : "the lane is stuck\n"));
  });
  router.add(net::Method::get, "/readyz", [shared](net::Request&&, net::Responder responder) {
    responder.send(readiness(*shared));
  });
  router.add(net::Method::get, "/metrics", [shared](net::Request&&, net::Responder responder) {
    auto response = net::text_response(200, shared->render_metrics());
    response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
    responder.send(std::move(response));
  });
}

}  // namespace daozhang::api
