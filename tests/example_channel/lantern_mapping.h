// Lantern: what its words mean (protocol.md beside this file). Pure: the moment is an argument and
// nothing is sent; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::lantern {

// As an operator writes it; the secret is the text itself, not a path.
struct AccountSettings {
  std::string base_url;  // https, ends in `/`; http only to this machine (a sandbox, a test).
  std::string account;
  std::string secret;  // At least 32 characters that nobody can guess.
  std::string notify_url;
};
// One that may be used: only read_account makes it.
struct Account : AccountSettings {};

enum class AccountRefusal {
  base_url_unusable,
  account_unusable,
  notify_url_unusable,
  secret_missing,
  secret_too_short,
  secret_guessable,
};
constexpr auto names_of(std::type_identity<AccountRefusal>) {
  return base::words("base_url_unusable", "account_unusable", "notify_url_unusable",
                     "secret_missing", "secret_too_short", "secret_guessable");
}
base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings);

// What proves a body, either way.
struct Proof {
  std::string timestamp;
  std::string signature;
};
Proof prove(const Account& account, std::string_view body, base::Instant now);

struct Request {
  std::string_view method;  // GET or POST.
  std::string url;
  std::string body;  // The same bytes on every retry; only the proof is new.
  Proof proof;
};
Request request_of(const Account& account, const ports::PaymentCall& call, base::Instant now);

// A complete reply of any status.
struct Reply {
  int status = 0;
  std::string body;
  Proof proof;
};
// Whatever does not prove itself, is not about our numbers or has no row in the table of meanings
// is unknown, and `problem` says why. A no is failed, and `problem` is Lantern's word for it.
ports::PaymentAnswer answer_of(const Account& account, const ports::PaymentCall& call,
                               const Reply& reply, base::Instant now);

// The rungs, in this order: method_differs (not POST), unreadable (a query, or no JSON by its
// type), signature_missing, timestamp_differs, signature_invalid; then of the signed body
// unreadable (no strict JSON, or no event_id), app_differs, trade_ref_missing, trade_no_missing,
// amount_unreadable, status_unknown.
base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
    const Account& account, const ports::NoticeMessage& message, base::Instant now);

}  // namespace daozhang::connectors::payment::lantern
