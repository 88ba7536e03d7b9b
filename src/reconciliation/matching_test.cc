#include "reconciliation/matching.h"

#include <gtest/gtest.h>

#include "reconciliation/test_books.h"

namespace daozhang::reconciliation {
namespace {

// "=1 -2 +3 !3": pair, line alone, fact alone, line again.
std::string story(std::vector<std::string> lines, std::vector<std::string> facts) {
  std::size_t next_line = 0;
  std::size_t next_fact = 0;
  std::string told;
  match(
      [&]() -> std::optional<ports::BillLine> {
        if (next_line == lines.size()) return std::nullopt;
        return line_of(payment_fact(lines[next_line++], 1, "22 00:00:00"));
      },
      [&]() -> std::optional<ports::LedgerFact> {
        if (next_fact == facts.size()) return std::nullopt;
        return payment_fact(facts[next_fact++], 1, "22 00:00:00");
      },
      {.pair = [&](const auto& line, const auto&) { told += "=" + line.trade_no + " "; },
       .line_alone = [&](const auto& line) { told += "-" + line.trade_no + " "; },
       .fact_alone = [&](const auto& fact) { told += "+" + fact.trade_no + " "; },
       .line_again = [&](const auto& line) { told += "!" + line.trade_no + " "; }});
  return told;
}

TEST(Matching, EachLineAndEachFactIsVisitedOnce) {
  EXPECT_EQ(story({}, {}), "");
  EXPECT_EQ(story({"1", "2"}, {"1", "2"}), "=1 =2 ");
  EXPECT_EQ(story({"1", "3"}, {"2", "3", "4"}), "-1 +2 =3 +4 ");
  EXPECT_EQ(story({"1", "2"}, {}), "-1 -2 ");
  EXPECT_EQ(story({}, {"1", "2"}), "+1 +2 ");
}

TEST(Matching, ALineThatStandsTwiceIsMatchedOnce) {
  EXPECT_EQ(story({"1", "1", "2"}, {"1", "2"}), "=1 !1 =2 ");
  EXPECT_EQ(story({"1", "1", "1"}, {"2"}), "-1 !1 !1 +2 ");
}

TEST(Matching, InputOutOfOrderStopsTheProcess) {
  EXPECT_DEATH(story({"2", "1"}, {}), "key_ <= key");
}

TEST(Matching, APairAgreesInAmountAndCurrencyAndState) {
  const auto fact = payment_fact("1", 990, "22 00:00:00");
  auto line = line_of(fact);
  EXPECT_EQ(difference_of(line, fact), std::nullopt);
  line.amount_minor = 991;
  EXPECT_EQ(difference_of(line, fact), domain::DifferenceKind::amount_differs);
  line.amount_minor = 990;
  line.currency = domain::Currency::HKD;
  EXPECT_EQ(difference_of(line, fact), domain::DifferenceKind::amount_differs);
  auto refund = refund_fact("1", 990, "22 00:00:00");
  auto given_back = line_of(refund);
  refund.is_booked = false;
  EXPECT_EQ(difference_of(given_back, refund), domain::DifferenceKind::refund_not_accepted_here);
  given_back.amount_minor = 1;
  EXPECT_EQ(difference_of(given_back, refund), domain::DifferenceKind::refund_amount_differs);
}

}  // namespace
}  // namespace daozhang::reconciliation
