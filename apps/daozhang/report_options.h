// The command line of `daozhang report` and `daozhang bills`.
#pragma once

#include <CLI/CLI.hpp>

#include "verbs.h"

namespace daozhang::app {

// The verbs that were added. The options must outlive the parsing.
struct ReportVerbs {
  CLI::App* money = nullptr;
  CLI::App* bills = nullptr;
};
ReportVerbs add_report_verbs(CLI::App& app, CommonOptions& common, ReportOptions& report,
                             BillsOptions& bills);

}  // namespace daozhang::app
