// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/story/figures.h"

#include <algorithm>
#include <cstdio>

#include <sys/resource.h>

#include <nlohmann/json.hpp>

namespace guichet::bench {

void print(const std::string& name, std::vector<double> milliseconds)
{
    std::ranges::sort(milliseconds);
    const auto at = [&](std::size_t percent) {
        return milliseconds[(milliseconds.size() - 1) * percent / 100];
    };
    const nlohmann::json line{
        {"name", name}, {"p50_ms", at(50)}, {"p99_ms", at(99)}, {"count", milliseconds.size()}};
    std::puts(line.dump().c_str());
    std::fflush(stdout);
}

void printMemory(const std::string& name)
{
    constexpr double kKibPerMib = 1024;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const nlohmann::json line{{"name", name},
                              {"mib", static_cast<double>(usage.ru_maxrss) / kKibPerMib}};
    std::puts(line.dump().c_str());
    std::fflush(stdout);
}

} // namespace guichet::bench
