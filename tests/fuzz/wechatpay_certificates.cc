// WeChat Pay's list of platform certificates. The first line chooses what the rest is: 0 an
// unsigned body; 1 a body, which a known key then signs; 2 the announced serial and a certificate,
// which are encrypted and signed; 3 edits of a genuine certificate, the same.
#include "connectors/payment/wechatpay/platform_certificates.h"

#include "connectors/payment/wechatpay/test_account.h"
#include "json/reader.h"
#include "tests/fuzz/edits.h"

namespace daozhang::fuzz {
namespace {

namespace wechatpay = connectors::payment::wechatpay;
using wechatpay::CertificatesRefusal;
using wechatpay::test_now;

const std::string new_serial = "6B4C30D1FFEE0102030405060708090A0B0C0D0F";

const wechatpay::Account& account() {
  static const wechatpay::Account made = [] {
    wechatpay::AccountSettings settings = wechatpay::test_settings();
    settings.public_key = settings.public_key_id = "";
    settings.platform_certificates = wechatpay::test_certificate();
    settings.download_certificates = true;
    return wechatpay::read_account(settings).value();
  }();
  return made;
}

const std::string& genuine_certificate() {
  static const std::string pem = crypto::make_certificate(
      crypto::RsaPrivateKey::generate(2048), new_serial, test_now, test_now + base::hours(1000));
  return pem;
}

wechatpay::Reply signed_reply(std::string body) {
  wechatpay::Reply reply;
  reply.status = 200;
  reply.headers = wechatpay::sign_message(
      body, {.serial = wechatpay::test_certificate_serial, .key = wechatpay::test_platform_key()},
      wechatpay::test_stamp());
  reply.body = std::move(body);
  return reply;
}

base::Result<wechatpay::PlatformKeys, CertificatesRefusal> read(const wechatpay::Reply& reply,
                                                                base::Instant now = test_now) {
  return wechatpay::read_certificates(account(), account().platform_keys, reply, now);
}

// What is taken was named in the list, counts now, and is strong; what was known stays.
void check_taken(const wechatpay::PlatformKeys& keys, std::string_view body) {
  const auto list = json::read(body, json::Numbers::as_text);
  CHECK(list && list->find("data") != nullptr && list->find("data")->array() != nullptr);
  const json::Array& offers = *list->find("data")->array();
  CHECK(!keys.all().empty() && keys.all().size() <= 1 + offers.size());
  for (const wechatpay::PlatformKey& key : keys.all()) {
    CHECK(key.key.bits() >= 2048 && key.valid_until > test_now);
    CHECK(keys.find(key.serial, test_now) == &key.key);
    CHECK(keys.find(key.serial, key.valid_until) == nullptr);
  }
}

void check_signed(std::string body) {
  wechatpay::Reply reply = signed_reply(std::move(body));
  const auto keys = read(reply);
  if (!keys) {
    CHECK(keys.error() != CertificatesRefusal::refused);
    return;
  }
  check_taken(*keys, reply.body);
  const base::Instant late = test_now + base::seconds(301);
  CHECK(read(reply, late).error() == CertificatesRefusal::not_proven);
  reply.status = 404;
  CHECK(read(reply).error() == CertificatesRefusal::refused);
  reply.status = 200;
  reply.body += ' ';
  CHECK(read(reply).error() == CertificatesRefusal::not_proven);
}

void check_certificate(const std::string& serial, const std::string& pem) {
  const wechatpay::CertificateOffer offer{.serial = serial,
                                          .valid_from = test_now,
                                          .valid_until = test_now + base::hours(1),
                                          .pem = pem};
  const std::string_view nonce = "593BEC0C930BF1AF";
  check_signed(wechatpay::render_certificates({offer}, wechatpay::test_api_v3_key, nonce));
  const std::string foreign = "53D67FCB97E68F9998CBD17ED7A8D1E2";
  const auto refused = read(signed_reply(wechatpay::render_certificates({offer}, foreign, nonce)));
  // A serial that is no text makes it no list at all.
  CHECK(!refused && (refused.error() == CertificatesRefusal::decryption_failed ||
                     refused.error() == CertificatesRefusal::unreadable));
}

}  // namespace

void wechatpay_certificates(std::string_view bytes) {
  Input input(bytes);
  const std::size_t mode = input.choice(4);
  input.line();
  if (mode == 0) {
    wechatpay::Reply reply;
    reply.status = 200;
    reply.body = input.rest();
    return CHECK(!read(reply));
  }
  if (mode == 1) return check_signed(std::string(input.rest()));
  if (mode == 2) {
    const std::string serial(input.line());
    return check_certificate(serial, std::string(input.rest()));
  }
  std::string serial = new_serial;
  std::string pem = genuine_certificate();
  for (int i = 0; i < 4 && !input.rest().empty(); ++i) {
    edit(input, input.choice(4) == 0 ? serial : pem);
  }
  check_certificate(serial, pem);
}

}  // namespace daozhang::fuzz
