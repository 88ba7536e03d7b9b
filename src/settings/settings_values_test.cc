#include "settings/settings_values.h"

#include <gtest/gtest.h>

namespace daozhang::settings {
namespace {

SettingsTable small_table() {
  return {"daozhang",
          "DAOZHANG_",
          {{.section = "server", .key = "listen", .fallback = "127.0.0.1:80"},
           {.section = "server",
            .key = "threads",
            .type = SettingType::integer,
            .fallback = "1",
            .least = 1,
            .most = 8},
           {.section = "server", .key = "open", .type = SettingType::boolean, .fallback = "false"},
           {.section = "channel.*", .key = "kind", .is_required = true, .choices = {"alipay"}},
           {.section = "channel.*", .key = "id"},
           {.section = "channel.*", .key = "app_id"},
           {.section = "channel.*", .key = "aliases", .type = SettingType::text_list}}};
}

base::Result<SettingsValues, std::vector<SettingsProblem>> load(SettingsSources sources) {
  sources.file_name = "shop.toml";
  return load_settings(small_table(), sources);
}

// The problems, one "where: en" a line.
std::string refused(const SettingsSources& sources) {
  const auto values = load(sources);
  if (values) return "accepted";
  std::string out;
  for (const SettingsProblem& problem : values.error()) {
    EXPECT_FALSE(problem.zh.empty());
    out += problem.where + ": " + problem.en + "\n";
  }
  return out;
}

TEST(Settings, WithoutAnySourceTheDefaultsHold) {
  const auto values = load({});
  ASSERT_TRUE(values);
  EXPECT_EQ(values->text("server", "listen"), "127.0.0.1:80");
  EXPECT_EQ(values->integer("server", "threads"), 1);
  EXPECT_FALSE(values->boolean("server", "open"));
  EXPECT_FALSE(values->is_given("server", "listen"));
  EXPECT_TRUE(values->names("channel").empty());
}

TEST(Settings, LaterSourcesWin) {
  const std::string file = "[server]\nlisten = \"file\"\nthreads = 2\nopen = true\n";
  EXPECT_EQ(load({.file_text = file})->text("server", "listen"), "file");
  const SettingsSources all{
      .file_text = file,
      .environment = {{"DAOZHANG_SERVER_LISTEN", "environment"}, {"DAOZHANG_SERVER_THREADS", "3"}},
      .flags = {"server.threads=4"}};
  const auto values = load(all);
  ASSERT_TRUE(values);
  EXPECT_EQ(values->text("server", "listen"), "environment");
  EXPECT_EQ(values->integer("server", "threads"), 4);
  EXPECT_TRUE(values->boolean("server", "open"));
  EXPECT_TRUE(values->is_given("server", "open"));
}

TEST(Settings, NamedSectionsAreMaps) {
  const auto values =
      load({.file_text = "[channel.alipay]\nkind = \"alipay\"\naliases = [\"a\", \"b\"]\n",
            .environment = {{"DAOZHANG_CHANNEL_ALIPAY_APP_ID", "2021"},
                            {"DAOZHANG_CHANNEL_SECOND_ONE_KIND", "alipay"},
                            {"DAOZHANG_CHANNEL_SECOND_ONE_ALIASES", "c, d,,"}}});
  ASSERT_TRUE(values) << to_string(values.error().front());
  EXPECT_EQ(values->names("channel"), (std::vector<std::string>{"alipay", "second_one"}));
  EXPECT_EQ(values->text("channel.alipay", "app_id"), "2021");
  EXPECT_EQ(values->text("channel.alipay", "id"), "");
  EXPECT_EQ(values->list("channel.alipay", "aliases"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(values->list("channel.second_one", "aliases"), (std::vector<std::string>{"c", "d"}));
}

TEST(Settings, AnUnknownNameIsRefusedWithItsLineAndTheNearest) {
  EXPECT_EQ(refused({.file_text = "[server]\n\nlisten_to = \"x\"\n"}),
            "shop.toml:3: unknown setting server.listen_to; the nearest is server.listen\n");
  EXPECT_EQ(refused({.file_text = "[channel.a]\nkind = \"alipay\"\nappid = \"x\"\n"}),
            "shop.toml:3: unknown setting channel.a.appid; the nearest is channel.a.app_id\n");
  EXPECT_EQ(refused({.file_text = "[servre]\nlisten = \"x\"\n"}).substr(0, 33),
            "shop.toml:1: unknown setting serv");
  EXPECT_EQ(refused({.file_text = "listen = \"x\"\n"}).substr(0, 35),
            "shop.toml:1: unknown setting listen");
  EXPECT_EQ(refused({.environment = {{"DAOZHANG_SERVER_LISTN", "x"}}}),
            "DAOZHANG_SERVER_LISTN: unknown setting server.listn; the nearest is server.listen\n");
  EXPECT_EQ(refused({.environment = {{"DAOZHANG_SERVR_LISTEN", "x"}}}),
            "DAOZHANG_SERVR_LISTEN: unknown setting servr.listen; the nearest is server.listen\n");
  EXPECT_EQ(refused({.flags = {"server.lisen=x"}}),
            "--set server.lisen: unknown setting server.lisen; the nearest is server.listen\n");
}

TEST(Settings, VariablesOfOthersArePassedOver) {
  EXPECT_EQ(refused({.environment = {{"PATH", "/bin"}, {"DAOZHANG_VECTORS", "x"}}}), "accepted");
}

TEST(Settings, AWrongTypeIsRefused) {
  EXPECT_EQ(refused({.file_text = "[server]\nlisten = 80\n"}),
            "shop.toml:2: server.listen must be a string in quotes\n");
  EXPECT_EQ(refused({.file_text = "[server]\nthreads = \"2\"\n"}),
            "shop.toml:2: server.threads must be a whole number\n");
  EXPECT_EQ(refused({.file_text = "[server]\nthreads = 2.0\n"}),
            "shop.toml:2: server.threads must be a whole number\n");
  EXPECT_EQ(refused({.file_text = "[server]\nopen = 1\n"}),
            "shop.toml:2: server.open must be true or false\n");
  EXPECT_EQ(refused({.environment = {{"DAOZHANG_SERVER_OPEN", "yes"}}}),
            "DAOZHANG_SERVER_OPEN: server.open must be true or false\n");
  for (const char* bad : {"", "2x", " 2", "0x2", "2.0", "99999999999999999999"}) {
    EXPECT_EQ(refused({.flags = {std::string("server.threads=") + bad}}),
              "--set server.threads: server.threads must be a whole number\n");
  }
  EXPECT_NE(refused({.file_text = "[channel.a]\nkind = \"alipay\"\naliases = [1]\n"})
                .find("must be a list of strings"),
            std::string::npos);
}

TEST(Settings, AValueOutOfRangeOrChoiceIsRefused) {
  EXPECT_EQ(refused({.flags = {"server.threads=9"}}),
            "--set server.threads: server.threads must be between 1 and 8\n");
  EXPECT_EQ(refused({.flags = {"server.threads=-1"}}),
            "--set server.threads: server.threads must be between 1 and 8\n");
  EXPECT_EQ(refused({.flags = {"channel.a.kind=epay"}}).substr(0, 65),
            "--set channel.a.kind: channel.a.kind must be one of alipay\n");
}

TEST(Settings, WhatIsRequiredIsAskedForInEachNamedSection) {
  EXPECT_EQ(refused({.file_text = "[channel.a]\napp_id = \"1\"\n[channel.b]\nkind = \"\"\n"}),
            "[channel.a]: kind is missing\n[channel.b]: kind is missing\n");
}

TEST(Settings, BadNamesBadTomlAndBadFlagsAreRefused) {
  EXPECT_NE(refused({.file_text = "[channel.\"A-b\"]\nkind = \"alipay\"\n"}).find("a-z, 0-9"),
            std::string::npos);
  EXPECT_NE(refused({.file_text = "[channel]\nkind = \"alipay\"\n"}).find("[channel.NAME]"),
            std::string::npos);
  EXPECT_EQ(refused({.file_text = "[server]\nlisten = \n"}).substr(0, 29),
            "shop.toml:2: not valid TOML: ");
  EXPECT_EQ(refused({.file_text = "[server]\nopen = true\nopen = false\n"}).substr(0, 29),
            "shop.toml:3: not valid TOML: ");
  EXPECT_EQ(refused({.flags = {"server.listen"}}),
            "--set server.listen: must be written section.key=value\n");
  EXPECT_EQ(refused({.flags = {"listen=x"}}), "--set listen: must be written section.key=value\n");
}

TEST(Settings, AllProblemsAreToldAtOnce) {
  const auto values =
      load({.file_text = "[server]\nlisten = 1\nthreads = 0\n", .flags = {"server.x=1"}});
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().size(), 3U);
}

TEST(SettingsDeathTest, AskingForWhatTheTableHasNotStopsTheProcess) {
  const auto values = load({});
  EXPECT_DEATH(static_cast<void>(values->text("server", "none")), "value");
  EXPECT_DEATH(static_cast<void>(values->integer("server", "listen")), "value");
}

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
}

}  // namespace
}  // namespace daozhang::settings
