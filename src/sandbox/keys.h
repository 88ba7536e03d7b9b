// The key files that shop and sandbox need to talk, made at the first start of a demo.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace daozhang::sandbox {

// Writes into `directory` (made if missing): app_private.pem, app_public.pem, alipay_private.pem,
// alipay_public.pem (RSA, 2048 bits) and supplier_secret (64 hexadecimal digits), readable by their
// owner only. A pair or secret that is there already stays; half a pair is refused, because the
// other side may hold the missing half. Gives the names of the files written; refuses with a
// sentence.
base::Result<std::vector<std::string>, std::string> generate_keys(const std::string& directory);

}  // namespace daozhang::sandbox
