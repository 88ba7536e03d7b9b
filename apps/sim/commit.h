// What was built, so that a failure can be told with it.
#pragma once

#include <string_view>

namespace daozhang::app {

// As `git describe --always --dirty` says it; "no commit" outside of git.
extern const std::string_view built_commit;

}  // namespace daozhang::app
