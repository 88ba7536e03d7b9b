// What an order may take in a batch: what it let go of itself in this batch, then the free stock
// that the batch has loaded of its product, each handed out once.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "domain/order/decision.h"

namespace daozhang::engine {

// What is taken becomes unavailable to later commands of the batch by `keep`; without it the next
// shelf starts over, as if the decision had never been.
class BatchShelf final : public domain::Shelf {
 public:
  explicit BatchShelf(std::vector<domain::ItemKey>& free, std::vector<domain::ItemKey> own = {})
      : free_(free), own_(std::move(own)) {}

  domain::ItemKey take() override {
    if (own_taken_ < own_.size()) return own_[own_taken_++];
    if (taken_ >= free_.size()) return {};
    return free_[free_.size() - ++taken_];
  }
  void keep() { free_.resize(free_.size() - taken_); }

 private:
  std::vector<domain::ItemKey>& free_;
  std::vector<domain::ItemKey> own_;
  std::size_t own_taken_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace daozhang::engine
