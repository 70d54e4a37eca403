// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/private_memory.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <unistd.h>

TEST_CASE("private memory: nobody may dump a process that keeps it", "[host]")
{
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const bool kept = guichet::host::keepMemoryPrivate().has_value();
        std::_Exit(kept && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
    }
    int status = 1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}
