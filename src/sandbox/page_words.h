// The texts of the sandbox's pages in both languages.
#pragma once

#include <array>
#include <string_view>

namespace daozhang::sandbox {

struct PageWord {
  std::string_view key;
  std::string_view zh;
  std::string_view en;
};

inline constexpr auto page_words = std::to_array<PageWord>({
    {"html_lang", "zh-CN", "en"},
    {"other_lang", "en", "zh"},
    {"other_lang_name", "English", "中文"},
    {"sandbox", "沙箱", "Sandbox"},
    {"cashier", "收银台", "Cashier"},
    {"no_real_money", "这是测试收银台，不会扣真实的钱。",
     "This is a test cashier. No real money moves."},
    {"amount_due", "应付金额", "Amount due"},
    {"goods", "商品", "Goods"},
    {"merchant", "收款方", "Paid to"},
    {"merchant_no", "商户号", "Merchant"},
    {"order_no", "商户订单号", "Order number"},
    {"trade_no", "交易号", "Trade number"},
    {"pay_before", "付款截止", "Pay before"},
    {"time_left", "（剩余 {}）", " ({} left)"},
    {"pay", "确认付款", "Pay"},
    {"cancel", "不付了，返回商家", "Cancel and go back to the shop"},
    {"cancel_title", "您没有付款", "You have not paid"},
    {"cancel_detail", "订单仍可在截止时间前付款，没有扣款。",
     "Nothing was charged. The order can still be paid until its time runs out."},
    {"back_to_pay", "继续付款", "Pay after all"},
    {"back_to_shop", "返回商家", "Back to the shop"},
    {"paid_title", "付款成功", "Payment complete"},
    {"paid_detail", "商家会收到通知。您可以回到订单页查看进度。",
     "The shop is being told. You can return to the order page to follow it."},
    {"closed_title", "交易已关闭", "This trade is closed"},
    {"closed_detail", "付款时间已过或商家已关闭交易，没有扣款。请回到商家重新下单。",
     "Its time has passed or the shop closed it. Nothing was charged. Order again at the shop."},
    {"missing_title", "没有这笔交易", "No such trade"},
    {"refused_title", "无法打开收银台", "The cashier can not be opened"},
    {"down_title", "服务暂不可用", "Service unavailable"},
    {"down_detail", "网关没有处理这次请求，没有扣款。",
     "The gateway did not act on this request. Nothing was charged."},
    {"board_title", "到账 · 沙箱", "Daozhang · Sandbox"},
    {"board_intro",
     "这里扮演支付宝、微信支付、易支付和一家直充供货商，并记下真相：收了多少钱、退了多少钱、充了几"
     "次。",
     "Plays Alipay, WeChat Pay, epay and a top-up supplier, and keeps the truth: money taken, "
     "money "
     "given back, goods executed."},
    {"taken", "已收款", "Money taken"},
    {"given_back", "已退款", "Given back"},
    {"executed", "已充值", "Goods executed"},
    {"reversed", "已冲正", "Reversed"},
    {"balance", "供货商处余额", "Balance at the supplier"},
    {"waiting", "待发通知", "Waiting to be told"},
    {"trades", "最近的交易", "Latest trades"},
    {"supply_orders", "最近的充值订单", "Latest supplier orders"},
    {"notifications", "最近的通知", "Latest notifications"},
    {"faults_alipay", "支付渠道故障开关", "Faults of payment channels"},
    {"faults_wechatpay", "微信支付故障开关", "Faults of WeChat Pay"},
    {"faults_epay", "易支付故障开关", "Faults of epay"},
    {"faults_bill", "账单故障开关", "Faults of bills"},
    {"faults_supplier", "供货商故障开关", "Faults of the supplier"},
    {"fault_hint",
     "开启后立即生效。“次数”为空表示一直生效；“匹配”为空表示对所有订单生效，否则填订单号、商品或充"
     "值账号的一部分。",
     "A switch works at once. Empty “times” means until switched off. Empty “match” means every "
     "order; otherwise a part of the order number, the goods or the target."},
    {"times", "次数", "times"},
    {"match", "匹配", "match"},
    {"struck", "已触发", "struck"},
    {"reset", "全部清空", "Reset everything"},
    {"reset_question", "清空全部交易、充值记录和故障开关？",
     "Forget all trades, supplier orders and faults?"},
    {"status", "状态", "Status"},
    {"amount", "金额", "Amount"},
    {"refunded", "已退", "Refunded"},
    {"reference", "参考号", "Reference"},
    {"target", "充值目标", "Target"},
    {"times_executed", "执行次数", "Executed"},
    {"to", "发往", "To"},
    {"attempt", "第几次", "Attempt"},
    {"answer", "应答", "Answer"},
    {"time", "时间", "Time"},
    {"open_page", "收银台", "cashier"},
    {"nothing_yet", "还没有", "Nothing yet"},
    {"api", "接口", "API"},
});

}  // namespace daozhang::sandbox
