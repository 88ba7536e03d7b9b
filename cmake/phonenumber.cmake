# libphonenumber without its -dev package, which wants Boost 1.74's threads and so can not stand beside Boost 1.81
# (docs/decisions/0006-libphonenumber-and-icu.md). The headers are unpacked from the package into the build tree; the
# installed runtime library of the same version is linked.
include_guard(GLOBAL)

# The loader's name for the installed library, not the file behind it: it stays when Debian updates the package.
find_library(DAOZHANG_PHONENUMBER_LIBRARY NAMES libphonenumber.so.8)
if(NOT DAOZHANG_PHONENUMBER_LIBRARY)
  message(FATAL_ERROR "libphonenumber8 is missing; `./dev setup` installs it")
endif()

function(_daozhang_fetch_phonenumber_headers directory)
  execute_process(COMMAND dpkg-query -W -f "\${Version}" libphonenumber8
                  OUTPUT_VARIABLE wanted RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "dpkg does not know libphonenumber8; `./dev setup` installs it")
  endif()
  set(stamp ${directory}/fetched.version)
  file(MAKE_DIRECTORY ${directory})
  file(LOCK ${directory}/fetch.lock GUARD FUNCTION TIMEOUT 300)
  set(fetched "")
  if(EXISTS ${stamp})
    file(READ ${stamp} fetched)
  endif()
  if(fetched STREQUAL wanted)
    return()
  endif()
  message(STATUS "Fetching the headers of libphonenumber ${wanted} with apt-get download")
  file(REMOVE_RECURSE ${directory}/unpacked)
  execute_process(COMMAND apt-get download libphonenumber-dev=${wanted} WORKING_DIRECTORY ${directory}
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "apt-get download libphonenumber-dev=${wanted} failed (is the package list fresh? "
                        "`apt-get update`):\n${output}")
  endif()
  file(GLOB packages ${directory}/libphonenumber-dev_*.deb)
  list(GET packages -1 package)
  execute_process(COMMAND dpkg-deb -x ${package} ${directory}/unpacked RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "dpkg-deb could not unpack ${package}")
  endif()
  file(REMOVE ${packages})
  file(WRITE ${stamp} ${wanted})
endfunction()

set(_phonenumber ${DAOZHANG_DOWNLOADS}/libphonenumber)
_daozhang_fetch_phonenumber_headers(${_phonenumber})
find_package(Protobuf REQUIRED)
add_library(daozhang_phonenumber INTERFACE)
add_library(phonenumber::phonenumber ALIAS daozhang_phonenumber)
# Nothing but phonenumbers/ is in there, and the default threading headers are the ones that the runtime was built with.
target_include_directories(daozhang_phonenumber SYSTEM INTERFACE ${_phonenumber}/unpacked/usr/include)
target_link_libraries(daozhang_phonenumber INTERFACE ${DAOZHANG_PHONENUMBER_LIBRARY} protobuf::libprotobuf ICU::uc ICU::i18n)
