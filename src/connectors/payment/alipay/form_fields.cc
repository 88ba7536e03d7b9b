#include "connectors/payment/alipay/form_fields.h"

#include "base/check.h"
#include "crypto/base64.h"

namespace daozhang::connectors::payment::alipay {
namespace {

bool is_blank(std::string_view value) {
  return value.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

using form::FieldView;

template <class Keep>
std::vector<FieldView> kept(const FormFields& fields, Keep keep) {
  std::vector<FieldView> parts;
  parts.reserve(fields.size() + 1);
  for (const auto& [part_name, value] : fields) {
    if (keep(part_name, value)) parts.emplace_back(part_name, value);
  }
  return parts;
}

}  // namespace

std::string request_text(const FormFields& fields) {
  return form::joined_text(kept(fields, [](std::string_view part_name, std::string_view value) {
    return part_name != "sign" && !is_blank(value);
  }));
}

std::string notice_text(const FormFields& fields) {
  return form::joined_text(kept(fields, [](std::string_view part_name, std::string_view) {
    return part_name != "sign" && part_name != "sign_type";
  }));
}

std::string message_text(const FormFields& fields) {
  auto parts = kept(
      fields, [](std::string_view part_name, std::string_view) { return part_name != "sign"; });
  if (!has_field(fields, "sign_type")) parts.emplace_back("sign_type", "RSA2");
  return form::joined_text(std::move(parts));
}

void sign_request(FormFields& fields, const crypto::RsaPrivateKey& key) {
  CHECK(!has_field(fields, "sign"));
  fields.emplace_back("sign", crypto::to_base64(key.sign_sha256(request_text(fields))));
}

bool is_signed(std::string_view text, std::string_view sign_base64,
               const crypto::RsaPublicKey& key) {
  const auto signature = crypto::from_base64(sign_base64);
  return signature && key.verify_sha256(text, *signature);
}

}  // namespace daozhang::connectors::payment::alipay
