#include "sandbox/program.h"

#include <csignal>
#include <cstdio>

#include "sandbox/keys.h"
#include "sandbox/server.h"
#include "sandbox/settings.h"
#include "settings/secret_file.h"

namespace daozhang::sandbox {
namespace {

int fail(const std::string& sentence) {
  std::fprintf(stderr, "daozhang-sandbox: %s\n", sentence.c_str());
  return 1;
}

// Signals are taken by sigwait alone, so every thread that follows must inherit them blocked.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

int run(ServerOptions options, const sigset_t& signals) {
  Server server(std::move(options));
  if (const auto started = server.start(); !started) return fail(started.error());
  std::printf("sandbox %s\n", server.public_url().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop();
  return 0;
}

}  // namespace

int serve(const std::string& settings_file, const std::vector<std::string>& flags) {
  const sigset_t signals = block_stop_signals();
  settings::SettingsSources sources;
  if (!settings_file.empty()) {
    auto text = settings::read_text_file(settings_file, "--config");
    if (!text) return fail(text.error());
    sources.file_name = settings_file;
    sources.file_text = *std::move(text);
  }
  sources.environment = settings::process_environment();
  sources.flags = flags;
  const auto values = settings::load_settings(sandbox_settings_table(), sources);
  if (!values) {
    for (const auto& problem : values.error())
      std::fprintf(stderr, "%s\n", settings::to_string(problem).c_str());
    return 1;
  }
  auto options = to_server_options(*values);
  if (!options) return fail(options.error());
  return run(*std::move(options), signals);
}

int make_keys(const std::string& directory) {
  const auto written = generate_keys(directory);
  if (!written) return fail(written.error());
  for (const auto& name : *written) std::printf("%s/%s\n", directory.c_str(), name.c_str());
  return 0;
}

int print_settings() {
  std::fputs(settings::render_settings_page(sandbox_settings_table()).c_str(), stdout);
  return 0;
}

}  // namespace daozhang::sandbox
