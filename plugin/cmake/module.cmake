# One folder is one module: a static library, and a test program beside it.
# DEPENDS is the only way for a module to see another, so the arrows of docs/architecture.md are enforced by the linker
# and by the include path.

add_library(podcheck_flags INTERFACE)
target_compile_options(podcheck_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wextra-semi)
target_include_directories(podcheck_flags INTERFACE ${PROJECT_SOURCE_DIR}/plugin)
target_compile_definitions(podcheck_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_GLIBCXX_ASSERTIONS>)
if(PODCHECK_WARNINGS_AS_ERRORS)
  target_compile_options(podcheck_flags INTERFACE -Werror)
endif()
if(PODCHECK_SANITIZE)
  target_compile_options(podcheck_flags INTERFACE -fsanitize=${PODCHECK_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(podcheck_flags INTERFACE -fsanitize=${PODCHECK_SANITIZE})
endif()
if(PODCHECK_STATIC)
  # No path of the machine in the binary, and no part that nothing uses.
  target_compile_options(podcheck_flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffunction-sections -fdata-sections)
  target_link_options(podcheck_flags INTERFACE -static -Wl,--gc-sections -s)
  # Identical functions once: templates make many, and no function's address is compared here. By lld: with gold's
  # folding some checks no longer found anything.
  include(CheckLinkerFlag)
  check_linker_flag(CXX "-fuse-ld=lld;-Wl,--icf=all" PODCHECK_FOLDS)
  if(PODCHECK_FOLDS)
    target_link_options(podcheck_flags INTERFACE
      -fuse-ld=lld -Wl,--icf=all -Wl,-O2 -Wl,-z,noseparate-code -Wl,--build-id=none)
  endif()
endif()
if(PODCHECK_FUZZ)
  target_compile_options(podcheck_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Compiler caches cannot look into precompiled headers, so the two exclude each other.
if(CMAKE_CXX_COMPILER_LAUNCHER)
  set(precompile_default OFF)
else()
  set(precompile_default ON)
endif()
option(PODCHECK_PRECOMPILE "Precompile the standard headers" ${precompile_default})
# One precompiled header serves every target: they differ in definitions that the standard headers do not look at.
if(PODCHECK_PRECOMPILE)
  add_library(podcheck_precompiled OBJECT ${PROJECT_SOURCE_DIR}/plugin/cmake/precompiled.cpp)
  target_link_libraries(podcheck_precompiled PRIVATE podcheck_flags)
  target_precompile_headers(podcheck_precompiled PRIVATE ${PROJECT_SOURCE_DIR}/plugin/cmake/common.hpp)
endif()
function(podcheck_precompile target)
  if(PODCHECK_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM podcheck_precompiled)
  endif()
endfunction()

# doctest itself and the entry of every test program, compiled once.
if(PODCHECK_TESTS)
  add_library(podcheck_test_main OBJECT ${PROJECT_SOURCE_DIR}/plugin/test_main.cpp)
  target_link_libraries(podcheck_test_main PUBLIC podcheck_flags doctest::doctest)
endif()

# podcheck_module(NAME SOURCES ... TESTS ... DEPENDS ... LIBRARIES ...)
#   DEPENDS    other modules by name, e.g. document kube
#   LIBRARIES  third-party targets
function(podcheck_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;DEPENDS;LIBRARIES;TEST_DEPENDS;TEST_LIBRARIES" ${ARGN})
  list(TRANSFORM ARG_DEPENDS PREPEND podcheck_)
  list(TRANSFORM ARG_TEST_DEPENDS PREPEND podcheck_)
  if(ARG_SOURCES)
    add_library(podcheck_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(podcheck_${name} PUBLIC podcheck_flags ${ARG_DEPENDS} ${ARG_LIBRARIES})
    podcheck_precompile(podcheck_${name})
  else()
    add_library(podcheck_${name} INTERFACE)
    target_link_libraries(podcheck_${name} INTERFACE podcheck_flags ${ARG_DEPENDS} ${ARG_LIBRARIES})
  endif()
  if(PODCHECK_TESTS AND ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE
      podcheck_${name} ${ARG_TEST_DEPENDS} ${ARG_TEST_LIBRARIES} podcheck_test_main)
    target_compile_definitions(${name}_test PRIVATE
      PODCHECK_SOURCE_DIR="${PROJECT_SOURCE_DIR}" DOCTEST_CONFIG_SUPER_FAST_ASSERTS)
    podcheck_precompile(${name}_test)
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()
