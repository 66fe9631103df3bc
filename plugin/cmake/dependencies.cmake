# Every third-party library, declared once. CONTRIBUTING.md gives the reason for each.
if(PODCHECK_DEPS STREQUAL "FETCH")
  include(plugin/cmake/fetch.cmake)
else()
  find_package(yaml-cpp REQUIRED CONFIG)
  find_package(fmt REQUIRED CONFIG)
  find_package(cxxopts REQUIRED CONFIG)
  find_package(simdjson REQUIRED CONFIG)
  find_package(zstd REQUIRED CONFIG)
  find_package(valijson REQUIRED CONFIG) # 1.0 ships no version file: ask for none
  if(PODCHECK_TESTS)
    find_package(doctest REQUIRED CONFIG)
  endif()
endif()

# The names of these targets differ between versions; the rest of the build knows only podcheck_dep_*.
add_library(podcheck_dep_yaml INTERFACE)
target_link_libraries(podcheck_dep_yaml INTERFACE $<IF:$<TARGET_EXISTS:yaml-cpp::yaml-cpp>,yaml-cpp::yaml-cpp,yaml-cpp>)
add_library(podcheck_dep_zstd INTERFACE)
target_link_libraries(podcheck_dep_zstd INTERFACE
  $<IF:$<BOOL:${PODCHECK_STATIC}>,zstd::libzstd_static,zstd::libzstd_shared>)
add_library(podcheck_dep_fmt INTERFACE)
target_link_libraries(podcheck_dep_fmt INTERFACE $<IF:$<BOOL:${PODCHECK_STATIC}>,fmt::fmt-header-only,fmt::fmt>)
add_library(podcheck_dep_simdjson INTERFACE)
target_link_libraries(podcheck_dep_simdjson INTERFACE simdjson::simdjson)
find_package(Threads REQUIRED)
