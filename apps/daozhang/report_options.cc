#include "report_options.h"

namespace daozhang::app {
namespace {

constexpr const char* money_statuses =
    "Ends with 0: it adds up. 1: it does not. 2: the store could not be read. The shop may run.";
constexpr const char* bills_statuses =
    "Ends with 0: no difference is open. 1: one is, or the change was refused. 2: wrong options, "
    "or "
    "the file could not be read. The shop may run.";

void add_common(CLI::App* verb, CommonOptions& common) {
  verb->add_option("--config", common.config, "Settings file (TOML)")->capture_default_str();
  verb->add_option("--set", common.set, "section.key=value, over file and environment")
      ->take_all()
      ->allow_extra_args(false);
}

void add_output(CLI::App* verb, bool& json, std::string& language) {
  verb->add_flag("--json", json, "As JSON");
  verb->add_option("--language", language, "zh-CN or en; else what the environment says")
      ->check(CLI::IsMember({"zh-CN", "en"}));
}

void add_changes(CLI::App* verb, CommonOptions& common, BillsOptions& bills) {
  auto* show = verb->add_subcommand("show", "One difference and its journal");
  auto* close = verb->add_subcommand("close", "Close a difference that is explained");
  auto* assign = verb->add_subcommand("assign", "Give a difference another owner");
  for (CLI::App* each : {show, close, assign}) {
    add_common(each, common);
    each->add_option("difference", bills.difference, "Its number")->required();
    add_output(each, bills.json, bills.language);
  }
  for (CLI::App* each : {close, assign})
    each->add_option("--as", bills.acting.as, "Who does it, for the journal");
  close->add_option("--reason", bills.acting.reason, "Why, for the journal");
  close->add_option("--evidence", bills.evidence, "Where one can see that: a ticket, a number");
  assign->add_option("--to", bills.to, "The new owner")->required();
  auto* again = verb->add_subcommand("again", "Fetch and match the bill of a day once more");
  add_common(again, common);
  again->add_option("--day", bills.day, "The day (YYYY-MM-DD)")->required();
  again->add_option("--channel", bills.channel, "A channel of the merchant account")->required();
  again->add_option("--as", bills.acting.as, "Who asks, for the list of days");
  again->add_option("--reason", bills.acting.reason, "Why, for the list of days");
  add_output(again, bills.json, bills.language);
  again->callback([&bills] { bills.action = BillsOptions::Action::again; });
  show->callback([&bills] { bills.action = BillsOptions::Action::show; });
  close->callback([&bills] { bills.action = BillsOptions::Action::close; });
  assign->callback([&bills] { bills.action = BillsOptions::Action::assign; });
}

}  // namespace

ReportVerbs add_report_verbs(CLI::App& app, CommonOptions& common, ReportOptions& report,
                             BillsOptions& bills) {
  auto* report_verb = app.add_subcommand("report", "What the books say");
  report_verb->require_subcommand(1);
  auto* money = report_verb->add_subcommand(
      "money", "Escrow, clearing, refunds, earnings, and the proof that they add up");
  add_common(money, common);
  add_output(money, report.json, report.language);
  money->footer(money_statuses);

  auto* bills_verb =
      app.add_subcommand("bills", "The channels' bills against the books: days and differences");
  add_common(bills_verb, common);
  bills_verb->add_option("--day", bills.day, "Only this day (YYYY-MM-DD)");
  bills_verb->add_option("--channel", bills.channel, "Only the merchant account of this channel");
  bills_verb->add_flag("--all", bills.all, "Closed differences too");
  add_output(bills_verb, bills.json, bills.language);
  bills_verb->footer(bills_statuses);
  bills_verb->require_subcommand(0, 1);
  add_changes(bills_verb, common, bills);
  return {money, bills_verb};
}

}  // namespace daozhang::app
