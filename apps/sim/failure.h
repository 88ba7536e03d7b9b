// What people are told of a run that failed, and the file that is kept of it.
#pragma once

#include "options.h"
#include "sim/campaign.h"

namespace daozhang::app {

// Whether a file can be written into the folder, which is made if it is not there. Says why not.
bool can_keep(const std::string& folder);

// Says what broke, shortens its schedule and keeps it, as the options want it.
void explain_failure(const sim::RunResult& failed, const sim::Scenario& scenario,
                     const SimOptions& options);

}  // namespace daozhang::app
