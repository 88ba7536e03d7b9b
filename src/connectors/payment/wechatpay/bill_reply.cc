#include "connectors/payment/wechatpay/bill_reply.h"

#include "base/hex.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {

using ports::BillRefusal;

base::Result<BillAddress, BillRefusal> read_bill_reply(const PlatformKeys& keys, const Reply& reply,
                                                       base::Instant now) {
  if (!verify(keys, reply.headers, reply.body, now)) return base::refuse(BillRefusal::unavailable);
  const auto content = json::read(reply.body, json::Numbers::as_text);
  if (reply.status == 200) {
    if (!content) return base::refuse(BillRefusal::unreadable);
    BillAddress address{.download_url = std::string(content->text_of("download_url")),
                        .sha1_hex = std::string(content->text_of("hash_value"))};
    const auto hash = base::from_hex(address.sha1_hex);
    if (content->text_of("hash_type") != "SHA1" || !hash || hash->size() != 20 ||
        address.download_url.empty()) {
      return base::refuse(BillRefusal::unreadable);
    }
    return address;
  }
  const std::string_view code = content ? content->text_of("code") : std::string_view{};
  const bool definite =
      reply.status >= 400 && reply.status < 500 && reply.status != 408 && reply.status != 429;
  if (!definite) return base::refuse(BillRefusal::unavailable);
  if (code == "STATEMENT_CREATING") return base::refuse(BillRefusal::not_ready);
  if (code == "NO_STATEMENT_EXIST") return base::refuse(BillRefusal::empty_day);
  return base::refuse(BillRefusal::refused);
}

}  // namespace daozhang::connectors::payment::wechatpay
