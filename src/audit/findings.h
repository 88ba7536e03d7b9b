// Where a rule writes what it looked at and what it found.
#pragma once

#include <string>
#include <utility>

#include "audit/audit.h"

namespace daozhang::audit {

class Findings {
 public:
  Findings(RuleResult& result, std::size_t listed_max) : result_(result), listed_max_(listed_max) {}

  void checked(std::int64_t count = 1) { result_.checked += count; }
  void violated(std::string subject, std::string sentence) {
    ++result_.violation_count;
    if (result_.violations.size() < listed_max_)
      result_.violations.push_back({std::move(subject), std::move(sentence)});
  }

 private:
  RuleResult& result_;
  std::size_t listed_max_;
};

}  // namespace daozhang::audit
