#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "crypto/key_file.h"
#include "demo.h"
#include "load.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

namespace fs = std::filesystem;

constexpr int demo_secret_count = 500;

std::string shop_settings(const InitOptions& options, const fs::path& directory) {
  return fmt::format(R"([server]
listen = "127.0.0.1:{}"
public_url = "http://127.0.0.1:{}"
web_root = "{}"

[admin]
listen = "127.0.0.1:{}"

[store]
path = "{}"

[keys]
file = "{}"

[catalog]
file = "{}"
)",
                     options.port, options.port,
                     options.web_root.empty() ? "" : fs::absolute(options.web_root).string(),
                     options.admin_port, (directory / "daozhang.db").string(),
                     (directory / "keys.txt").string(), (directory / "catalog.json").string());
}

void fill(const InitOptions& options, const fs::path& directory) {
  if (!fs::exists(directory / "catalog.json") && !fs::exists(options.catalog))
    throw std::runtime_error(fmt::format(
        "the catalogue {} is not there; name one with --catalog, or run it where the sources are",
        options.catalog));
  fs::create_directories(directory);
  fs::permissions(directory, fs::perms::owner_all);
  const auto keys = directory / "keys.txt";
  if (!fs::exists(keys))
    if (const auto made = crypto::create_key_file(keys.string()); !made)
      throw std::runtime_error(
          fmt::format("{} can not be made: {}", keys.string(), crypto::name(made.error())));
  if (!fs::exists(directory / "catalog.json"))
    fs::copy_file(options.catalog, directory / "catalog.json");
  std::string text = shop_settings(options, directory);
  if (options.demo) {
    write_sandbox_files(options, directory);
    text += demo_connections(options, directory);
  }
  write_new_file(directory / "daozhang.toml", text, false);
}

}  // namespace

int init(const InitOptions& options) {
  const fs::path directory(options.directory);
  if (fs::exists(directory / "daozhang.toml")) {
    tell(fmt::format("{} is a shop already; nothing was changed", directory.string()));
    return 0;
  }
  try {
    fill(options, directory);
    if (!options.demo) return 0;
    const auto secrets = directory / "demo_secrets.txt";
    write_demo_secrets(secrets, demo_secret_count);
    CommonOptions common;
    common.config = (directory / "daozhang.toml").string();
    ImportOptions import;
    import.sku = "steam-card-50";
    import.file = secrets.string();
    import.quiet = true;
    const int status = import_secrets(common, import);
    // The secrets are sealed in the database now; in clear they are nobody's business any more.
    fs::remove(secrets);
    if (status != 0) fs::remove(directory / "daozhang.toml");
    return status;
  } catch (const std::exception& problem) {
    tell(problem.what());
    fs::remove(directory / "daozhang.toml");
    return 1;
  }
}

}  // namespace daozhang::app
