// daozhang-sandbox: plays Alipay, WeChat Pay, an epay gateway and a top-up supplier. See
// docs/guides/sandbox.md.
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sandbox/program.h"

int main(int argc, char** argv) {
  CLI::App app{"Plays payment channels and a top-up supplier, with faults to switch on."};
  app.require_subcommand(1);

  auto* serve = app.add_subcommand("serve", "Answer until told to stop");
  std::string settings_file;
  std::vector<std::string> flags;
  serve->add_option("--config", settings_file, "Settings file (TOML)");
  serve->add_option("--set", flags, "One setting: section.key=value");

  auto* keys = app.add_subcommand("keys", "Make the key files that shop and sandbox share");
  std::string directory;
  keys->add_option("directory", directory, "Where to")->required();

  app.add_subcommand("settings", "Print the page of all settings");
  CLI11_PARSE(app, argc, argv);

  if (serve->parsed()) return daozhang::sandbox::serve(settings_file, flags);
  if (keys->parsed()) return daozhang::sandbox::make_keys(directory);
  return daozhang::sandbox::print_settings();
}
