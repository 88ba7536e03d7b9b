# Writes OUTPUT, a source that names the commit of SOURCES, and touches it only when the name has changed:
#   cmake -D SOURCES=... -D OUTPUT=... -P commit.cmake
execute_process(COMMAND git --no-optional-locks -C ${SOURCES} describe --always --dirty --abbrev=12 --exclude=*
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE problem)
if(problem OR NOT commit)
  set(commit "no commit")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [=[
#include "commit.h"

namespace daozhang::app {

const std::string_view built_commit = "@commit@";

}  // namespace daozhang::app
]=])
