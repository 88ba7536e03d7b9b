#include "api/problem.h"

#include <algorithm>
#include <array>

#include "api/error_status.h"
#include "json/writer.h"

namespace daozhang::api {
namespace {

struct Sentence {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
};

constexpr auto sentences = std::to_array<Sentence>({
    {"out_of_stock", "库存不足，订单没有生成，也没有扣款。请减少数量或选择其他商品。",
     "Not enough is in stock. No order was made and nothing was charged. Choose fewer or another "
     "product."},
    {"idempotency_conflict", "这个提交编号已用于另一份订单内容。请重新打开结算页再提交。",
     "This submission key was used for another order. Open the checkout again and submit anew."},
    {"order_not_found", "没有找到这个订单，或查询码不对。请核对订单号和查询码。",
     "No such order, or the code is wrong. Check the order number and the access code."},
    {"already_paid", "订单已经付款，不需要再付。", "The order is paid; nothing more is owed."},
    {"payment_window_over", "付款时间已过，这个订单不能再付款。请重新下单。",
     "The time to pay is over; this order can not be paid any more. Place a new one."},
    {"too_many_payments", "这个订单打开的付款方式已达上限。请用已打开的方式付款。",
     "This order has as many open payments as allowed. Pay by one of them."},
    {"nothing_to_reveal", "还没有可以查看的卡密。订单页会在到账时显示。",
     "There is no secret to show yet. The order page says when it has arrived."},
    {"store_unavailable", "系统暂时不能保存，什么都没有发生。可以用同样的内容再次提交。",
     "Nothing could be stored, and nothing happened. The same request may be sent again."},
    {"overloaded", "下单的人太多，这次没有收下订单。几秒后可以再次提交。",
     "Too many orders at once; this one was not taken. It may be sent again in a few seconds."},
    {"store_unknown", "不能确定是否已保存。可以用同样的内容再次提交，不会重复入库。",
     "Whether it was stored is not known. The same request may be sent again and stores nothing "
     "twice."},
    {"refund_not_lost",
     "这笔退款并非去向不明，或者商店还没有向渠道查询过，不能重发。商店会先查询；查不到时订单会标记"
     "为 refund_unconfirmed，那时再重发。",
     "This refund is not one whose answer is lost, or the shop has not asked about it yet; it is "
     "not sent again. The shop asks first; once the order is marked refund_unconfirmed it can be."},
    {"order_lost",
     "这个编号出自本店，但店里没有这张订单或这笔付款（从旧备份恢复过）。请按渠道账单补充 "
     "--channel、"
     "--amount 和 --second，商店会向渠道查询，并把查到的款项原路退回。",
     "This number is of this shop, but the store has no such order or payment (it was restored "
     "from "
     "a backup). Add --channel, --amount and --second: the shop asks the channel and gives back "
     "what it finds."},
    {"buyer_flagged",
     "使用此联系方式的一笔付款已被付款渠道追回，暂不接受新的订单，也没有扣款。请联系店主处理后再下"
     "单。",
     "A payment with this contact was charged back, so no new order is taken and nothing was "
     "charged. Write to the shop; once it has settled the case, order again."},
    {"refund_not_stuck",
     "这笔退款不在等待人工处理，或正在询问渠道；一分钟后再查看，仍在隔离中才能手工结清。 "
     "--found-in-books 只用于无法查询退款的渠道，或一周仍未结清的退款。",
     "This refund does not wait for a person, or is being asked about right now. Look again in a "
     "minute; only one in quarantine is closed by hand. --found-in-books is for channels that can "
     "not be asked about refunds, and for refunds that are not settled after a week."},
    {"charged_payment_unknown", "这个订单没有该渠道交易号的付款；请核对 --trade-no。",
     "The order has no payment of this trade number. Check --trade-no."},
    {"charged_payment_unclear",
     "这个订单在两个渠道各有一笔此交易号的付款；请用 --channel 指明渠道。",
     "Two payments of the order have this trade number, each of another channel. Name the channel "
     "by --channel."},
    {"charged_case_differs", "这个案件编号已按另一金额入账；请核对 --case 和 --amount。",
     "This case is posted with another amount. Check --case and --amount."},
    {"charged_case_returned",
     "这个案件已登记为胜诉、款项已退还本店（--returned）。渠道再次扣回时请用另一个 --case "
     "编号，例如加上后缀。",
     "This case is booked as returned. If the channel took the money again, book it under another "
     "--case, for example with a suffix."},
    {"charged_order_open", "订单还没有结束，不能登记追回；到账或退回之后再登记。",
     "The order is not at its end yet. Tell the chargeback once its units have arrived or gone "
     "back."},
    {"charged_more_than_kept",
     "金额超过这笔付款扣除退款和已追回之后的余额；请先用 daozhang admin refund 结清未完成的退款。",
     "This is more than the shop keeps of the payment after refunds and earlier cases. Close an "
     "unfinished refund first with daozhang admin refund."},
    {"charged_case_unknown",
     "没有这个编号的未结案件，或它涉及多笔付款；请核对 --case，并用 --trade-no 指明是哪一笔。",
     "No case of this number is open, or it is about several payments. Check --case, and name the "
     "payment by --trade-no."},
    {"buyer_not_flagged", "这个订单的联系方式没有被标记。",
     "The contacts of this order are not flagged."},
    {"batch_taken", "这个入库批次的编号已属于另一批。请用新的编号重新封装后提交。",
     "The number of this import batch belongs to another batch. Seal it anew under another."},
    {"sealed_wrong", "有卡密不能用本店的密钥打开，整批没有入库。请用与商店相同的密钥文件封装。",
     "A secret does not open with the shop's keys; nothing of the batch was stored. Seal with the "
     "shop's own key file."},
    {"invalid_json", "请求内容不是合格的 JSON。", "The body is not valid JSON."},
    {"invalid_request", "有字段不对，见 errors。", "Some fields are wrong; see errors."},
    {"invalid_target", "充值信息不对，请按提示修改后再提交。",
     "The target is wrong. Correct the marked fields and submit again."},
    {"idempotency_key_missing", "缺少 Idempotency-Key 请求头。",
     "The Idempotency-Key header is missing."},
    {"idempotency_key_malformed",
     "Idempotency-Key 应为 22 到 128 个字母、数字、下划线或连字符，至少含 128 位随机数。",
     "Idempotency-Key must be 22 to 128 letters, digits, underscores or hyphens with 128 random "
     "bits."},
    {"unsupported_media_type", "请用 application/json 提交。",
     "Send the body as application/json."},
    {"sku_unknown", "没有这个商品。", "There is no such product."},
    {"channel_unknown", "没有这种付款方式。", "There is no such way to pay."},
    {"second_person_missing",
     "金额达到上限，须由另一人批准：加上 --second 姓名，不能与 --as 相同。",
     "This sum needs a second person who approves it: add --second NAME, other than --as."},
    {"message_unknown", "没有这条渠道消息，或编号不足以区分；请用 daozhang inbox 查看。",
     "There is no such message, or its digest fits several; see daozhang inbox."},
    {"message_not_replayable",
     "这条消息是查询的应答或保存不完整，不能重放；可用 daozhang admin settle 重新查询。",
     "This message is the answer to a question or was cut, so it can not be replayed; ask again "
     "with daozhang admin settle."},
    {"order_too_dear", "这笔订单金额超过了该付款方式的上限，请换一种方式付款。",
     "This order is above the limit of this way to pay. Choose another one."},
    {"payer_id_missing", "此付款方式只能在微信中使用，并需要付款人的 openid。",
     "This way to pay works inside WeChat only and needs the payer's openid."},
    {"method_not_allowed", "此地址不接受这种请求方法。", "This address does not take this method."},
    {"cross_site", "请求来自其他网站，已拒绝。",
     "The request came from another site and was refused."},
    {"too_many_requests", "尝试次数太多，请在一分钟后再试。",
     "Too many tries. Try again in a minute."},
    {"too_many_unpaid_units",
     "您还有未付款的订单占着库存，这次没有下单，也没有扣款。付款后，或付款时间过后，可以再下单。",
     "Your unpaid orders hold as many units as one buyer may keep. No order was made and nothing "
     "was charged. Pay them, or order again when their time to pay is over."},
    {"access_code_needed",
     "凭联系方式只能查看订单。查看卡密或换付款方式，请输入下单时得到的查询码。",
     "The contact shows the order only. To see the secret or to pay by another way, enter the "
     "access code that was given when the order was placed."},
    {"too_many_live_pages", "实时页面已满，页面会改为每隔几秒查询一次。",
     "No room for another live page; the page asks every few seconds instead."},
    {"callback_refused", "回调没有通过验证。", "The callback could not be verified."},
    {"supplier_unknown", "没有这个供应商。", "There is no such supplier."},
    {"not_the_operator", "没有出示本店密钥文件的凭证。请用与商店相同的设置运行命令。",
     "The proof of the shop's key file is missing or wrong. Run the command with the shop's own "
     "settings."},
});

}  // namespace

net::Response problem(int status, std::string_view code, Language language,
                      const std::vector<FieldProblem>& fields) {
  std::string body;
  json::Writer json(body);
  json.begin_object();
  json.member("type", "about:blank");
  json.member("title", net::reason_phrase(status));
  json.member("status", status);
  json.member("code", code);
  const auto it = std::find_if(sentences.begin(), sentences.end(),
                               [&](const Sentence& sentence) { return sentence.code == code; });
  if (it != sentences.end()) json.member("detail", language == Language::zh ? it->zh : it->en);
  if (!fields.empty()) {
    json.member("field", fields.front().field);
    json.key("errors").begin_array();
    for (const auto& field : fields)
      json.begin_object().member("field", field.field).member("code", field.code).end_object();
    json.end_array();
  }
  json.end_object();
  net::Response response;
  response.status = status;
  response.body = std::move(body);
  response.with("Content-Type", "application/problem+json").with("Cache-Control", "no-store");
  return response;
}

net::Response problem_of(engine::Refusal refusal, Language language) {
  auto response = problem(status_of(refusal), base::name_of(refusal), language);
  if (retry_can_help(refusal)) response.with("Retry-After", "2");
  return response;
}

net::Response order_not_found(Language language) {
  return problem_of(engine::Refusal::order_not_found, language);
}

}  // namespace daozhang::api
