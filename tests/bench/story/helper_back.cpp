// SPDX-License-Identifier: Apache-2.0
// From kill -9 of a device's helper to the moment the kiosk may use the device again.
#include <QTest>
#include <chrono>

#include <catch2/catch.hpp>

#include "tests/bench/story/figures.h"
#include "tests/e2e/support/terminal.h"

using namespace guichet;
using namespace guichet::test;

TEST_CASE("bench: helper back", "[bench]")
{
    constexpr int kKills = 8;
    Terminal terminal;
    std::vector<double> back;
    for (int i = 0; i < kKills; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto losses = terminal.losses();
        terminal.world().killHelper(QStringLiteral("cardreader"));
        terminal.waitUntilBack(losses);
        back.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
    }
    bench::print("helper killed with -9 until its device is back", std::move(back));
}
