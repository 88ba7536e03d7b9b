#include "sandbox/epay_wire.h"

#include <utility>

#include "base/check.h"
#include "sandbox/form_text.h"

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::epay;

std::string words_of(provider::RequestRefusal refusal) {
  switch (refusal) {
    case provider::RequestRefusal::pid_unknown:
      return "商户不存在";
    case provider::RequestRefusal::key_wrong:
      return "商户密钥错误";
    case provider::RequestRefusal::sign_missing:
      return "签名(sign)不能为空";
    case provider::RequestRefusal::sign_type_unsupported:
      return "签名类型不支持";
    case provider::RequestRefusal::signature_invalid:
      return "签名校验失败";
    case provider::RequestRefusal::timestamp_differs:
      return "时间戳已过期";
  }
  UNREACHABLE();
}

}  // namespace

EpayWire::EpayWire(EpayKeys keys) : keys_(std::move(keys)) {}

bool EpayWire::plays(EpayVersion version) const {
  return version == EpayVersion::v1 ? !keys_.key.empty() : keys_.merchant_key.has_value();
}

provider::Merchant EpayWire::merchant(EpayVersion version, bool spoil_signature) const {
  CHECK(plays(version));
  provider::Merchant merchant;
  merchant.pid = keys_.pid;
  merchant.version = version;
  if (version == EpayVersion::v1) {
    merchant.key = spoil_signature ? "not the merchant's key" : keys_.key;
    merchant.key_prefix = keys_.key_prefix;
  } else {
    merchant.merchant_key = keys_.merchant_key;
    merchant.platform_key = spoil_signature ? foreign_key_.get() : keys_.platform_key.value();
  }
  return merchant;
}

base::Result<Fields, std::string> EpayWire::read(EpayVersion version, Proof proof,
                                                 std::string_view query, std::string_view body,
                                                 base::Instant now) const {
  auto fields = provider::decode_form(joined_forms(query, body));
  if (!fields) return base::refuse(std::string("请求参数错误"));
  const provider::Merchant mine = merchant(version, false);
  // `act` says which call it is and is no part of what is signed.
  std::erase_if(*fields, [](const auto& pair) { return pair.first == "act"; });
  const auto proven = proof == Proof::key ? provider::verify_keyed(mine, *fields)
                                          : provider::verify_signed(mine, *fields, now);
  if (!proven) return base::refuse(words_of(proven.error()));
  return *std::move(fields);
}

std::string EpayWire::render(EpayVersion version, const EpayAnswer& answer,
                             base::Instant now) const {
  const provider::Merchant mine = merchant(version, answer.manner.spoil_signature);
  if (!answer.no.empty()) return provider::render_failure(mine, answer.no, now, answer.format);
  if (answer.orders) return provider::render_orders(mine, *answer.orders, now, answer.format);
  return provider::render_reply(mine, answer.fields, now, answer.format);
}

std::string EpayWire::render_notice(const Fields& fields, bool spoil_signature,
                                    base::Instant now) const {
  const bool v1 = field(fields, "_version") == base::name_of(EpayVersion::v1);
  const EpayVersion version = v1 ? EpayVersion::v1 : EpayVersion::v2;
  Fields told = fields;
  std::erase_if(told, [](const auto& pair) { return pair.first.starts_with('_'); });
  if (!v1) set_field(told, "timestamp", std::to_string(now.micros / 1'000'000));
  return provider::render_notice(merchant(version, spoil_signature), std::move(told));
}

}  // namespace daozhang::sandbox
