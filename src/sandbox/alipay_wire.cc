#include "sandbox/alipay_wire.h"

#include <array>
#include <utility>

#include "base/instant.h"
#include "connectors/payment/alipay/alipay_provider.h"
#include "sandbox/form_text.h"

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::alipay;

constexpr auto required = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"method", "isv.missing-method"},
    {"app_id", "isv.missing-app-id"},
    {"sign_type", "isv.missing-signature-type"},
    {"sign", "isv.missing-signature"},
    {"timestamp", "isv.missing-timestamp"},
    {"version", "isv.missing-version"},
});

Fields biz_of(const json::Value& content) {
  Fields biz;
  for (const json::Member& member : *content.object()) {
    if (const auto* text = member.value.text()) biz.emplace_back(member.name, *text);
    if (const auto* number = member.value.integer())
      biz.emplace_back(member.name, std::to_string(*number));
    if (const auto* number = member.value.number()) biz.emplace_back(member.name, number->text);
  }
  return biz;
}

Fields content_of(const GatewayReply& reply) {
  Fields content = {{"code", reply.code}, {"msg", reply.msg}};
  if (!reply.sub_code.empty()) {
    content.emplace_back("sub_code", reply.sub_code);
    content.emplace_back("sub_msg", reply.sub_msg);
  }
  content.insert(content.end(), reply.fields.begin(), reply.fields.end());
  return content;
}

}  // namespace

AlipayWire::AlipayWire(std::string app_id, crypto::RsaPublicKey app_key,
                       crypto::RsaPrivateKey alipay_key)
    : app_id_(std::move(app_id)),
      app_key_(std::move(app_key)),
      alipay_key_(std::move(alipay_key)) {}

const crypto::RsaPrivateKey& AlipayWire::signing_key(bool spoil_signature) const {
  return spoil_signature ? foreign_key_.get() : alipay_key_;
}

base::Result<GatewayRequest, GatewayReply> AlipayWire::read(std::string_view query,
                                                            std::string_view body) const {
  const auto fields = provider::decode_form(joined_forms(query, body));
  if (!fields) return base::refuse(invalid_parameter("isv.invalid-parameter"));
  for (const auto& [name, sub_code] : required)
    if (field(*fields, name).empty()) return base::refuse(missing_parameter(sub_code));
  if (field(*fields, "app_id") != app_id_)
    return base::refuse(invalid_parameter("isv.invalid-app-id"));
  const auto content = provider::verify_request(*fields, app_key_);
  if (!content) return base::refuse(invalid_parameter(provider::sub_code_of(content.error())));
  if (!base::from_local_seconds(field(*fields, "timestamp"), base::beijing_offset))
    return base::refuse(invalid_parameter("isv.invalid-timestamp"));
  if (const auto charset = field(*fields, "charset"); charset != "utf-8" && charset != "UTF-8")
    return base::refuse(invalid_parameter("isv.invalid-charset"));
  GatewayRequest request;
  request.method = field(*fields, "method");
  request.biz = biz_of(*content);
  request.notify_url = field(*fields, "notify_url");
  request.return_url = field(*fields, "return_url");
  return request;
}

std::string AlipayWire::method_named(std::string_view query, std::string_view body) {
  const auto fields = provider::decode_form(joined_forms(query, body));
  if (!fields) return {};
  const std::string method(field(*fields, "method"));
  const bool plain =
      method.size() <= 128 &&
      method.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._") == std::string::npos;
  return plain ? method : std::string();
}

std::string AlipayWire::render(std::string_view method, const GatewayReply& reply,
                               bool spoil_signature) const {
  // Without a method there is no business member to sign.
  if (method.empty()) return provider::render_error(content_of(reply));
  const provider::ReplySigning signing{signing_key(spoil_signature)};
  return provider::render_reply(method, content_of(reply), signing);
}

std::string AlipayWire::render_notice(const Fields& fields, bool spoil_signature) const {
  return provider::render_notice(fields, signing_key(spoil_signature));
}

std::string AlipayWire::render_return(const std::string& return_url, const Fields& fields) const {
  return with_query(return_url, provider::render_return(fields, alipay_key_));
}

}  // namespace daozhang::sandbox
