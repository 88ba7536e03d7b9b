// One merchant account at an epay gateway, for one way of paying, and how it is read from settings.
// Immutable after it was made; any thread.
//
// Nobody owns the protocol and gateways differ, so what differs is a setting with the safe value as
// its default; nothing is guessed from what a gateway sends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/result.h"
#include "crypto/rsa.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::epay {

enum class Version {
  v1,  // MD5 with a merchant key; submit.php, mapi.php, api.php.
  v2,  // RSA both ways; /api/pay/…
};
constexpr auto names_of(std::type_identity<Version>) { return base::words("v1", "v2"); }

// How notifications may come.
enum class NoticeMethod { get, post, both };
constexpr auto names_of(std::type_identity<NoticeMethod>) {
  return base::words("get", "post", "both");
}

// How api.php takes its parameters, the merchant key among them. `get` puts the key into the URL,
// where a proxy may log it: only for gateways that do not read a body.
enum class ApiMethod { post, get };
constexpr auto names_of(std::type_identity<ApiMethod>) { return base::words("post", "get"); }

// What is done about a refund whose answer is lost.
enum class RefundAgain {
  by_hand,    // It is sent once, asked about, and then a person sends it again or does not.
  by_number,  // v2: the gateway gives back once per out_refund_no however often it is told.
};
constexpr auto names_of(std::type_identity<RefundAgain>) {
  return base::words("by_hand", "by_number");
}

// What a gateway says in its own words, and what it can.
struct Dialect {
  std::string key_prefix;  // Between text and merchant key (v1): nothing, or `&key=`.
  NoticeMethod notice_method = NoticeMethod::both;
  ApiMethod api_method = ApiMethod::post;
  bool refund = false;  // Many gateways have refunds by call switched off.
  // Forks of v2 differ in both, and believing too much gives back twice or leaves a payment open
  // that was taken for closed.
  RefundAgain refund_again = RefundAgain::by_hand;
  bool close = false;  // v2: an unpaid order can be closed by call.
  // `status` of a queried order. A word that is none of these is unknown.
  std::string status_unpaid = "0";
  std::string status_paid = "1";
  std::string status_refunded = "2";
  // The exact `msg` of a failed query that means: no such order. Nothing else does, since the codes
  // for it are also those of a wrong key. A gateway with other words for it needs them here, or its
  // orders that nobody paid are asked about for ever. The defaults were not seen on a real gateway.
  std::vector<std::string> not_found_words = {"订单号不存在", "订单不存在"};
  // v2: believe a reply whose code says failure without a signature, as v1 has it.
  bool unsigned_failures = false;
};

// As an operator writes it. Keys are the texts themselves (PEM or bare base64), not paths.
struct AccountSettings {
  std::string base_url;  // https, ends in `/`; http only to this machine (the sandbox).
  std::string pid;
  Version version = Version::v1;
  std::string type;                  // alipay, wxpay, qqpay …; empty: the gateway asks the payer.
  std::string notify_url;            // Without query: some gateways sign what they find there.
  std::string merchant_key;          // v1
  std::string merchant_private_key;  // v2
  std::string platform_public_key;   // v2
  ports::Way way = ports::Way::page;  // page: a link; qr: a call that gives the code's text.
  Dialect dialect;
};

struct Account {
  std::string base_url;
  std::string pid;
  Version version = Version::v1;
  std::string type;
  std::string notify_url;
  std::string merchant_key;                          // v1
  std::optional<crypto::RsaPrivateKey> own_key;      // v2
  std::optional<crypto::RsaPublicKey> platform_key;  // v2
  ports::Way way = ports::Way::page;
  Dialect dialect;
};

enum class AccountRefusal {
  base_url_unusable,
  pid_unusable,   // Not 1 to 32 of [A-Za-z0-9_-].
  type_unusable,  // Not up to 32 of [a-z0-9_.-]; or empty where a call creates the order.
  notify_url_unusable,
  way_unsupported,  // Neither page nor qr.
  merchant_key_too_short,
  merchant_key_unusable,   // White space or something else that is not printable ASCII.
  merchant_key_guessable,  // Few characters over and over, a row of neighbors, or made of the pid.
  merchant_private_key_unusable,
  platform_public_key_unusable,
  key_too_short,        // RSA below 2048 bits.
  platform_key_is_own,  // The merchant's public key was pasted where the gateway's belongs.
  key_prefix_unsupported,
  refund_again_unsupported,  // by_number without numbers (v1), or with refunds switched off.
  close_unsupported,         // v1 has no such call.
  status_words_unusable,     // Empty, or one word for two things.
  not_found_words_unusable,
};
constexpr auto names_of(std::type_identity<AccountRefusal>) {
  return base::words("base_url_unusable", "pid_unusable", "type_unusable", "notify_url_unusable",
                     "way_unsupported", "merchant_key_too_short", "merchant_key_unusable",
                     "merchant_key_guessable", "merchant_private_key_unusable",
                     "platform_public_key_unusable", "key_too_short", "platform_key_is_own",
                     "key_prefix_unsupported", "refund_again_unsupported", "close_unsupported",
                     "status_words_unusable", "not_found_words_unusable");
}

// Nothing, or `&key=`.
bool is_key_prefix(std::string_view text);

// Refuses everything that would make the channel fail or lie later, so that it does not start.
base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings);

}  // namespace daozhang::connectors::payment::epay
