// What proves to a running shop that the key file is at hand: the same text on both sides, made
// from the key file, so that no further secret has to be kept. Pure; any thread.
#pragma once

#include <string>

#include "crypto/key_file.h"

namespace daozhang::api {

// 64 hexadecimal digits, sent as `Authorization: Bearer …` to the admin port.
std::string operator_key(const crypto::MasterKeys& keys);

}  // namespace daozhang::api
