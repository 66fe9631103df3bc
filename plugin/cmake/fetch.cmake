# PODCHECK_DEPS=FETCH: pinned sources, verified by hash, for systems that do not package the libraries.
include(FetchContent)
set(FETCHCONTENT_QUIET ON)

function(podcheck_fetch name url sha256)
  FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${sha256} SYSTEM ${ARGN})
endfunction()

set(YAML_CPP_BUILD_TESTS OFF CACHE BOOL "" FORCE)
set(YAML_CPP_BUILD_TOOLS OFF CACHE BOOL "" FORCE)
set(CXXOPTS_BUILD_EXAMPLES OFF CACHE BOOL "" FORCE)
set(CXXOPTS_BUILD_TESTS OFF CACHE BOOL "" FORCE)
set(SIMDJSON_DEVELOPER_MODE OFF CACHE BOOL "" FORCE)
set(ZSTD_BUILD_PROGRAMS OFF CACHE BOOL "" FORCE)
set(ZSTD_BUILD_SHARED OFF CACHE BOOL "" FORCE)
set(valijson_BUILD_TESTS OFF CACHE BOOL "" FORCE)
set(DOCTEST_WITH_TESTS OFF CACHE BOOL "" FORCE)
set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)

podcheck_fetch(yaml-cpp https://github.com/jbeder/yaml-cpp/archive/refs/tags/0.8.0.tar.gz
  fbe74bbdcee21d656715688706da3c8becfd946d92cd44705cc6098bb23b3a16)
podcheck_fetch(fmt https://github.com/fmtlib/fmt/archive/refs/tags/9.1.0.tar.gz
  5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2)
podcheck_fetch(cxxopts https://github.com/jarro2783/cxxopts/archive/refs/tags/v3.1.1.tar.gz
  523175f792eb0ff04f9e653c90746c12655f10cb70f1d5e6d6d9491420298a08)
podcheck_fetch(simdjson https://github.com/simdjson/simdjson/archive/v3.0.1.tar.gz
  156b1bc5eb0561b2bd166b46d191fd3d95a3e709cc63761477d3b7aec2b6e9ed)
podcheck_fetch(zstd https://github.com/facebook/zstd/releases/download/v1.5.5/zstd-1.5.5.tar.gz
  9c4396cc829cfae319a6e2615202e82aad41372073482fce286fac78646d3ee4 SOURCE_SUBDIR build/cmake)
podcheck_fetch(valijson https://github.com/tristanpenman/valijson/archive/v1.0.5.tar.gz
  1ef7ea6f49f0eb59da131b9148fcb7ebb8f0d4d970bcd80d21c0ad77968eb619)
FetchContent_MakeAvailable(yaml-cpp fmt cxxopts simdjson zstd valijson)
if(PODCHECK_TESTS)
  podcheck_fetch(doctest https://github.com/doctest/doctest/archive/v2.4.9.tar.gz
    19b2df757f2f3703a5e63cee553d85596875f06d91a3333acd80a969ef210856)
  FetchContent_MakeAvailable(doctest)
endif()

# The names that the packages give, where the sources' own differ.
if(TARGET ValiJSON::valijson AND NOT TARGET valijson)
  add_library(valijson ALIAS ValiJSON::valijson)
endif()
if(NOT TARGET zstd::libzstd_static)
  add_library(podcheck_zstd INTERFACE)
  target_link_libraries(podcheck_zstd INTERFACE libzstd_static)
  target_include_directories(podcheck_zstd SYSTEM INTERFACE ${zstd_SOURCE_DIR}/lib)
  add_library(zstd::libzstd_static ALIAS podcheck_zstd)
  add_library(zstd::libzstd_shared ALIAS podcheck_zstd)
endif()
