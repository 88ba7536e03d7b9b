#include "tests/contract/disk_store.h"

namespace daozhang::contract {
namespace {

Step new_orders(std::int64_t first, std::int64_t count) {
  Step step;
  step.draft = std::make_shared<Draft>(at(first));
  for (auto id = first; id < first + count; ++id) {
    auto order = new_order(id);
    order.header.target = std::string(700, 't');
    auto& commit = step.draft->commit;
    step.draft->add(order);
    commit.claims.push_back(claim("key" + std::to_string(id), order));
    commit.items.push_back(hold(id, order));
    commit.transfers.push_back(transfer(order, 1, 990));
    commit.effects_added.push_back(effect(order, 1));
    commit.inbox.push_back(message("message" + std::to_string(id % 3)));
  }
  return step;
}

Step expiry(std::int64_t order_id) {
  auto before = new_order(order_id);
  before.header.target = std::string(700, 't');
  Step step;
  step.draft = std::make_shared<Draft>(at(1'000 + order_id));
  step.draft->change(before, moved(before, domain::OrderState::expired));
  step.draft->commit.items.push_back(release(order_id, before));
  step.draft->commit.effects_ended.push_back(effect(before, 1));
  return step;
}

}  // namespace

std::vector<Step> script() {
  std::vector<Step> steps(1);
  steps[0].import = stock(1, 1, 20);
  for (std::int64_t id = 1; id <= 12; id += 3) {
    steps.push_back(new_orders(id, 3));
    steps.push_back(expiry(id));
  }
  return steps;
}

const std::map<std::string, std::string>& empty_shop() {
  static const auto image = [] {
    DiskStore shop(1);
    CHECK(!shop.open());
    shop.close();
    return shop.disk.image();
  }();
  return image;
}

}  // namespace daozhang::contract
