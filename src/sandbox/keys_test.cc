#include "sandbox/keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sandbox/fault_board.h"
#include "sandbox/settings.h"

namespace daozhang::sandbox {
namespace {

namespace fs = std::filesystem;

class KeysTest : public testing::Test {
 protected:
  KeysTest()
      : directory_(fs::temp_directory_path() / ("sandbox_keys_" + std::to_string(getpid()))) {
    fs::remove_all(directory_);
  }
  ~KeysTest() override { fs::remove_all(directory_); }

  settings::SettingsValues values(const std::string& more = "") const {
    settings::SettingsSources sources;
    const std::string at = directory_.string();
    sources.file_text =
        "[alipay]\napp_public_key_file = '" + at + "/app_public.pem'\nprivate_key_file = '" + at +
        "/alipay_private.pem'\n[supplier]\nsecret_file = '" + at + "/supplier_secret'\n" + more;
    const auto loaded = settings::load_settings(sandbox_settings_table(), sources);
    EXPECT_TRUE(loaded);
    return *loaded;
  }

  const fs::path directory_;
};

TEST_F(KeysTest, MakesWhatTheSettingsNeedForTheOwnerOnly) {
  ASSERT_EQ(generate_keys(directory_.string()).value().size(), 17u);
  for (const auto& entry : fs::directory_iterator(directory_)) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
  }
  const auto options = to_server_options(values());
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->listen.port, 8090);
  EXPECT_EQ(options->supplier_credentials.secret.size(), 64u);
}

TEST_F(KeysTest, AChannelIsPlayedWhenItsKeysAreNamed) {
  ASSERT_TRUE(generate_keys(directory_.string()));
  EXPECT_FALSE(to_server_options(values())->wechatpay);
  const std::string at = directory_.string() + "/wechatpay_";
  const std::string files = "[wechatpay]\nmerchant_public_key_file = '" + at +
                            "merchant_public.pem'\nplatform_private_key_file = '" + at +
                            "platform_private.pem'\nplatform_certificate_file = '" + at +
                            "platform_certificate.pem'\n";
  const auto options =
      to_server_options(values(files + "api_v3_key_file = '" + at + "api_v3_key'"));
  ASSERT_TRUE(options) << options.error();
  ASSERT_TRUE(options->wechatpay);
  EXPECT_EQ(options->wechatpay->api_v3_key.size(), 32u);
  EXPECT_EQ(options->wechat_app_secret, "");
  EXPECT_EQ(to_server_options(values(files + "api_v3_key_file = '" + at +
                                     "api_v3_key'\napp_secret_file = '" + at + "app_secret'"))
                ->wechat_app_secret.size(),
            32u);
  const auto without = to_server_options(values(files));
  ASSERT_FALSE(without);
  EXPECT_NE(without.error().find("wechatpay.api_v3_key_file"), std::string::npos)
      << without.error();
}

TEST_F(KeysTest, EachVersionOfEpayIsPlayedWhenItsKeysAreNamed) {
  ASSERT_TRUE(generate_keys(directory_.string()));
  EXPECT_FALSE(to_server_options(values())->epay);
  const std::string at = directory_.string() + "/epay_";
  const auto v1 = to_server_options(values("[epay]\nkey_file = '" + at + "key'\n"));
  ASSERT_TRUE(v1) << v1.error();
  EXPECT_TRUE(EpayWire(*v1->epay).plays(EpayVersion::v1));
  EXPECT_FALSE(EpayWire(*v1->epay).plays(EpayVersion::v2));
  const std::string rsa = "[epay]\nmerchant_public_key_file = '" + at + "merchant_public.pem'\n";
  EXPECT_FALSE(to_server_options(values(rsa)));
  const auto v2 = to_server_options(
      values(rsa + "platform_private_key_file = '" + at + "platform_private.pem'\n"));
  ASSERT_TRUE(v2) << v2.error();
  EXPECT_FALSE(EpayWire(*v2->epay).plays(EpayVersion::v1));
  EXPECT_TRUE(EpayWire(*v2->epay).plays(EpayVersion::v2));
}

TEST_F(KeysTest, NeverReplacesWhatIsThere) {
  ASSERT_TRUE(generate_keys(directory_.string()));
  EXPECT_TRUE(generate_keys(directory_.string()).value().empty());
  fs::remove(directory_ / "app_public.pem");
  EXPECT_FALSE(generate_keys(directory_.string()));
}

TEST_F(KeysTest, RefusesToStartWithoutUsableKeys) {
  EXPECT_FALSE(to_server_options(values()));
  ASSERT_TRUE(generate_keys(directory_.string()));
  fs::copy_file(directory_ / "supplier_secret", directory_ / "app_public.pem",
                fs::copy_options::overwrite_existing);
  const auto options = to_server_options(values());
  ASSERT_FALSE(options);
  EXPECT_NE(options.error().find("app_public_key_file"), std::string::npos);
}

TEST(SandboxSettings, TheirPageIsFresh) {
  std::ifstream in("docs/reference/sandbox_settings.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(page, settings::render_settings_page(sandbox_settings_table()))
      << "write it anew: daozhang-sandbox settings > docs/reference/sandbox_settings.md";
}

TEST(SandboxGuide, NamesEveryFaultAndNumber) {
  std::ifstream in("docs/guides/sandbox.md", std::ios::binary);
  const std::string guide{std::istreambuf_iterator<char>(in), {}};
  for (const auto& spec : all_faults()) {
    EXPECT_NE(guide.find("`" + std::string(spec.name) + "`"), guide.npos) << spec.name;
    for (const auto& parameter : spec.parameters) {
      const std::string quoted = "`" + std::string(parameter.name) + "` ";
      EXPECT_TRUE(parameter.name.empty() || guide.find(quoted) != guide.npos) << quoted;
    }
  }
}

}  // namespace
}  // namespace daozhang::sandbox
