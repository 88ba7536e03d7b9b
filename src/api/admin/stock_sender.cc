#include "api/admin/stock_sender.h"

#include <fmt/format.h>

#include "api/admin/stock_request.h"
#include "base/check.h"

namespace daozhang::api {
namespace {

constexpr base::Duration first_pause = base::milliseconds(200);
constexpr int status_unavailable = 503;

bool may_help_again(const AskProblem& problem) {
  switch (problem.refusal) {
    case AskRefusal::not_reached:
      return false;
    case AskRefusal::no_answer:
      return true;
    case AskRefusal::refused:
      return problem.status == status_unavailable;
  }
  UNREACHABLE();
}

base::Result<StockAnswer, StockProblem> read_answer(const json::Value& body,
                                                    const ports::StockImport& import) {
  const json::Value* on_sale = body.find("on_sale");
  const json::Value* are_new = body.find("are_new");
  StockAnswer answer;
  bool is_whole = on_sale != nullptr && on_sale->boolean() != nullptr && are_new != nullptr &&
                  are_new->array() != nullptr && are_new->array()->size() == import.items.size();
  if (is_whole) {
    answer.on_sale = *on_sale->boolean();
    for (const auto& each : *are_new->array()) {
      is_whole = is_whole && each.boolean() != nullptr;
      answer.are_new.push_back(is_whole && *each.boolean());
    }
  }
  if (is_whole) return answer;
  StockProblem problem;
  problem.words =
      "the shop answered what this program does not understand; use the shop's own "
      "binary";
  return base::refuse(std::move(problem));
}

}  // namespace

base::Result<StockAnswer, StockProblem> StockSender::send(const ports::StockImport& import) {
  const std::string request = stock_request_json(import);
  base::Duration wait = first_pause;
  for (int tries = 1;; ++tries) {
    const auto answer = client_.ask("stock", request);
    if (answer) return read_answer(*answer, import);
    if (tries == tries_max || !may_help_again(answer.error())) {
      StockProblem problem;
      problem.batch_taken = answer.error().code == "batch_taken";
      problem.shop_missing = answer.error().refusal == AskRefusal::not_reached;
      problem.words = answer.error().words;
      return base::refuse(std::move(problem));
    }
    pause_(wait);
    wait = base::Duration{wait.micros * 2};
  }
}

}  // namespace daozhang::api
