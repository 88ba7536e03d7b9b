#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "settings/shop_settings.h"

namespace daozhang::settings {
namespace {

TEST(SettingsPage, ShowsEveryRow) {
  const SettingsTable table{
      "shop",
      "SHOP_",
      {{.section = "server", .key = "listen", .fallback = "a", .en = "x|y", .zh = "甲"},
       {.section = "channel.*",
        .key = "kind",
        .en = "Kind.",
        .zh = "种类。",
        .is_required = true,
        .choices = {"p", "q"}}}};
  const std::string page = render_settings_page(table);
  EXPECT_NE(page.find("SHOP_SERVER_LISTEN"), std::string::npos);
  EXPECT_NE(page.find("## [server]\n"), std::string::npos);
  EXPECT_NE(page.find("| `listen` | text | `\"a\"` | x\\|y | 甲 |\n"), std::string::npos);
  EXPECT_NE(page.find("## [channel.NAME]\n"), std::string::npos);
  EXPECT_NE(page.find("| `kind` | text: `p`, `q` | required | Kind. | 种类。 |\n"),
            std::string::npos);
}

// Run this test with DAOZHANG_UPDATE_PAGES=1 to write the page anew.
TEST(SettingsPage, TheCommittedPageIsFresh) {
  const std::filesystem::path path = "docs/operating/settings.md";
  const std::string page = render_settings_page(shop_settings_table());
  if (std::getenv("DAOZHANG_UPDATE_PAGES") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << page;
  }
  std::ifstream in(path);
  const std::string committed((std::istreambuf_iterator<char>(in)),
                              std::istreambuf_iterator<char>());
  EXPECT_EQ(committed, page) << "docs/operating/settings.md is stale: run settings_test from the "
                                "root of the repository with DAOZHANG_UPDATE_PAGES=1";
}

}  // namespace
}  // namespace daozhang::settings
