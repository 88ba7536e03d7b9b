// Tests only: what a payment channel and two suppliers really did, whatever anybody was told of it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "base/instant.h"
#include "engine/command.h"

namespace daozhang::engine {

class Outside {
 public:
  struct Trade {
    std::int64_t paid_minor = 0;
    bool is_closed = false;
    std::map<std::string, std::int64_t> refunds;  // By number.
    std::set<std::string> refunds_under_way;
  };
  struct Job {
    int executions = 0;
    bool declared_failed = false;
  };

  // The payer pays, unless it was closed.
  bool pay(const std::string& trade_ref, std::int64_t amount_minor) {
    auto& trade = trades[trade_ref];
    if (trade.is_closed || trade.paid_minor > 0) return false;
    trade.paid_minor = amount_minor;
    return true;
  }

  // A call reaches the channel.
  ports::PaymentAnswer arrive(const ports::PaymentCall& call) {
    auto& trade = trades[call.order.trade_ref];
    ports::PaymentAnswer answer;
    answer.outcome = ports::Outcome::done;
    answer.trade = trade.paid_minor > 0 ? ports::TradeStatus::paid
                   : trade.is_closed    ? ports::TradeStatus::closed
                                        : ports::TradeStatus::waiting;
    answer.trade_no = "T" + call.order.trade_ref;
    answer.amount_minor = trade.paid_minor;
    switch (call.kind) {
      case ports::PaymentCallKind::create:
        answer.pay_content = "code";
        break;
      case ports::PaymentCallKind::query:
        break;
      case ports::PaymentCallKind::close:
        if (trade.paid_minor > 0) answer.outcome = ports::Outcome::failed;
        trade.is_closed = trade.is_closed || trade.paid_minor == 0;
        break;
      case ports::PaymentCallKind::refund: {
        const auto [known, is_new] = trade.refunds.emplace(call.refund_ref, call.refund_minor);
        EXPECT_EQ(known->second, call.refund_minor) << "one number, two amounts (S16)";
        break;
      }
      case ports::PaymentCallKind::query_refund:
        if (!trade.refunds.contains(call.refund_ref)) answer.outcome = ports::Outcome::failed;
        break;
    }
    return answer;
  }

  // A submission reaches the supplier, which does it or, if `fails`, definitely will not.
  ports::SupplierAnswer arrive(const ports::SupplierCall& call, bool is_idempotent, bool fails) {
    auto& job = jobs[call.reference];
    const bool is_known = job.executions > 0 || job.declared_failed;
    if (!is_known || !is_idempotent) {
      if (fails)
        job.declared_failed = true;
      else
        ++job.executions;
    }
    return ask(call.reference);
  }

  ports::SupplierAnswer ask(const std::string& reference) const {
    ports::SupplierAnswer answer;
    const auto job = jobs.find(reference);
    if (job == jobs.end()) {
      answer.word = ports::SupplierWord::not_found;
    } else if (job->second.executions > 0) {
      answer.outcome = ports::Outcome::done;
      answer.word = ports::SupplierWord::done;
      answer.proof = "proof";
    } else {
      answer.outcome = ports::Outcome::failed;
      answer.word = ports::SupplierWord::failed;
    }
    return answer;
  }

  std::map<std::string, Trade> trades;  // By our number.
  std::map<std::string, Job> jobs;      // By our reference.
};

}  // namespace daozhang::engine
