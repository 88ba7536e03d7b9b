# SQLite from the amalgamation inside the npm package better-sqlite3, pinned by third_party/package-lock.json.
#
# Debian 12's own 3.40.1 is inside the range of the WAL-reset bug (3.7.0 to 3.51.2), which can lose committed pages
# (docs/decisions/0001-sqlite-from-npm.md). The package lands in the build tree, no script of it runs, and npm is asked
# only when the lock file differs from the one that was fetched: a second configure needs no network.
include_guard(GLOBAL)
enable_language(C)

set(DAOZHANG_DOWNLOADS "${PROJECT_BINARY_DIR}/third_party" CACHE PATH
    "Where foreign sources are kept; trees may share it")
set(DAOZHANG_SQLITE_AT_LEAST 3.51.3)

function(_daozhang_fetch_from_npm directory)
  file(SHA256 ${PROJECT_SOURCE_DIR}/third_party/package-lock.json wanted)
  set(stamp ${directory}/fetched.sha256)
  file(MAKE_DIRECTORY ${directory})
  file(LOCK ${directory}/fetch.lock GUARD FUNCTION TIMEOUT 300)
  set(fetched "")
  if(EXISTS ${stamp})
    file(READ ${stamp} fetched)
  endif()
  if(fetched STREQUAL wanted)
    return()
  endif()
  find_program(DAOZHANG_NPM npm)
  if(NOT DAOZHANG_NPM)
    message(FATAL_ERROR "npm is missing; `./dev setup` installs it. It is needed once, for SQLite's amalgamation.")
  endif()
  message(STATUS "Fetching SQLite's amalgamation with npm ci")
  foreach(file package.json package-lock.json .npmrc)
    file(COPY ${PROJECT_SOURCE_DIR}/third_party/${file} DESTINATION ${directory})
  endforeach()
  execute_process(COMMAND ${DAOZHANG_NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
                  WORKING_DIRECTORY ${directory} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "npm ci in ${directory} failed (${status}):\n${output}")
  endif()
  file(WRITE ${stamp} ${wanted})
endfunction()

set(_sqlite_package ${DAOZHANG_DOWNLOADS}/npm)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/third_party/package-lock.json)
_daozhang_fetch_from_npm(${_sqlite_package})
set(_sqlite_sources ${_sqlite_package}/node_modules/better-sqlite3/deps/sqlite3)
if(NOT EXISTS ${_sqlite_sources}/sqlite3.c)
  message(FATAL_ERROR "better-sqlite3 no longer ships deps/sqlite3/sqlite3.c; look where it moved and mend "
                      "cmake/sqlite.cmake")
endif()

file(STRINGS ${_sqlite_sources}/sqlite3.h _sqlite_line REGEX "^#define SQLITE_VERSION +\"[0-9.]+\"")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" DAOZHANG_SQLITE_VERSION "${_sqlite_line}")
if(DAOZHANG_SQLITE_VERSION VERSION_LESS DAOZHANG_SQLITE_AT_LEAST)
  message(FATAL_ERROR "SQLite '${DAOZHANG_SQLITE_VERSION}' is older than ${DAOZHANG_SQLITE_AT_LEAST} and may corrupt "
                      "a WAL database; raise better-sqlite3 in third_party/package.json")
endif()

add_library(daozhang_sqlite3 STATIC ${_sqlite_sources}/sqlite3.c)
# Not our code, and minutes of compiling: sanitizers look at what calls it.
if(DAOZHANG_SANITIZE)
  target_compile_options(daozhang_sqlite3 PRIVATE -fno-sanitize=all)
endif()
add_library(sqlite::sqlite3 ALIAS daozhang_sqlite3)
target_include_directories(daozhang_sqlite3 SYSTEM PUBLIC ${_sqlite_sources})
target_compile_options(daozhang_sqlite3 PRIVATE -w)
# THREADSAFE=2: a connection belongs to one thread at a time; the storage keeps one writer and its own readers.
# HAVE_FDATASYNC: a commit waits for its data, not for the file's time of change as well.
target_compile_definitions(daozhang_sqlite3 PRIVATE
  SQLITE_THREADSAFE=2
  SQLITE_DQS=0
  SQLITE_DEFAULT_MEMSTATUS=0
  SQLITE_LIKE_DOESNT_MATCH_BLOBS
  SQLITE_MAX_EXPR_DEPTH=0
  SQLITE_OMIT_DEPRECATED
  SQLITE_OMIT_LOAD_EXTENSION
  SQLITE_OMIT_SHARED_CACHE
  SQLITE_USE_ALLOCA
  HAVE_FDATASYNC=1
  HAVE_USLEEP=1)
target_link_libraries(daozhang_sqlite3 PUBLIC Threads::Threads m)
message(STATUS "SQLite ${DAOZHANG_SQLITE_VERSION} from better-sqlite3")
