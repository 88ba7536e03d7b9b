// daozhang: the shop and its tools. Verbs are in verbs.h; this file only reads the command line.
#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "report_options.h"
#include "verbs.h"

namespace {

void add_common(CLI::App* verb, daozhang::app::CommonOptions& common) {
  verb->add_option("--config", common.config, "Settings file (TOML)")->capture_default_str();
  verb->add_option("--set", common.set, "section.key=value, over file and environment")
      ->take_all()
      ->allow_extra_args(false);
}

void add_acting(CLI::App* verb, daozhang::app::ActingOptions& acting) {
  verb->add_option("--as", acting.as, "Who asks, for the log of the running shop; else you");
  verb->add_option("--reason", acting.reason, "Why, for the same log");
}

CLI::App* add_init(CLI::App& app, daozhang::app::InitOptions& init) {
  auto* init_verb =
      app.add_subcommand("init", "Make a directory with keys, settings and a database");
  init_verb->add_option("--directory", init.directory)->capture_default_str();
  init_verb->add_flag("--demo", init.demo, "With a demo catalogue, stock and sandbox keys");
  init_verb->add_option("--catalog", init.catalog)->capture_default_str();
  init_verb->add_option("--web-root", init.web_root)->capture_default_str();
  init_verb->add_option("--port", init.port)->capture_default_str();
  init_verb->add_option("--admin-port", init.admin_port)->capture_default_str();
  init_verb->add_option("--sandbox-port", init.sandbox_port)->capture_default_str();
  return init_verb;
}

constexpr const char* import_statuses =
    "Ends with 0: every line is in stock. 3: some lines were refused, each named in the report. 4: "
    "no line was new. 1: the store could not be written. 2: wrong options, settings or file.";
constexpr const char* fsck_statuses =
    "Ends with 0: clean. 1: an invariant is broken. 2: the store could not be checked.";

using daozhang::app::CommonOptions;
using daozhang::app::InboxOptions;
using daozhang::app::MoneyOptions;

void add_import_secrets(CLI::App& app, CommonOptions& common,
                        daozhang::app::ImportOptions& options) {
  auto* import_verb = app.add_subcommand("import", "Bring data in");
  import_verb->require_subcommand(1);
  auto* verb = import_verb->add_subcommand("secrets", "Card secrets from text or CSV");
  add_common(verb, common);
  verb->add_option("--sku", options.sku, "Product to stock")->required();
  verb->add_option("file", options.file, "File, or - for standard input")->required();
  verb->add_flag("--csv", options.csv, "CSV; the first column is the secret");
  verb->add_option("--header", options.header,
                   "Whether the CSV's first row holds titles: yes or no")
      ->check(CLI::IsMember({"yes", "no"}));
  verb->add_option("--encoding", options.encoding)->check(CLI::IsMember({"utf-8", "gb18030"}));
  verb->add_flag("--quiet", options.quiet, "Only refused lines and the sums");
  add_acting(verb, options.acting);
  verb->footer(import_statuses);
}

struct MoneyVerbs {
  CLI::App* settle;
  CLI::App* refund;
  CLI::App* chargeback;
  CLI::App* forgive;
};

MoneyVerbs add_money_verbs(CLI::App& admin_verb, CommonOptions& common, MoneyOptions& options) {
  const MoneyVerbs verbs{
      admin_verb.add_subcommand("settle",
                                "Asks the channel about money that you know it took for an order"),
      admin_verb.add_subcommand("refund",
                                "Sends a refund again that is not in the channel's books"),
      admin_verb.add_subcommand("chargeback",
                                "Books money that the channel took back from the shop"),
      admin_verb.add_subcommand("forgive", "Lets a buyer buy again who had money charged back")};
  for (auto* verb : {verbs.settle, verbs.refund, verbs.chargeback, verbs.forgive}) {
    add_common(verb, common);
    verb->add_option("order_no", options.order_no, "Order number")->required();
    verb->add_option("--second", options.second, "Who approves it, for large sums");
    add_acting(verb, options.acting);
  }
  verbs.settle->add_option("--trade-no", options.trade_no, "The channel's number")->required();
  verbs.settle->add_option("--channel", options.channel, "Of an order that the shop has lost");
  verbs.settle->add_option("--amount", options.amount,
                           "Of an order that the shop has lost, as 9.90");
  verbs.refund->add_option("refund_no", options.refund_no, "Number of the refund")->required();
  verbs.refund->add_flag("--given-back-by-hand", options.by_hand,
                         "It went to the buyer another way; the channel is not asked any more");
  verbs.refund
      ->add_flag("--found-in-books", options.found_in_books,
                 "It stands in the channel's books, and the shop can not find it there")
      ->excludes("--given-back-by-hand");
  verbs.chargeback->add_option("--case", options.case_no, "The channel's number of the dispute")
      ->required();
  verbs.chargeback->add_option("--trade-no", options.trade_no,
                               "The channel's number of the payment");
  verbs.chargeback->add_option("--channel", options.channel,
                               "The payment's, where two channels have its number");
  verbs.chargeback->add_option("--amount", options.amount, "What it took, as 9.90");
  verbs.chargeback->add_flag("--returned", options.returned, "The dispute was won");
  return verbs;
}

CLI::App* add_inbox_verb(CLI::App& app, CommonOptions& common, InboxOptions& options) {
  auto* verb = app.add_subcommand("inbox", "What channels told the shop and why it counted");
  add_common(verb, common);
  verb->add_option("action", options.action, "list, show or replay")
      ->check(CLI::IsMember({"list", "show", "replay"}))
      ->capture_default_str();
  verb->add_option("digest", options.digest, "First digits of a message's digest");
  verb->add_option("--order", options.order_no, "Of one order, counted or not");
  verb->add_option("--channel", options.channel, "Of one channel");
  verb->add_option("--because", options.reason, "Of this reason, as the list names it");
  verb->add_option("--verdict", options.verdict, "applied, repeated, asked, ignored or refused");
  verb->add_option("--since", options.since, "First seen since 2026-11-22, or an RFC 3339 instant");
  verb->add_option("--count", options.count)->capture_default_str();
  add_acting(verb, options.acting);
  return verb;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace daozhang::app;
  umask(077);  // What it writes holds contacts and keys.
  CLI::App app{"daozhang: every paid unit arrives once or is given back once, in time"};
  app.require_subcommand(1);
  CommonOptions common;
  InitOptions init_options;
  ImportOptions import_options;
  TimeOptions time_options;
  ReportOptions report;
  BillsOptions bills_options;

  auto* serve_verb = app.add_subcommand("serve", "Run the shop");
  add_common(serve_verb, common);
  auto* fsck_verb =
      app.add_subcommand("fsck", "Check every invariant of a store that nobody writes");
  add_common(fsck_verb, common);
  fsck_verb->footer(fsck_statuses);

  auto* init_verb = add_init(app, init_options);

  add_import_secrets(app, common, import_options);

  auto* admin_verb = app.add_subcommand("admin", "Act in the running shop");
  admin_verb->require_subcommand(1);
  auto* time_verb =
      admin_verb->add_subcommand("time", "Its time, and what you say of a difference");
  add_common(time_verb, common);
  time_verb
      ->add_option("action", time_options.action,
                   "show; keep: the shop's time is right; adopt: the wall clock is")
      ->check(CLI::IsMember({"show", "keep", "adopt"}))
      ->capture_default_str();
  add_acting(time_verb, time_options.acting);

  MoneyOptions money_options;
  const auto money_verbs = add_money_verbs(*admin_verb, common, money_options);
  InboxOptions inbox_options;
  auto* inbox_verb = add_inbox_verb(app, common, inbox_options);
  const ReportVerbs report_verbs = add_report_verbs(app, common, report, bills_options);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? exit_status::ok : exit_status::usage;
  }
  if (*serve_verb) return serve(common);
  if (*fsck_verb) return fsck(common);
  if (*init_verb) return init(init_options);
  if (*time_verb) return admin_time(common, time_options);
  if (*money_verbs.settle) return admin_settle(common, money_options);
  if (*money_verbs.refund) return admin_refund(common, money_options);
  if (*money_verbs.chargeback) return admin_chargeback(common, money_options);
  if (*money_verbs.forgive) return admin_forgive(common, money_options);
  if (*inbox_verb) return inbox(common, inbox_options);
  if (*report_verbs.money) return report_money(common, report);
  if (*report_verbs.bills) return bills(common, bills_options);
  return import_secrets(common, import_options);
}
