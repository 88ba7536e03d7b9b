// What every verb loads first. Each tells the operator what is wrong and gives nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/admin/operator_client.h"
#include "api/catalog/catalog.h"
#include "crypto/key_file.h"
#include "settings/shop_settings.h"
#include "verbs.h"

namespace daozhang::app {

std::optional<settings::Settings> load_settings_or_tell(const CommonOptions& options);
std::unique_ptr<crypto::MasterKeys> load_keys_or_tell(const std::string& file);
std::unique_ptr<api::Catalog> load_catalog_or_tell(const std::string& file);

// The running shop of these settings, asked in the operator's name; `reason` if none was said.
std::unique_ptr<api::OperatorClient> operator_client(const settings::Settings& settings,
                                                     const crypto::MasterKeys& keys,
                                                     const ActingOptions& acting,
                                                     const std::string& reason = "");

void tell(const std::string& sentence);  // One line on stderr.

}  // namespace daozhang::app
