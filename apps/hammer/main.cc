// daozhang-hammer: loads a running shop with whole orders and says how many a second it bears.
// ./dev bench starts a shop for it; see bench/orders.
#include <cstdio>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "hammer/campaign.h"

int main(int argc, char** argv) {
  using namespace daozhang::hammer;
  CampaignOptions options;
  options.sku = "steam-card-50";
  options.channel = "alipay";
  options.merchant = {"2021000000000001", "2088000000000001"};
  options.load.connection_count = 256;
  options.order_count = 20'000;
  options.pay_link_count = 5'000;
  std::string directory;
  double baseline = 0;
  bool json = false;

  CLI::App app{"Loads a shop made by `daozhang init --demo`: place, notify, delivered, pay links"};
  app.add_option("--directory", directory, "The shop's, with alipay_private.pem")->required();
  app.add_option("--port", options.load.port, "The shop's, on 127.0.0.1")->required();
  app.add_option("--orders", options.order_count)->capture_default_str();
  app.add_option("--pay-links", options.pay_link_count)->capture_default_str();
  app.add_option("--connections", options.load.connection_count)
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--pipeline", options.load.pipeline_depth, "Requests under way on a connection")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--sku", options.sku)->capture_default_str();
  app.add_option("--baseline", baseline, "Orders per second of what it is compared with");
  app.add_flag("--json", json, "One line of JSON instead of words");
  CLI11_PARSE(app, argc, argv);

  options.alipay_key_file = (std::filesystem::path(directory) / "alipay_private.pem").string();
  auto report = run_campaign(options, [](std::string_view line) {
    std::fprintf(stderr, "==> %.*s\n", static_cast<int>(line.size()), line.data());
  });
  if (!report) {
    std::fprintf(stderr, "daozhang-hammer: %s\n", report.error().c_str());
    return 1;
  }
  report->baseline_orders_per_s = baseline;
  std::fputs(json ? (as_json(*report) + "\n").c_str() : as_words(*report).c_str(), stdout);
  return 0;
}
