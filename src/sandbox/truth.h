// The sandbox's own truth as JSON, for tests that compare it with the shop's books. Pure.
#pragma once

#include <string>

#include "sandbox/world.h"

namespace daozhang::sandbox {

// What moved, added up.
struct Sums {
  std::int64_t taken_minor = 0;
  std::int64_t given_back_minor = 0;
  std::int64_t executed = 0;  // orders whose goods went out, each counted as often as they did
  std::int64_t executed_cost_minor = 0;
  std::int64_t reversed = 0;
  std::int64_t trades = 0;
};
Sums sums_of(const World::Books& books);

// {"money_taken":[…],"money_given_back":[…],"goods_executed":[…],"sums":{…}}
std::string truth_json(const World::Books& books);
std::string trade_json(const Trade& trade);
std::string fault_json(const FaultSpec& spec, const FaultSetting& setting);
std::string faults_json(const FaultBoard& board);
// The newest `limit` sendings whose number contains `number`, newest last.
std::string notifications_json(const DeliveryQueue& deliveries, std::string_view number,
                               std::size_t limit);

}  // namespace daozhang::sandbox
