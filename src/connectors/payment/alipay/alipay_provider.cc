#include "connectors/payment/alipay/alipay_provider.h"

#include "base/check.h"
#include "connectors/payment/alipay/content_cipher.h"
#include "connectors/payment/alipay/reply.h"
#include "crypto/base64.h"
#include "json/reader.h"
#include "json/writer.h"

namespace daozhang::connectors::payment::alipay {
namespace {

std::string object_of(const FormFields& content) {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  for (const auto& [member, value] : content) json.member(member, value);
  json.end_object();
  return text;
}

std::string signature_of(std::string_view text, const crypto::RsaPrivateKey& key) {
  return crypto::to_base64(key.sign_sha256(text));
}

}  // namespace

std::string_view sub_code_of(RequestRefusal refusal) {
  switch (refusal) {
    case RequestRefusal::sign_missing:
      return "isv.missing-signature";
    case RequestRefusal::sign_type_unsupported:
      return "isv.invalid-signature-type";
    case RequestRefusal::signature_invalid:
      return "isv.invalid-signature";
    case RequestRefusal::content_unreadable:
      return "isv.invalid-parameter";
  }
  UNREACHABLE();
}

base::Result<json::Value, RequestRefusal> verify_request(const FormFields& fields,
                                                         const crypto::RsaPublicKey& app_key,
                                                         std::string_view content_key) {
  if (field(fields, "sign").empty()) return base::refuse(RequestRefusal::sign_missing);
  if (field(fields, "sign_type") != "RSA2") {
    return base::refuse(RequestRefusal::sign_type_unsupported);
  }
  if (!is_signed(request_text(fields), field(fields, "sign"), app_key)) {
    return base::refuse(RequestRefusal::signature_invalid);
  }
  std::string content(field(fields, "biz_content"));
  if (field(fields, "encrypt_type") == "AES") {
    auto plain = content_key.empty() ? std::nullopt : decrypt_content(content_key, content);
    if (!plain) return base::refuse(RequestRefusal::content_unreadable);
    content = std::move(*plain);
  }
  auto value = json::read(content, json::Numbers::as_text);
  if (!value || value->object() == nullptr) {
    return base::refuse(RequestRefusal::content_unreadable);
  }
  return std::move(*value);
}

std::string render_reply(std::string_view method, const FormFields& content,
                         const ReplySigning& signing) {
  std::string value = object_of(content);
  if (!signing.content_key.empty()) {
    std::string quoted;
    json::append_quoted(quoted, encrypt_content(signing.content_key, value));
    value = std::move(quoted);
  }
  std::string text;
  json::Writer json(text);
  json.begin_object().key(response_member(method)).raw(value);
  if (!signing.alipay_cert_sn.empty()) json.member("alipay_cert_sn", signing.alipay_cert_sn);
  json.member("sign", signature_of(value, signing.alipay_key)).end_object();
  return text;
}

std::string render_error(const FormFields& content) {
  std::string text;
  json::Writer(text).begin_object().key("error_response").raw(object_of(content)).end_object();
  return text;
}

std::string render_notice(FormFields fields, const crypto::RsaPrivateKey& alipay_key) {
  CHECK(!has_field(fields, "sign") && !has_field(fields, "sign_type"));
  std::string sign = signature_of(notice_text(fields), alipay_key);
  fields.emplace_back("sign_type", "RSA2");
  fields.emplace_back("sign", std::move(sign));
  return encode_form(fields);
}

std::string render_return(FormFields fields, const crypto::RsaPrivateKey& alipay_key) {
  return render_notice(std::move(fields), alipay_key);
}

}  // namespace daozhang::connectors::payment::alipay
