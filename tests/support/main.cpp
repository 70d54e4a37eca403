// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

int main(int count, char* words[])
{
    // Before any thread: the library is not instrumented, so ThreadSanitizer cannot see that what
    // the first line of the log makes is made once.
    spdlog::default_logger_raw()->flush();
    return Catch::Session().run(count, words);
}
