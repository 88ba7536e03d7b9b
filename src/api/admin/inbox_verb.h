// The verb `inbox`: what channels told the shop, why it did not count, and judging it again
// (docs/operating/inbox.md).
//
//   {"action":"list","order_no":"…"?,"count":50?,   of one order, else what did not count; of these
//    "channel":"…"?,"reason":"…"?,"verdict":"…"?,   those that fit, first seen since an instant of
//    "since":"2026-11-22T05:00:00Z"?}               RFC 3339
//   {"action":"show","digest":"…"}                  8 hexadecimal digits or more
//   {"action":"replay","digest":"…"}                a notification, verified anew as it came
//
// list and show answer {"messages":[{"digest","channel","source","verdict","reason","order_no",
// "seen_count","first_seen_at","last_seen_at","body"?}]}; replay {"verdict","reason"}. Refuses 400
// invalid_request, 404 message_unknown, 409 message_cut, channel_unknown, engine refusals.
#pragma once

#include <vector>

#include "api/admin/operator_routes.h"
#include "api/storefront/channel_entry.h"
#include "domain/order/order_number.h"
#include "lane/clock.h"
#include "lane/lane.h"
#include "ports/order_store.h"

namespace daozhang::api {

// All of it outlives the server.
struct InboxVerbParts {
  lane::Lane& lane;
  const lane::Clock& clock;
  ports::OrderReader& reader;
  const domain::OrderNumbers& numbers;
  std::vector<ChannelEntry> channels;
};

void add_inbox_verb(OperatorRoutes& routes, InboxVerbParts parts);

}  // namespace daozhang::api
