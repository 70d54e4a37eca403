# SPDX-License-Identifier: Apache-2.0
# House flags, and the four kinds of target the tree is made of.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(CCACHE ccache)
if(CCACHE) # the sloppiness is what ccache asks for where headers are precompiled
    set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
if(GUICHET_QT)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Scxml Svg)
endif()

# A designated initialiser may leave out what keeps its default: hence no warning about missing ones.
add_library(house_flags INTERFACE)
target_include_directories(house_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(house_flags INTERFACE _GLIBCXX_ASSERTIONS GUICHET_VERSION="${PROJECT_VERSION}")
target_compile_options(house_flags INTERFACE
    -pthread
    -fPIC # programs too, so that they can share precompiled headers with libraries
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual -Wcast-align -Wundef -Wimplicit-fallthrough
    -Wno-missing-field-initializers
    $<$<BOOL:${GUICHET_WERROR}>:-Werror>
    $<$<CONFIG:Release>:-fstack-protector-strong>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # GCC 12 warns wrongly about code that it has inlined or instrumented itself (GCC bugs 105329,
    # 105562); the sanitizers watch the same things at run time.
    target_compile_options(house_flags INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overflow
                                                 -Wno-array-bounds -Wno-stringop-overread)
    # Of a unity source GCC takes every included file for a header, whose anonymous namespaces it warns about.
    target_compile_options(house_flags INTERFACE -Wno-subobject-linkage)
    # The compiler collects its garbage from a gigabyte on, not from 128 MB: on a machine whose memory
    # is busy that alone halves the time of a build.
    target_compile_options(house_flags INTERFACE "SHELL:--param ggc-min-heapsize=1048576")
endif()
if(GUICHET_SANITIZE)
    target_compile_options(house_flags INTERFACE -fsanitize=${GUICHET_SANITIZE} -fno-omit-frame-pointer
                                                 -fno-sanitize-recover=undefined)
    target_link_options(house_flags INTERFACE -fsanitize=${GUICHET_SANITIZE})
endif()
if(GUICHET_FUZZ)
    target_compile_options(house_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
    target_link_options(house_flags INTERFACE -fsanitize=address,undefined)
endif()

# Libraries' headers that most sources include, compiled once per set of flags: plain, plain tests, Qt, Qt tests.
# The fuzz build goes without: it shows where an include is missing.
set(headers_plain <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional>
                  <string> <string_view> <thread> <utility> <vector> <tl/expected.hpp> <fmt/format.h>
                  <nlohmann/json.hpp> <spdlog/spdlog.h>)
set(headers_test ${headers_plain} <catch2/catch.hpp>)
set(headers_qt ${headers_plain} <QtCore> <QtGui> <QtWidgets>)
set(headers_qt_test ${headers_qt} <catch2/catch.hpp>)
function(guichet_headers name kind)
    if(GUICHET_FUZZ)
        return()
    endif()
    set(owner precompiled_${kind})
    set(faster)
    if(kind MATCHES test) # Catch's assertions cost GCC more to optimise than they cost to run
        set(faster $<$<AND:$<CONFIG:Debug>,$<CXX_COMPILER_ID:GNU>>:-O0>)
    endif()
    if(NOT TARGET ${owner})
        file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${owner}.cpp CONTENT "// The precompiled headers' owner.\n")
        add_library(${owner} OBJECT ${CMAKE_BINARY_DIR}/${owner}.cpp)
        target_link_libraries(${owner} PRIVATE house_flags fmt::fmt spdlog::spdlog)
        if(kind MATCHES qt)
            target_link_libraries(${owner} PRIVATE Qt6::Widgets)
            target_compile_definitions(${owner} PRIVATE ${strict_qt})
        endif()
        target_precompile_headers(${owner} PRIVATE ${headers_${kind}})
        target_compile_options(${owner} PUBLIC $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> PRIVATE ${faster})
    endif()
    target_compile_options(${name} PRIVATE ${faster})
    target_precompile_headers(${name} REUSE_FROM ${owner})
    target_link_libraries(${name} PRIVATE fmt::fmt spdlog::spdlog)
endfunction()

# What QT (windows) and QT_CORE (none) ask for.
function(guichet_qt_and_headers name qt qt_core)
    if(qt OR qt_core)
        guichet_qt(${name})
    endif()
    if(qt)
        guichet_headers(${name} qt)
    else()
        guichet_headers(${name} plain)
    endif()
endfunction()

# guichet_library(NAME SOURCES files... [PUBLIC targets...] [PRIVATE targets...] [QT | QT_CORE])
# A static library. With QT (windows) or QT_CORE (none) it is left out of Qt-free builds and
# gets moc and the strict Qt definitions.
function(guichet_library name)
    cmake_parse_arguments(arg "QT;QT_CORE" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    if((arg_QT OR arg_QT_CORE) AND NOT GUICHET_QT)
        return()
    endif()
    add_library(${name} STATIC ${arg_SOURCES})
    if(GUICHET_FUZZ) # only what a target links
        set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
    target_link_libraries(${name} PUBLIC house_flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    guichet_qt_and_headers(${name} ${arg_QT} ${arg_QT_CORE})
endfunction()

# guichet_program(NAME SOURCES files... [LINKS targets...] [QT | QT_CORE])   An executable in bin/.
function(guichet_program name)
    cmake_parse_arguments(arg "QT;QT_CORE" "" "SOURCES;LINKS" ${ARGN})
    if(GUICHET_FUZZ OR ((arg_QT OR arg_QT_CORE) AND NOT GUICHET_QT))
        return()
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE house_flags ${arg_LINKS})
    guichet_qt_and_headers(${name} ${arg_QT} ${arg_QT_CORE})
endfunction()

# guichet_test(NAME SOURCES files... [LINKS targets...] [LABELS labels...] [QT])
# One Catch2 program, one ctest entry per test case. tests/support/main.cpp is linked in.
# Labels: unit (no clock, no file), sim, db, gui, e2e; media (threads of GLib, which ThreadSanitizer cannot follow).
# Default: unit. SINGLE_THREADED: neither the code nor its test knows threads, so ThreadSanitizer has nothing to find.
function(guichet_test name)
    cmake_parse_arguments(arg "QT;SINGLE_THREADED" "TIMEOUT" "SOURCES;LINKS;LABELS;ENVIRONMENT" ${ARGN})
    if(GUICHET_FUZZ OR (arg_QT AND NOT GUICHET_QT))
        return()
    endif()
    if(GUICHET_SANITIZE STREQUAL "thread" AND (arg_SINGLE_THREADED OR "media" IN_LIST arg_LABELS))
        return()
    endif()
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    find_package(Catch2 2.13 REQUIRED)
    include(Catch)
    add_executable(${name} ${arg_SOURCES})
    if(arg_QT)
        target_link_libraries(${name} PRIVATE qt_test_main)
        guichet_qt(${name})
        guichet_headers(${name} qt_test)
    else()
        target_link_libraries(${name} PRIVATE test_main)
        guichet_headers(${name} test)
    endif()
    target_link_libraries(${name} PRIVATE house_flags Catch2::Catch2 ${arg_LINKS})
    target_compile_definitions(${name} PRIVATE
        GUICHET_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data" GUICHET_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
        GUICHET_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    set(environment ${arg_ENVIRONMENT})
    if(arg_QT) # Qt and fontconfig keep what they allocate once
        list(APPEND environment QT_QPA_PLATFORM=offscreen ASAN_OPTIONS=detect_leaks=0)
    endif()
    catch_discover_tests(${name} TEST_PREFIX "${name}: " DISCOVERY_MODE PRE_TEST
        PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} ENVIRONMENT "${environment}"
                   SKIP_RETURN_CODE 77)
endfunction()

# guichet_e2e(NAME SOURCES files... LINKS targets... [CARDS_ONLY])
# One Catch2 program on real parts; one ctest entry per test case, each in a world of its own
# (tests/support/in-world). Its name is the first string of TEST_CASE. CARDS_ONLY: it starts none of our programs.
function(guichet_e2e name)
    cmake_parse_arguments(arg "CARDS_ONLY" "" "SOURCES;LINKS" ${ARGN})
    if(NOT GUICHET_QT OR GUICHET_FUZZ)
        return()
    endif()
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE qt_test_main house_flags ${arg_LINKS})
    guichet_qt(${name})
    guichet_headers(${name} qt_test)
    if(NOT arg_CARDS_ONLY)
        add_dependencies(${name} guichet-call guichet-evidence guichet-hub guichet-devices guichet-diag guichet-sandbox-bank guichet-virtual-devices)
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${arg_SOURCES})
    foreach(source IN LISTS arg_SOURCES)
        file(STRINGS ${source} cases REGEX "^TEST_CASE\\(\"")
        file(STRINGS ${source} browser REGEX "support/browser.h|story/call_steps.h")
        foreach(case IN LISTS cases)
            string(REGEX REPLACE "^TEST_CASE\\(\"([^\"]*)\".*" "\\1" case "${case}")
            string(REPLACE "," "\\," filter "${case}")
            add_test(NAME "${name}: ${case}"
                     COMMAND ${CMAKE_SOURCE_DIR}/tests/support/in-world $<TARGET_FILE:${name}> -w NoTests "${filter}*")
            set_tests_properties("${name}: ${case}" PROPERTIES LABELS e2e TIMEOUT 300 SKIP_RETURN_CODE 77
                                 RESOURCE_LOCK world COST 100 # one at a time, the first of all: they wait more than they work
                                 ENVIRONMENT "QT_QPA_PLATFORM=xcb;ASAN_OPTIONS=detect_leaks=0")
            if(browser) # it draws in software: beside another test a step took a minute
                set_tests_properties("${name}: ${case}" PROPERTIES PROCESSORS 2)
            endif()
        endforeach()
    endforeach()
endfunction()

# guichet_fuzz(NAME SOURCE file [LINKS targets...] [CORPUS folder])
# A libFuzzer target, run for 10 s (GUICHET_FUZZ_SECONDS) by ctest and seeded from tests/data/CORPUS.
set(GUICHET_FUZZ_SECONDS 10 CACHE STRING "Seconds each fuzz target runs under ctest")
function(guichet_fuzz name)
    cmake_parse_arguments(arg "" "SOURCE;CORPUS" "LINKS" ${ARGN})
    add_executable(${name} ${arg_SOURCE})
    target_link_libraries(${name} PRIVATE house_flags ${arg_LINKS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(work ${CMAKE_BINARY_DIR}/corpus/${name})
    file(MAKE_DIRECTORY ${work})
    set(seeds)
    if(arg_CORPUS)
        set(seeds ${CMAKE_SOURCE_DIR}/tests/data/${arg_CORPUS})
    endif()
    add_test(NAME ${name} COMMAND ${name} -max_total_time=${GUICHET_FUZZ_SECONDS} -timeout=5
                                  -rss_limit_mb=2048 ${work} ${seeds})
    set_tests_properties(${name} PROPERTIES LABELS fuzz)
endfunction()

set(strict_qt QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
              QT_STRICT_ITERATORS)
function(guichet_qt name)
    set_target_properties(${name} PROPERTIES AUTOMOC ON AUTORCC ON)
    target_compile_definitions(${name} PRIVATE ${strict_qt})
endfunction()
