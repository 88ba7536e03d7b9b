// Hands sealed batches to the running shop, from the program that imports. One thread; each call
// waits until the shop has stored the batch or it is sure that it can not be had.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/admin/operator_client.h"
#include "base/result.h"
#include "ports/order_store.h"

namespace daozhang::api {

struct StockProblem {
  bool batch_taken = false;   // Seal it anew under another number.
  bool shop_missing = false;  // Nobody listens there.
  std::string words;          // One English sentence for the operator.
};

struct StockAnswer {
  bool on_sale = true;  // Whether the running shop's catalogue has the product.
  std::vector<bool> are_new;
};

class StockSender {
 public:
  using Pause = std::function<void(base::Duration)>;

  // `client` outlives the sender; `pause` waits between tries.
  StockSender(OperatorClient& client, Pause pause) : client_(client), pause_(std::move(pause)) {}

  // The same batch is sent again when its answer was lost or the store was not available: up to
  // `tries_max` times in all. After a problem without batch_taken it may be stored all the same.
  base::Result<StockAnswer, StockProblem> send(const ports::StockImport& import);

  static constexpr int tries_max = 5;

 private:
  OperatorClient& client_;
  Pause pause_;
};

}  // namespace daozhang::api
