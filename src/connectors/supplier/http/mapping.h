// From the engine's calls to signed requests of the supplier protocol, and from its replies to the
// engine's answers. Pure: clock and nonce are arguments. Any thread.
//
// What a reply may conclude (the rules of every supplier, docs/reference/supplier_protocol.md):
// only an explicit yes about our own reference is done, only an explicit no is failed, and all else
// is unknown: 5xx, an unreadable body, another reference, a status or a refusal never heard of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/supplier/http/signature.h"
#include "ports/supplier.h"

namespace daozhang::connectors::supplier::http {

// One configured supplier. `base_path` is the path of its base address, without a slash at the end.
struct Account {
  std::string base_path;
  Credentials credentials;
  std::string callback_url;
};

struct PreparedRequest {
  std::string_view method;  // "GET" or "POST"; static.
  std::string path;
  std::string body;
  SignatureHeaders headers;
};

// The reference must have the protocol's shape: it is ours.
[[nodiscard]] PreparedRequest prepare(const Account& account, const ports::SupplierCall& call,
                                      base::Instant now, std::string_view nonce);
[[nodiscard]] PreparedRequest prepare_balance(const Account& account, base::Instant now,
                                              std::string_view nonce);

// A complete HTTP reply of any status. A cost above the call's limit does not undo what was done:
// the outcome is done and `reason` begins with `cost_over_limit`.
[[nodiscard]] ports::SupplierAnswer read_reply(const ports::SupplierCall& call, int status,
                                               std::string_view body);

// The answer when no reply came; `fault` is the transport's word. Unknown when something was sent.
// When provably nothing was sent (`reason` begins with `not_sent`) it failed and may be tried anew;
// whether an earlier process sent it before it crashed the engine knows and minds.
[[nodiscard]] ports::SupplierAnswer unanswered(bool sent, std::string_view fault);

// Verifies a callback and takes nothing from it but the reference. Refuses as HintRefusal says:
// signature_missing, key_unknown, timestamp_outside (also a malformed one), signature_invalid,
// unreadable (also a malformed nonce), tried in the order of verify(); the body is read last.
[[nodiscard]] base::Result<ports::SupplierHint, ports::HintRefusal> read_hint(
    const Account& account, const ports::CallbackRequest& request, base::Instant now);

// What a callback is answered with; 200 and this body end the repeats.
inline constexpr std::string_view callback_taken = R"({"ok":true})";

}  // namespace daozhang::connectors::supplier::http
