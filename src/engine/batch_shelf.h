// The free stock that a batch has loaded of one product, handed out once each.
#pragma once

#include <cstddef>
#include <vector>

#include "domain/order/decision.h"

namespace daozhang::engine {

// What is taken becomes unavailable to later commands of the batch by `keep`; without it the next
// shelf starts over, as if the decision had never been.
class BatchShelf final : public domain::Shelf {
 public:
  explicit BatchShelf(std::vector<domain::ItemKey>& free) : free_(free) {}

  domain::ItemKey take() override {
    if (taken_ >= free_.size()) return {};
    return free_[free_.size() - ++taken_];
  }
  void keep() { free_.resize(free_.size() - taken_); }

 private:
  std::vector<domain::ItemKey>& free_;
  std::size_t taken_ = 0;
};

}  // namespace daozhang::engine
