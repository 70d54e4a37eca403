// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shell.h"

#include <array>
#include <cstdio>

#include <sys/wait.h>

#include <catch2/catch.hpp>

namespace guichet::test {

Ran run(const std::string& commandLine)
{
    Ran result;
    std::FILE* pipe = ::popen((commandLine + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> part{};
    for (std::size_t count = 0; (count = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
        result.output.append(part.data(), count);
    }
    const int ended = ::pclose(pipe);
    result.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return result;
}

} // namespace guichet::test
