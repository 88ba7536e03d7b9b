#include "load.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

#include "settings/secret_file.h"

namespace daozhang::app {
namespace {

std::string login_name() {
  const passwd* user = getpwuid(getuid());
  return user == nullptr ? fmt::format("uid {}", getuid()) : user->pw_name;
}

}  // namespace

void tell(const std::string& sentence) { fmt::print(stderr, "daozhang: {}\n", sentence); }

std::optional<settings::Settings> load_settings_or_tell(const CommonOptions& options) {
  settings::SettingsSources sources;
  sources.file_name = options.config;
  auto text = settings::read_text_file(options.config, "--config");
  if (!text) {
    tell(text.error());
    tell("`daozhang init --directory var` makes a directory with settings");
    return std::nullopt;
  }
  sources.file_text = std::move(*text);
  sources.environment = settings::process_environment();
  sources.flags = options.set;
  auto loaded = settings::load_shop_settings(sources);
  if (loaded) return std::move(*loaded);
  for (const auto& problem : loaded.error()) tell(settings::to_string(problem));
  return std::nullopt;
}

std::unique_ptr<crypto::MasterKeys> load_keys_or_tell(const std::string& file) {
  auto keys = crypto::load_key_file(file);
  if (keys) return std::make_unique<crypto::MasterKeys>(std::move(*keys));
  tell(fmt::format("the key file {} can not be used: {}", file, crypto::name(keys.error())));
  return nullptr;
}

std::unique_ptr<api::Catalog> load_catalog_or_tell(const std::string& file) {
  const auto text = settings::read_text_file(file, "catalog.file");
  if (!text) {
    tell(text.error());
    return nullptr;
  }
  auto catalog = api::read_catalog(*text);
  if (catalog) return std::make_unique<api::Catalog>(std::move(*catalog));
  tell(fmt::format("{}: {}", file, catalog.error()));
  return nullptr;
}

std::unique_ptr<api::OperatorClient> operator_client(const settings::Settings& settings,
                                                     const crypto::MasterKeys& keys,
                                                     const ActingOptions& acting,
                                                     const std::string& reason) {
  return std::make_unique<api::OperatorClient>(
      settings.admin_listen, keys,
      api::Acting{acting.as.empty() ? login_name() : acting.as,
                  acting.reason.empty() ? reason : acting.reason});
}

}  // namespace daozhang::app
