#include "connectors/payment/wechatpay/resource.h"

#include "crypto/aes.h"
#include "crypto/base64.h"

namespace daozhang::connectors::payment::wechatpay {

using ports::NoticeRefusal;

base::Result<std::string, NoticeRefusal> open_resource(const json::Value& resource,
                                                       std::string_view api_v3_key) {
  if (resource.text_of("algorithm") != "AEAD_AES_256_GCM") {
    return base::refuse(NoticeRefusal::unreadable);
  }
  const std::string_view nonce = resource.text_of("nonce");
  const auto sealed = crypto::from_base64(resource.text_of("ciphertext"));
  const json::Value* const associated = resource.find("associated_data");
  const bool odd_data =
      associated != nullptr && !associated->is_null() && associated->text() == nullptr;
  if (nonce.empty() || !sealed || sealed->empty() || odd_data) {
    return base::refuse(NoticeRefusal::unreadable);
  }
  const auto plain =
      crypto::aes_gcm_open(api_v3_key, nonce, *sealed, resource.text_of("associated_data"));
  if (!plain) return base::refuse(NoticeRefusal::decryption_failed);
  return std::string(plain->view());
}

}  // namespace daozhang::connectors::payment::wechatpay
