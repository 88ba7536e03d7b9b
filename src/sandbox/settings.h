// The settings of `daozhang-sandbox`.
#pragma once

#include <string>

#include "base/result.h"
#include "sandbox/server.h"
#include "settings/settings_table.h"
#include "settings/settings_values.h"

namespace daozhang::sandbox {

const settings::SettingsTable& sandbox_settings_table();

// Reads the key files that `values` name. Refuses with sentences for the operator.
base::Result<ServerOptions, std::string> to_server_options(const settings::SettingsValues& values);

}  // namespace daozhang::sandbox
