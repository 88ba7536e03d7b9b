#include <array>

#include "base/hex.h"
#include "base/sha256.h"
#include "connectors/payment/epay/notice.h"
#include "connectors/payment/epay/reply.h"
#include "connectors/payment/epay/signature.h"
#include "connectors/payment/epay/yuan.h"
#include "vectors/family.h"

namespace daozhang::vectors {
namespace {

namespace epay = connectors::payment::epay;

constexpr std::string_view no_params = "params is no object";
constexpr std::string_view no_key = "no usable key in the vector";
constexpr std::string_view no_expectation = "the vector expects nothing";

// As a message of the gateway is read: texts and numbers as printed, null and lists left out.
std::optional<epay::FormFields> params_of(const json::Value& vector) {
  const json::Value* params = vector.find("params");
  if (params == nullptr || params->object() == nullptr) return std::nullopt;
  return epay::fields_of(*params);
}

std::optional<std::string> text_in(const json::Value* object, std::string_view name) {
  const json::Value* value = object == nullptr ? nullptr : object->find(name);
  if (value == nullptr || value->text() == nullptr) return std::nullopt;
  return *value->text();
}

std::optional<std::string> expected(const json::Value& vector, std::string_view name) {
  return text_in(vector.find("expect"), name);
}

// A key is PEM text, or an object with the DER (published private keys are not written as PEM).
std::string key_text(const json::Value& vector, std::string_view name) {
  const json::Value* value = vector.find(name);
  if (value == nullptr) return {};
  if (const std::string* pem = value->text()) return *pem;
  return std::string(value->text_of("der_base64"));
}

Difference canonical(const json::Value& vector) {
  const auto params = params_of(vector);
  if (!params) return std::string(no_params);
  const auto string = expected(vector, "string");
  if (!string) return std::string(no_expectation);
  return differs(*string, epay::text_to_sign(*params));
}

Difference md5_sign(const json::Value& vector) {
  auto params = params_of(vector);
  if (!params) return std::string(no_params);
  const auto key = text_in(&vector, "key");
  if (!key) return std::string(no_key);
  const auto sign = expected(vector, "sign");
  if (!sign) return std::string(no_expectation);
  const std::string_view dialect = vector.text_of("dialect");
  if (!epay::is_key_prefix(dialect)) return "unknown dialect";
  const std::string got = epay::md5_signature(*params, *key, dialect);
  if (auto difference = differs(*sign, got)) return difference;
  std::erase_if(*params, [](const auto& each) { return each.first == "sign"; });
  params->emplace_back("sign", *sign);
  if (!epay::has_md5_signature(*params, *key, dialect)) return "its own signature is not accepted";
  const auto accepted = truth_of(*vector.find("expect"), "standard_rule_accepts");
  return accepted ? differs(*accepted, epay::has_md5_signature(*params, *key, "")) : std::nullopt;
}

// A scheme of other gateways over the same text.
Difference hmac_sha256_hex(const json::Value& vector) {
  const auto params = params_of(vector);
  if (!params) return std::string(no_params);
  const auto key = text_in(&vector, "key");
  if (!key) return std::string(no_key);
  const auto sign = expected(vector, "sign");
  if (!sign) return std::string(no_expectation);
  const auto digest = base::hmac_sha256(*key, epay::text_to_sign(*params));
  return differs(*sign, base::to_hex(base::view(digest)));
}

Difference v2_canonical_rsa(const json::Value& vector) {
  if (auto difference = canonical(vector)) return difference;
  auto params = *params_of(vector);
  const auto sign = expected(vector, "sign");
  if (!sign) return std::string(no_expectation);
  const auto key = crypto::RsaPrivateKey::from_text(key_text(vector, "private_key_pem"));
  const auto public_key = crypto::RsaPublicKey::from_text(key_text(vector, "public_key_pem"));
  if (!key && !public_key) return std::string(no_key);
  if (key) {
    if (auto difference = differs(*sign, epay::rsa_signature(params, *key))) return difference;
  }
  std::erase_if(params, [](const auto& each) { return each.first == "sign"; });
  params.emplace_back("sign", *sign);
  const bool verified =
      epay::has_rsa_signature(params, public_key ? *public_key : key->public_key());
  return differs(true, verified);
}

// The account of the vector: a V2 one if it has the gateway's public key. What a vector does not
// tell is not checked: its keys may be shorter than an operator's must be.
std::optional<epay::Account> account_of(const json::Value& vector, const json::Value& order) {
  epay::Account account;
  account.pid = order.text_of("pid");
  account.type = order.text_of("type");
  account.merchant_key = vector.text_of("key");
  account.dialect.key_prefix = vector.text_of("dialect");
  if (!epay::is_key_prefix(account.dialect.key_prefix)) return std::nullopt;
  const auto platform = crypto::RsaPublicKey::from_text(key_text(vector, "public_key_pem"));
  if (platform) {
    account.version = epay::Version::v2;
    account.platform_key = *platform;
  }
  return platform || !account.merchant_key.empty() ? std::optional(account) : std::nullopt;
}

// Lists are sent as PHP reads them.
std::string form_of(const json::Value& params) {
  epay::FormFields fields;
  for (const json::Member& member : *params.object()) {
    const bool list = member.value.array() != nullptr || member.value.object() != nullptr;
    if (list) fields.emplace_back(member.name + "[]", "");
  }
  const epay::FormFields rest = epay::fields_of(params);
  fields.insert(fields.end(), rest.begin(), rest.end());
  return epay::encode_form(fields);
}

// `now` of the vector in seconds, else the moment that the message itself names.
base::Instant moment_of(const json::Value& vector, const json::Value& params) {
  const auto told = epay::instant_of(epay::field(epay::fields_of(vector), "now"));
  if (told) return *told;
  const auto named = epay::instant_of(epay::field(epay::fields_of(params), "timestamp"));
  return named.value_or(base::Instant{});
}

// What the notification is worth for the order that it should pay.
Difference notify_decision(const json::Value& vector) {
  const json::Value* params = vector.find("params");
  if (params == nullptr || params->object() == nullptr) return std::string(no_params);
  const json::Value* order = vector.find("order");
  if (order == nullptr || order->object() == nullptr) return "order is no object";
  const json::Value* expect = vector.find("expect");
  const auto accept = expect == nullptr ? std::nullopt : truth_of(*expect, "accept");
  if (!accept) return std::string(no_expectation);
  const auto account = account_of(vector, *order);
  if (!account) return std::string(no_key);
  const auto price = epay::minor_of_yuan(order->text_of("money"));
  if (!price) return "the order has no price";
  ports::NoticeMessage message;
  message.method = "GET";
  message.query = form_of(*params);
  const auto notice = epay::read_notice(*account, message, moment_of(vector, *params));
  const bool pays = notice && notice->trade == ports::TradeStatus::paid &&
                    notice->trade_ref == order->text_of("out_trade_no") &&
                    notice->amount_minor == *price;
  auto difference = differs(*accept, pays);
  if (difference && !notice) difference->append(": ").append(base::name_of(notice.error()));
  return difference;
}

}  // namespace

std::span<const Kind> epay_kinds() {
  static constexpr auto kinds = std::to_array<Kind>({
      {"canonical", canonical},
      {"md5-sign", md5_sign},
      {"hmac-sha256-hex", hmac_sha256_hex},
      {"v2-canonical-rsa", v2_canonical_rsa},
      {"notify-decision", notify_decision},
  });
  return kinds;
}

}  // namespace daozhang::vectors
