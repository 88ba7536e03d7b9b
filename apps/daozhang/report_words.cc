#include "report_words.h"

#include <cstdlib>

#include <fmt/format.h>

#include "base/check.h"

namespace daozhang::app {
namespace {

constexpr ReportWords english = {
    .escrow = "in escrow",
    .escrow_account = "escrow account",
    .orders = "orders",
    .oldest = "oldest",
    .clearing = "clearing",
    .refund_payable = "refunds to be accepted",
    .channel_fees = "fees kept by",
    .supplier_payable = "owed to",
    .revenue = "revenue",
    .cost_of_sales = "cost of sales",
    .late_supplier_loss = "loss by late suppliers",
    .other_account = "account",
    .debits_and_credits = "all debits / all credits",
    .adds_up = "adds up: debits are credits, and escrow is what the open orders hold",
    .does_not_add_up = "DOES NOT ADD UP; run `daozhang fsck` and keep the file as it is",
    .no_money = "no money has moved yet",
    .days_title = "days",
    .no_days = "no bill has been asked for yet",
    .no_differences = "no difference is open",
    .owner = "owner",
    .cause = "likely",
    .bill = "bill",
    .books = "books",
    .moved = "moved",
    .booked = "booked before",
    .payments = "payments",
    .refunds = "refunds",
    .fees = "fees",
    .closed = "closed",
    .assigned = "assigned to",
    .asked_again = "will be fetched and matched again within minutes, if the shop runs",
    .more = "there are more; name a day (--day) or take --json"};

constexpr ReportWords chinese = {
    .escrow = "担保中",
    .escrow_account = "担保账户",
    .orders = "笔订单",
    .oldest = "最早",
    .clearing = "渠道清算",
    .refund_payable = "待渠道受理的退款",
    .channel_fees = "渠道手续费",
    .supplier_payable = "应付供应商",
    .revenue = "收入",
    .cost_of_sales = "销售成本",
    .late_supplier_loss = "供应商迟到损失",
    .other_account = "账户",
    .debits_and_credits = "借方合计 / 贷方合计",
    .adds_up = "账平：借贷相等，担保余额等于未结订单所持",
    .does_not_add_up = "账不平；请运行 `daozhang fsck`，并保留文件原样",
    .no_money = "还没有资金往来",
    .days_title = "日期",
    .no_days = "还没有取过账单",
    .no_differences = "没有未结的差异",
    .owner = "负责人",
    .cause = "可能原因",
    .bill = "账单",
    .books = "账本",
    .moved = "实际进出",
    .booked = "原已入账",
    .payments = "收款",
    .refunds = "退款",
    .fees = "手续费",
    .closed = "已关闭",
    .assigned = "已指派给",
    .asked_again = "将重新取账单并核对（店铺运行时数分钟内）",
    .more = "还有更多；请指定日期（--day）或使用 --json"};

struct Both {
  std::string_view en;
  std::string_view zh;
};

std::string_view in(Language language, Both both) {
  return language == Language::zh ? both.zh : both.en;
}

Both both_of(domain::DifferenceKind kind) {
  using domain::DifferenceKind;
  switch (kind) {
    case DifferenceKind::payment_missing_here:
      return {"the channel took money that our books do not have", "渠道已收款，账本没有"};
    case DifferenceKind::payment_missing_there:
      return {"our books have a payment that no bill has", "账本有收款，账单没有"};
    case DifferenceKind::amount_differs:
      return {"the payment's amounts differ", "收款金额不一致"};
    case DifferenceKind::refund_missing_here:
      return {"the channel gave back what our books do not have", "渠道已退款，账本没有"};
    case DifferenceKind::refund_missing_there:
      return {"our books have an accepted refund that no bill has", "账本有已受理的退款，账单没有"};
    case DifferenceKind::refund_amount_differs:
      return {"the refund's amounts differ", "退款金额不一致"};
    case DifferenceKind::refund_not_accepted_here:
      return {"the channel gave back what our books still wait for",
              "渠道已退款，账本仍在等待受理"};
    case DifferenceKind::trade_of_other_system:
      return {"numbers that are none of ours", "不是本店的单号"};
    case DifferenceKind::duplicate_line:
      return {"the bill has it twice", "账单中重复出现"};
    case DifferenceKind::movement_missing_here:
      return {"the account at the channel moved for what the trade bill does not have",
              "资金账单有进出，交易账单没有"};
    case DifferenceKind::movement_missing_there:
      return {"the trade bill has it, and the account at the channel did not move",
              "交易账单有，资金账单没有进出"};
    case DifferenceKind::movement_differs:
      return {"the account at the channel moved by another amount than the trade bill says",
              "资金账单的金额与交易账单不一致"};
    case DifferenceKind::fee_differs:
      return {"the channel kept another fee than the trade bill says",
              "实扣手续费与交易账单不一致"};
    case DifferenceKind::movement_of_other_kind:
      return {"the account at the channel moved for other reasons: paid out, paid in",
              "资金账单中的其他进出：提现、充值等"};
    case DifferenceKind::fee_corrected:
      return {"a later bill of the day has other fees; the difference is booked",
              "当日账单后来更正了手续费，差额已入账"};
  }
  UNREACHABLE();
}

Both both_of(domain::ProposedCause cause) {
  using domain::ProposedCause;
  switch (cause) {
    case ProposedCause::never_learned:
      return {"notification and queries were lost: ask the channel for the trade",
              "通知与查询都丢失：请向渠道查询该笔交易"};
    case ProposedCause::booked_without_money:
      return {"the bill is of another account, or the money never came: ask the channel",
              "账单属于其他商户号，或钱从未到账：请向渠道查询"};
    case ProposedCause::booked_amount_wrong:
      return {"a discount or an amount read wrongly: compare with the channel's page",
              "渠道优惠或金额读错：请与渠道页面核对"};
    case ProposedCause::given_back_by_hand:
      return {"somebody gave it back in the channel's own console", "有人在渠道后台手工退款"};
    case ProposedCause::refund_failed_later:
      return {"the channel accepted the refund and did not finish it: ask for it",
              "渠道受理后未完成退款：请查询该笔退款"};
    case ProposedCause::answer_lost:
      return {"the channel's answer was lost: the next query will tell",
              "渠道的应答丢失：下一次查询会得知"};
    case ProposedCause::shared_account:
      return {"another system sells through the same merchant account",
              "其他系统也在使用同一商户号"};
    case ProposedCause::listed_twice:
      return {"the channel lists it twice, or took it twice: compare with its page",
              "渠道重复列出或重复收款：请与渠道页面核对"};
    case ProposedCause::missing_in_trade_bill:
      return {"the trade bill is incomplete, or it is of another product of the channel",
              "交易账单不全，或属于渠道的其他产品"};
    case ProposedCause::not_settled:
      return {"the channel holds the money back or settles on another day: ask it",
              "渠道暂扣或改日结算：请向渠道查询"};
    case ProposedCause::moved_otherwise:
      return {"a coupon, a part of it, or twice: compare with the channel's page",
              "优惠、部分结算或重复：请与渠道页面核对"};
    case ProposedCause::rate_differs:
      return {"another rate, or the fee is taken from another account: compare with the contract",
              "费率不同，或手续费从其他账户扣除：请核对协议"};
    case ProposedCause::paid_out:
      return {"money was paid out to the bank or paid in: compare with the bank",
              "提现到银行或充值：请与银行流水核对"};
    case ProposedCause::bill_corrected:
      return {"the channel has corrected its bill: compare both with its page",
              "渠道更正了账单：请与渠道页面核对"};
  }
  UNREACHABLE();
}

Both both_of(domain::BillDayVerdict verdict) {
  using domain::BillDayVerdict;
  switch (verdict) {
    case BillDayVerdict::no_bill:
      return {"no bill yet", "尚无账单"};
    case BillDayVerdict::clean:
      return {"clean", "账账相符"};
    case BillDayVerdict::waiting:
      return {"clean so far; some wait for the next bill", "暂无差异；部分等待次日账单"};
    case BillDayVerdict::open:
      return {"differences are open", "有未结差异"};
    case BillDayVerdict::closed:
      return {"all differences are closed", "差异均已关闭"};
  }
  UNREACHABLE();
}

}  // namespace

Language language_named(std::string_view name) {
  if (name.empty()) {
    for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      const char* value = std::getenv(variable);
      if (value == nullptr || *value == '\0') continue;
      return std::string_view(value).starts_with("zh") ? Language::zh : Language::en;
    }
  }
  return name.starts_with("zh") ? Language::zh : Language::en;
}

const ReportWords& report_words(Language language) {
  return language == Language::zh ? chinese : english;
}

std::string_view meaning_of(domain::DifferenceKind kind, Language language) {
  return in(language, both_of(kind));
}
std::string_view meaning_of(domain::ProposedCause cause, Language language) {
  return in(language, both_of(cause));
}
std::string_view meaning_of(domain::BillDayVerdict verdict, Language language) {
  return in(language, both_of(verdict));
}

}  // namespace daozhang::app
