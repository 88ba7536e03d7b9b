#include <fmt/format.h>

#include "load.h"
#include "verbs.h"

namespace daozhang::app {

int admin_time(const CommonOptions& options, const TimeOptions& time) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return exit_status::usage;
  const auto keys = load_keys_or_tell(settings->keys_file);
  if (!keys) return exit_status::usage;
  if (time.action != "show" && (time.acting.as.empty() || time.acting.reason.empty())) {
    tell("say who explains the difference (--as NAME) and why (--reason TEXT); the log keeps both");
    return exit_status::usage;
  }
  auto shop = operator_client(*settings, *keys, time.acting, "to look at the time");
  const auto answer = shop->ask("time", fmt::format(R"({{"action":"{}"}})", time.action));
  if (!answer) {
    tell(answer.error().words);
    return exit_status::failed;
  }
  fmt::print("the shop's time    {}\n", answer->text_of("shop_time"));
  const auto* offset = answer->find("wall_offset_s");
  if (offset != nullptr && offset->integer() != nullptr)
    fmt::print("the wall clock is  {} s ahead of it (what was explained is taken off)\n",
               *offset->integer());
  const auto* doubts = answer->find("doubts");
  if (doubts == nullptr || doubts->array() == nullptr || doubts->array()->empty()) {
    fmt::print("time is trusted; deadlines take effect\n");
    return exit_status::ok;
  }
  for (const auto& doubt : *doubts->array())
    if (doubt.text() != nullptr) fmt::print("doubtful: {}\n", *doubt.text());
  fmt::print(
      "no deadline takes effect; `daozhang admin time keep` if the shop's time is right, "
      "`daozhang admin time adopt` if the wall clock is\n");
  return exit_status::ok;
}

}  // namespace daozhang::app
