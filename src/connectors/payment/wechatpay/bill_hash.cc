#include "connectors/payment/wechatpay/bill_hash.h"

#include "base/ascii.h"

namespace daozhang::connectors::payment::wechatpay {

bool BillHash::fits() {
  const std::string hash = sha1_.finish_hex();
  return promised_.empty() || base::equal_without_case(promised_, hash);
}

}  // namespace daozhang::connectors::payment::wechatpay
