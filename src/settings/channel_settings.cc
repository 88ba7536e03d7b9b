#include "settings/channel_settings.h"

namespace daozhang::settings {
namespace {

constexpr std::int64_t epay_order_minor_max = 50'000;

std::vector<SettingRow> common_rows() {
  return {
      {.section = "channel.*",
       .key = "kind",
       .en = "Protocol of the payment channel.",
       .zh = "支付渠道的协议。",
       .is_required = true,
       .choices = {"alipay", "wechatpay", "epay"}},
      {.section = "channel.*",
       .key = "product",
       .en = "How the buyer pays. alipay: page (desktop), wap (phone), precreate (QR code); "
             "wechatpay: native (QR code), h5 (phone), jsapi (inside WeChat); epay: page, qr. "
             "Empty: the first of these.",
       .zh = "付款方式。alipay：page（电脑网站）、wap（手机网站）、precreate（扫码）；wechatpay：na"
             "tive（扫码）、h5（手机网页）、jsapi（微信内）；epay：page、qr。空为各自的第一种。",
       .choices = {"", "page", "wap", "precreate", "native", "h5", "jsapi", "qr"}},
      {.section = "channel.*",
       .key = "aliases",
       .type = SettingType::text_list,
       .en = "Other names under which an order may ask for this channel.",
       .zh = "下单时可用来指定本渠道的其他名称。"},
      {.section = "channel.*",
       .key = "name_zh",
       .en = "Its name at the checkout in Chinese; empty: the usual one.",
       .zh = "结账页上的中文名称，空为默认名称。"},
      {.section = "channel.*",
       .key = "name_en",
       .en = "Its name at the checkout in English; empty: the usual one.",
       .zh = "结账页上的英文名称，空为默认名称。"},
      {.section = "channel.*",
       .key = "order_minor_max",
       .type = SettingType::integer,
       .fallback = "0",
       .unit = "fen",
       .en = "Orders of a higher price can not be paid with it; 0 is no limit, and for epay 50000.",
       .zh = "总价更高的订单不能用它付款，0 为不限，epay 则为 50000。",
       .least = 0,
       .most = 1'000'000'000'000},
  };
}

std::vector<SettingRow> alipay_rows() {
  return {
      {.section = "channel.*",
       .key = "gateway_url",
       .en = "Address of the gateway.",
       .zh = "网关地址。",
       .is_required = true,
       .kinds = {"alipay"}},
      {.section = "channel.*",
       .key = "app_id",
       .en = "Application number at the channel.",
       .zh = "在渠道方的应用编号。",
       .is_required = true,
       .kinds = {"alipay"}},
      {.section = "channel.*",
       .key = "seller_id",
       .en = "Merchant number; a notification with another one is refused.",
       .zh = "商户号，通知中的商户号不符即拒绝。",
       .is_required = true,
       .kinds = {"alipay"}},
      {.section = "channel.*",
       .key = "app_private_key_file",
       .en = "PEM file with our private key.",
       .zh = "应用私钥的 PEM 文件。",
       .is_required = true,
       .kinds = {"alipay"}},
      {.section = "channel.*",
       .key = "alipay_public_key_file",
       .en = "PEM file with Alipay's public key.",
       .zh = "支付宝公钥的 PEM 文件。",
       .is_required = true,
       .kinds = {"alipay"}},
  };
}

std::vector<SettingRow> wechatpay_rows() {
  return {
      {.section = "channel.*",
       .key = "api_url",
       .fallback = "https://api.mch.weixin.qq.com",
       .en = "Address of WeChat Pay.",
       .zh = "微信支付的接口地址。",
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "mchid",
       .en = "Merchant number.",
       .zh = "商户号。",
       .is_required = true,
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "appid",
       .en = "Application number (official account, mini program or app).",
       .zh = "应用编号（公众号、小程序或 App）。",
       .is_required = true,
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "merchant_private_key_file",
       .en = "PEM file with the private key of the merchant API certificate.",
       .zh = "商户 API 证书私钥的 PEM 文件。",
       .is_required = true,
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "merchant_serial",
       .en = "Serial number of the merchant API certificate.",
       .zh = "商户 API 证书的序列号。",
       .is_required = true,
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "api_v3_key_file",
       .en = "File with the APIv3 key: 32 characters.",
       .zh = "APIv3 密钥的文件，32 个字符。",
       .is_required = true,
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "public_key_id",
       .en = "Number of the WeChat Pay public key (PUB_KEY_ID_…), with public_key_file.",
       .zh = "微信支付公钥的编号（PUB_KEY_ID_…），与 public_key_file 一起使用。",
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "public_key_file",
       .en = "PEM file with the WeChat Pay public key.",
       .zh = "微信支付公钥的 PEM 文件。",
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "platform_certificates_file",
       .en = "PEM file with WeChat Pay platform certificates, one or more.",
       .zh = "微信支付平台证书的 PEM 文件，可有多张。",
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "download_certificates",
       .type = SettingType::boolean,
       .fallback = "false",
       .en = "Fetch the platform certificates, now and when they change.",
       .zh = "自动下载并更新平台证书。",
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "fund_flow_bill",
       .type = SettingType::boolean,
       .fallback = "true",
       .en = "Match the fund-flow bill as well; off for a merchant that may not download it.",
       .zh = "同时核对资金账单；商户号无下载权限时关闭。",
       .kinds = {"wechatpay"}},
  };
}

std::vector<SettingRow> wechatpay_payer_rows() {
  return {
      {.section = "channel.*",
       .key = "app_secret_file",
       .en = "jsapi: file with the official account's AppSecret, by which the shop learns from "
             "WeChat who pays; without it the checkout does not offer this channel.",
       .zh = "jsapi：公众号 AppSecret 的文件，商店凭它向微信取得付款人的 openid；不填则结账页不提供"
             "本渠道。",
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "authorize_url",
       .fallback = "https://open.weixin.qq.com/connect/oauth2/authorize",
       .en = "jsapi: where WeChat asks who pays.",
       .zh = "jsapi：微信网页授权地址。",
       .kinds = {"wechatpay"}},
      {.section = "channel.*",
       .key = "token_url",
       .fallback = "https://api.weixin.qq.com/sns/oauth2/access_token",
       .en = "jsapi: where the answer is exchanged for the payer's openid.",
       .zh = "jsapi：用授权码换取 openid 的地址。",
       .kinds = {"wechatpay"}},
  };
}

std::vector<SettingRow> epay_account_rows() {
  return {
      {.section = "channel.*",
       .key = "accept_weak_channel",
       .type = SettingType::boolean,
       .fallback = "false",
       .en = "Must be true: the protocol rests on MD5 or on one gateway, so each payment is "
             "confirmed by a query and orders are capped in value.",
       .zh = "必须为 true：该协议依赖 MD5 或单一网关，因此每笔付款都会查询确认，并限制订单金额。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "base_url",
       .en = "Address of the gateway, with a slash at the end.",
       .zh = "网关地址，以斜杠结尾。",
       .is_required = true,
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "pid",
       .en = "Merchant number at the gateway.",
       .zh = "网关分配的商户号。",
       .is_required = true,
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "version",
       .fallback = "v1",
       .en = "v1 (MD5) or v2 (RSA).",
       .zh = "v1（MD5）或 v2（RSA）。",
       .choices = {"v1", "v2"},
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "type",
       .en = "The payment method that the gateway is asked for: alipay, wxpay, qqpay …; empty: it "
             "asks the payer.",
       .zh = "向网关指定的支付方式：alipay、wxpay、qqpay 等，空则由网关询问付款人。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "merchant_key_file",
       .en = "v1: file with the merchant key.",
       .zh = "v1：商户密钥的文件。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "rsa_private_key_file",
       .en = "v2: PEM file with our private key.",
       .zh = "v2：商户私钥的 PEM 文件。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "platform_public_key_file",
       .en = "v2: PEM file with the gateway's public key.",
       .zh = "v2：平台公钥的 PEM 文件。",
       .kinds = {"epay"}},
  };
}

std::vector<SettingRow> epay_ability_rows() {
  return {
      {.section = "channel.*",
       .key = "refund",
       .type = SettingType::boolean,
       .fallback = "false",
       .en = "The gateway refunds by call; otherwise a person refunds there.",
       .zh = "网关支持接口退款，否则须人工在网关退款。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "refund_again",
       .fallback = "by_hand",
       .en =
           "When the answer to a refund is lost. by_hand: it is asked about and a person decides; "
           "by_number (v2, with refund): the gateway gives back once per out_refund_no, so the "
           "shop sends it again. Ask the gateway before you say by_number.",
       .zh = "退款应答丢失时：by_hand 只查询，由人决定是否重发；by_number（仅 v2，且 refund = "
             "true）网"
             "关按 out_refund_no 只退一次，由商店自动重发。须先向网关确认再用 by_number。",
       .choices = {"by_hand", "by_number"},
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "close",
       .type = SettingType::boolean,
       .fallback = "false",
       .en = "v2: the gateway closes an unpaid order by call; otherwise an order is let go at its "
             "expiry and money that comes later is found by later looks.",
       .zh = "v2：网关支持接口关单，否则订单到期即放手，之后到账的款项由后续查询发现。",
       .kinds = {"epay"}},
  };
}

std::vector<SettingRow> epay_dialect_rows() {
  return {
      {.section = "channel.*",
       .key = "key_prefix",
       .en = "v1: what stands between text and key when signing: nothing, or &key=.",
       .zh = "v1：签名时文本与密钥之间的内容，空或 &key=。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "notice_method",
       .fallback = "both",
       .en = "How its notifications come.",
       .zh = "通知的请求方式。",
       .choices = {"get", "post", "both"},
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "api_method",
       .fallback = "post",
       .en = "How api.php takes its parameters; get puts the key into the address.",
       .zh = "api.php 的请求方式，get 会把密钥放进网址。",
       .choices = {"post", "get"},
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "status_unpaid",
       .fallback = "0",
       .en = "Its word for an unpaid order.",
       .zh = "网关表示未付款的状态值。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "status_paid",
       .fallback = "1",
       .en = "Its word for a paid order.",
       .zh = "网关表示已付款的状态值。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "status_refunded",
       .fallback = "2",
       .en = "Its word for a refunded order.",
       .zh = "网关表示已退款的状态值。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "not_found_words",
       .type = SettingType::text_list,
       .fallback = "订单号不存在,订单不存在",
       .en = "Its exact words for: no such order.",
       .zh = "网关表示订单不存在的原话。",
       .kinds = {"epay"}},
      {.section = "channel.*",
       .key = "unsigned_failures",
       .type = SettingType::boolean,
       .fallback = "false",
       .en = "v2: believe a refusal without a signature.",
       .zh = "v2：相信没有签名的失败应答。",
       .kinds = {"epay"}},
  };
}

std::vector<SettingRow> epay_rows() {
  auto rows = epay_account_rows();
  for (auto more : {epay_ability_rows(), epay_dialect_rows()})
    for (auto& row : more) rows.push_back(std::move(row));
  return rows;
}

AlipayChannel alipay_of(const SettingsValues& values, const std::string& section) {
  AlipayChannel out;
  out.gateway_url = values.text(section, "gateway_url");
  out.app_id = values.text(section, "app_id");
  out.seller_id = values.text(section, "seller_id");
  out.app_private_key_file = values.text(section, "app_private_key_file");
  out.alipay_public_key_file = values.text(section, "alipay_public_key_file");
  return out;
}

WechatpayChannel wechatpay_of(const SettingsValues& values, const std::string& section) {
  WechatpayChannel out;
  out.api_url = values.text(section, "api_url");
  out.mchid = values.text(section, "mchid");
  out.appid = values.text(section, "appid");
  out.merchant_private_key_file = values.text(section, "merchant_private_key_file");
  out.merchant_serial = values.text(section, "merchant_serial");
  out.api_v3_key_file = values.text(section, "api_v3_key_file");
  out.public_key_id = values.text(section, "public_key_id");
  out.public_key_file = values.text(section, "public_key_file");
  out.platform_certificates_file = values.text(section, "platform_certificates_file");
  out.download_certificates = values.boolean(section, "download_certificates");
  out.app_secret_file = values.text(section, "app_secret_file");
  out.authorize_url = values.text(section, "authorize_url");
  out.token_url = values.text(section, "token_url");
  out.fund_flow_bill = values.boolean(section, "fund_flow_bill");
  return out;
}

EpayChannel epay_of(const SettingsValues& values, const std::string& section) {
  EpayChannel out;
  out.accepts_weak_channel = values.boolean(section, "accept_weak_channel");
  out.base_url = values.text(section, "base_url");
  out.pid = values.text(section, "pid");
  out.version = values.text(section, "version");
  out.type = values.text(section, "type");
  out.merchant_key_file = values.text(section, "merchant_key_file");
  out.merchant_private_key_file = values.text(section, "rsa_private_key_file");
  out.platform_public_key_file = values.text(section, "platform_public_key_file");
  out.key_prefix = values.text(section, "key_prefix");
  out.notice_method = values.text(section, "notice_method");
  out.api_method = values.text(section, "api_method");
  out.refund = values.boolean(section, "refund");
  out.refund_again = values.text(section, "refund_again");
  out.close = values.boolean(section, "close");
  out.status_unpaid = values.text(section, "status_unpaid");
  out.status_paid = values.text(section, "status_paid");
  out.status_refunded = values.text(section, "status_refunded");
  out.not_found_words = values.list(section, "not_found_words");
  out.unsigned_failures = values.boolean(section, "unsigned_failures");
  return out;
}

}  // namespace

std::vector<SettingRow> channel_rows() {
  auto rows = common_rows();
  for (auto more : {alipay_rows(), wechatpay_rows(), wechatpay_payer_rows(), epay_rows()})
    for (auto& row : more) rows.push_back(std::move(row));
  return rows;
}

ChannelSettings channel_settings(const SettingsValues& values, const std::string& section) {
  ChannelSettings out;
  out.kind = values.text(section, "kind");
  out.product = values.text(section, "product");
  out.aliases = values.list(section, "aliases");
  out.name_zh = values.text(section, "name_zh");
  out.name_en = values.text(section, "name_en");
  out.order_minor_max = values.integer(section, "order_minor_max");
  if (out.kind == "alipay") out.alipay = alipay_of(values, section);
  if (out.kind == "wechatpay") out.wechatpay = wechatpay_of(values, section);
  if (out.kind == "epay") {
    out.epay = epay_of(values, section);
    if (out.order_minor_max == 0) out.order_minor_max = epay_order_minor_max;
  }
  return out;
}

}  // namespace daozhang::settings
