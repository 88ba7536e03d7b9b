// The verb `time`: shows the shop's time beside the wall clock's, and takes an explanation of the
// difference between them (docs/operating/time.md). Request `{"action": "show" | "keep" |
// "adopt"}`; answers `{"trusted", "doubts", "shop_time", "wall_offset_s"}` as they are afterwards.
// Refuses 400 invalid_request, 503 store_unavailable (the explanation counts, but would not outlive
// a restart: give it again).
#pragma once

#include "api/admin/operator_routes.h"
#include "lane/clock.h"
#include "lane/lane.h"
#include "ports/time_anchor.h"

namespace daozhang::api {

// All of it outlives the server.
struct TimeVerbParts {
  lane::Lane& lane;
  lane::Clock& clock;
  ports::TimeStore& store;
};

void add_time_verb(OperatorRoutes& routes, TimeVerbParts parts);

}  // namespace daozhang::api
