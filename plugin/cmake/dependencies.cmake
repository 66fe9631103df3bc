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
if(PODCHECK_STATIC AND PODCHECK_DEPS STREQUAL "SYSTEM")
  # The imported target is the shared library although the package has the archive, too.
  find_library(PODCHECK_YAML_ARCHIVE libyaml-cpp.a REQUIRED)
  target_link_libraries(podcheck_dep_yaml INTERFACE ${PODCHECK_YAML_ARCHIVE})
else()
  target_link_libraries(podcheck_dep_yaml INTERFACE
    $<IF:$<TARGET_EXISTS:yaml-cpp::yaml-cpp>,yaml-cpp::yaml-cpp,yaml-cpp>)
endif()
add_library(podcheck_dep_zstd INTERFACE)
target_link_libraries(podcheck_dep_zstd INTERFACE
  $<IF:$<BOOL:${PODCHECK_STATIC}>,zstd::libzstd_static,zstd::libzstd_shared>)
add_library(podcheck_dep_fmt INTERFACE)
target_link_libraries(podcheck_dep_fmt INTERFACE $<IF:$<BOOL:${PODCHECK_STATIC}>,fmt::fmt-header-only,fmt::fmt>)
add_library(podcheck_dep_simdjson INTERFACE)
set(PODCHECK_SIMDJSON_SOURCE "" CACHE PATH "Folder with simdjson.h and simdjson.cpp; Debian packages no static library")
if(PODCHECK_SIMDJSON_SOURCE)
  add_library(podcheck_simdjson STATIC ${PODCHECK_SIMDJSON_SOURCE}/simdjson.cpp)
  # Haswell's is the one that today's machines use; the fallback serves all others.
  target_compile_definitions(podcheck_simdjson PRIVATE SIMDJSON_IMPLEMENTATION_ICELAKE=0 SIMDJSON_IMPLEMENTATION_WESTMERE=0)
  target_include_directories(podcheck_simdjson SYSTEM PUBLIC ${PODCHECK_SIMDJSON_SOURCE})
  target_link_libraries(podcheck_dep_simdjson INTERFACE podcheck_simdjson)
else()
  target_link_libraries(podcheck_dep_simdjson INTERFACE simdjson::simdjson)
endif()
find_package(Threads REQUIRED)
