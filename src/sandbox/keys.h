// The key files that shop and sandbox need to talk, made at the first start of a demo.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace daozhang::sandbox {

// Writes into `directory` (made if missing), readable by their owner only:
//   pairs of RSA, 2048 bits, each as NAME_private.pem and NAME_public.pem: app and alipay,
//     wechatpay_merchant and wechatpay_platform, epay_merchant and epay_platform
//   wechatpay_platform_certificate.pem, of the platform's key
//   supplier_secret (64 hexadecimal digits), wechatpay_api_v3_key, wechatpay_app_secret and
//   epay_key (32)
// A pair or secret that is there already stays; half a pair is refused, because the other side may
// hold the missing half. Gives the names of the files written; refuses with a sentence.
base::Result<std::vector<std::string>, std::string> generate_keys(const std::string& directory);

}  // namespace daozhang::sandbox
