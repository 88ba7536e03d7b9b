# What every translation unit of ours is compiled with.
include_guard(GLOBAL)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(DAOZHANG_SANITIZE "" CACHE STRING "Sanitizers for the whole build, for example address,undefined")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(daozhang_options INTERFACE)
target_compile_options(daozhang_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-missing-field-initializers -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns of overlapping copies inside `"text" + std::string` (its bug 105651).
  target_compile_options(daozhang_options INTERFACE -Wno-restrict)
else()
  # Clang counts signedness into -Wconversion, GCC does not; a warning that only one of them gives stops neither.
  target_compile_options(daozhang_options INTERFACE -Wno-sign-conversion -Wno-error)
endif()
target_compile_definitions(daozhang_options INTERFACE _GLIBCXX_ASSERTIONS)
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(daozhang_options INTERFACE -fuse-ld=mold)
endif()
option(DAOZHANG_COVERAGE "Count what runs of the core (./dev coverage); Clang only" OFF)
if(DAOZHANG_COVERAGE)
  add_link_options(-fprofile-instr-generate)
endif()
if(DAOZHANG_SANITIZE)
  add_compile_options(-fsanitize=${DAOZHANG_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DAOZHANG_SANITIZE})
endif()
