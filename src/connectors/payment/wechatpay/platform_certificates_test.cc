#include "connectors/payment/wechatpay/platform_certificates.h"

#include <gtest/gtest.h>

#include "connectors/payment/wechatpay/test_account.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

const std::string new_serial = "6B4C30D1FFEE0102030405060708090A0B0C0D0F";

const crypto::RsaPrivateKey& new_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}

CertificateOffer offer(const crypto::RsaPrivateKey& key, const std::string& serial,
                       base::Instant until = test_now + base::hours(1000)) {
  return {.serial = serial,
          .valid_from = test_now - base::hours(1),
          .valid_until = until,
          .pem = crypto::make_certificate(key, serial, test_now - base::hours(1), until)};
}

Account downloading() {
  AccountSettings settings = test_settings();
  settings.public_key = settings.public_key_id = "";
  settings.download_certificates = true;
  return read_account(settings).value();
}

Reply answered(const std::vector<CertificateOffer>& offers, const PlatformSigning& signing,
               std::string_view key = test_api_v3_key) {
  Reply reply;
  reply.status = 200;
  reply.body = render_certificates(offers, key, test_stamp().nonce);
  reply.headers = sign_message(reply.body, signing, test_stamp());
  return reply;
}

std::string outcome(const Reply& reply, const PlatformKeys& known = {}) {
  const auto keys = read_certificates(downloading(), known, reply, test_now);
  return keys ? std::to_string(keys->all().size()) : std::string(base::name_of(keys.error()));
}

const PlatformSigning by_new{.serial = new_serial, .key = new_key()};

TEST(WechatpayCertificates, TheFirstOnesProveThemselves) {
  EXPECT_EQ(outcome(answered({offer(new_key(), new_serial)}, by_new)), "1");
}

TEST(WechatpayCertificates, ANewOneCountsWhileTheOldOneDoes) {
  PlatformKeys known;
  known.add(platform_keys_of(test_certificate())->front());
  const PlatformSigning by_old{.serial = test_certificate_serial, .key = test_platform_key()};
  const auto keys = read_certificates(downloading(), known,
                                      answered({offer(new_key(), new_serial)}, by_old), test_now);
  ASSERT_TRUE(keys.has_value());
  EXPECT_NE(keys->find(new_serial, test_now), nullptr);
  EXPECT_NE(keys->find(test_certificate_serial, test_now), nullptr);
}

TEST(WechatpayCertificates, AnEndedOneIsForgotten) {
  PlatformKeys known;
  known.add(
      platform_keys_of(
          offer(test_platform_key(), test_certificate_serial, test_now - base::seconds(1)).pem)
          ->front());
  EXPECT_EQ(outcome(answered({offer(new_key(), new_serial)}, by_new), known), "1");
}

TEST(WechatpayCertificates, EveryOtherAnswerChangesNothing) {
  const auto good = offer(new_key(), new_serial);
  Reply reply = answered({good}, by_new);
  reply.status = 500;
  EXPECT_EQ(outcome(reply), "refused");
  EXPECT_EQ(outcome(answered({}, by_new)), "unreadable");
  reply = answered({good}, by_new);
  reply.body = R"({"data":[{}]})";
  EXPECT_EQ(outcome(reply), "unreadable");
  EXPECT_EQ(outcome(answered({good}, by_new, "53D67FCB97E68F9998CBD17ED7A8D1E2")),
            "decryption_failed");
  auto misnamed = good;
  misnamed.serial = test_certificate_serial;
  EXPECT_EQ(outcome(answered({misnamed}, by_new)), "certificate_unusable");
  auto broken = good;
  broken.pem = "no certificate";
  EXPECT_EQ(outcome(answered({broken}, by_new)), "certificate_unusable");
  EXPECT_EQ(outcome(answered({offer(test_merchant_key(), new_serial)}, by_new)),
            "certificate_unusable");
  EXPECT_EQ(outcome(answered({offer(crypto::RsaPrivateKey::generate(1024), new_serial)}, by_new)),
            "certificate_unusable");
  EXPECT_EQ(outcome(answered({good}, {.serial = new_serial, .key = test_platform_key()})),
            "not_proven");
  EXPECT_EQ(outcome(answered({good}, test_signing())), "not_proven");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
