# One folder is one library. daozhang_library(NAME SOURCES … TESTS … DEPENDS … [PRIVATE_DEPENDS …] [TEST_LABEL …])
#
# NAME is the folder below src/ with slashes as underscores (storage/sqlite -> storage_sqlite). SOURCES may be empty for
# a library of headers. TESTS become one GoogleTest program NAME_test, registered with ctest case by case.
# Their ctest label is "unit" or what TEST_LABEL says; "unit", "contract" and "sim" also run under the sanitizers, for
# which the target unit_tests builds them all.
# DEPENDS are the public arrows: bare words are libraries of ours, anything with "::" or a path is foreign.
# Every library also gets NAME_link_test: its whole archive against nothing but what it declared.
include_guard(GLOBAL)
include(GoogleTest)

add_custom_target(unit_tests)

function(_daozhang_resolve out)
  set(resolved)
  foreach(dependency IN LISTS ARGN)
    if(dependency MATCHES "::|^/|^-")
      list(APPEND resolved ${dependency})
    else()
      list(APPEND resolved daozhang_${dependency})
    endif()
  endforeach()
  set(${out} ${resolved} PARENT_SCOPE)
endfunction()

function(daozhang_library name)
  cmake_parse_arguments(ARG "" "TEST_LABEL" "SOURCES;TESTS;TEST_DEPENDS;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  _daozhang_resolve(public_dependencies ${ARG_DEPENDS})
  _daozhang_resolve(private_dependencies ${ARG_PRIVATE_DEPENDS})
  set(target daozhang_${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} PUBLIC daozhang_options ${public_dependencies} PRIVATE ${private_dependencies})
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}_link_test.cc "int main() { return 0; }\n")
    add_executable(${name}_link_test ${CMAKE_CURRENT_BINARY_DIR}/${name}_link_test.cc)
    # The archive itself comes whole; its dependencies come plain, so an undeclared one is an undefined reference.
    target_link_libraries(${name}_link_test PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,${target}>)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE daozhang_options ${public_dependencies} ${private_dependencies})
  endif()
  if(ARG_TESTS AND DAOZHANG_TESTS)
    _daozhang_resolve(test_dependencies ${ARG_TEST_DEPENDS})
    if(NOT ARG_TEST_LABEL)
      set(ARG_TEST_LABEL unit)
    endif()
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE ${target} ${test_dependencies} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTIES LABELS ${ARG_TEST_LABEL})
    add_dependencies(unit_tests ${name}_test)
  endif()
endfunction()

# daozhang_test(NAME SOURCES … DEPENDS … [LABEL …] [TIMEOUT seconds]): one GoogleTest program of tests/, which crosses folders.
# LABEL is unit, contract, sim, scenario, server, browser or tidy (default unit).
function(daozhang_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  _daozhang_resolve(dependencies ${ARG_DEPENDS})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE daozhang_options ${dependencies} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                       PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
  if(ARG_LABEL MATCHES "^(unit|contract|sim)$")
    add_dependencies(unit_tests ${name})
  endif()
endfunction()
